/**
 * `knetsim reach` as a user runs it, most of it without a process of its own. Expected matrices were
 * derived by hand from the manifests.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inProcess } from './testing/in-process.ts';
import { type Ended, emptyFolder, knetsim } from './testing/knetsim.ts';

/** For machines that have other things to do. */
const patience = { timeout: 120_000 };
const shop = fileURLToPath(new URL('reach/testing/shop.yaml', import.meta.url));

interface ProbeJson {
  readonly from: { readonly namespace: string | null; readonly name: string };
  readonly to: { readonly namespace: string | null; readonly name: string };
  readonly port: number;
  readonly protocol: string;
  readonly verdict: string;
}

const reach = (...argv: readonly string[]) => inProcess(['reach', ...argv]);

/** Lines without the folder of the manifests. */
function lines(stdout: string): string[] {
  return stdout.trimEnd().replaceAll(shop, 'shop.yaml').split('\n');
}

describe('the matrix', patience, () => {
  it('has a row for sources alike, a column for ports alike, and the share of pairs below', async () => {
    const { code, stdout, stderr } = await reach(shop);
    expect(code).toBe(0);
    expect(lines(stdout)).toEqual([
      ' from \\ to          1  2  3',
      ' A (2 alike)        ✔  ✘  ✔',
      ' kube-system/agent  ✔  ~  ~',
      ' shop/web           ✔  ✔  ✘',
      '',
      ' ✔ allowed   ✘ denied   ~ only between a pod and its own node   (each reaches itself)',
      '',
      ' A  batch/job, shop/cart',
      '',
      ' 1  kube-system/agent:9100, shop/web:53/UDP,80',
      ' 2  shop/cart:7070',
      ' 3  shop/cart:9090',
      '',
      ' no container port: batch/job',
      ' reachable pairs: 9 of 12 (75.0%), ordered pairs of pods',
    ]);
    expect(stderr).toMatch(/not used: 1 ServiceAccount/);
  });

  it('is plain ASCII on request, and one sentence under --quiet', async () => {
    const { stdout } = await reach(shop, '--ascii');
    expect(stdout).toMatch(/^ A \(2 alike\) +\+ {2}x {2}\+$/m);
    expect(stdout).not.toMatch(/[^\n -~]/);
    const quiet = await reach(shop, '--quiet');
    expect(quiet.stdout).toBe(' reachable pairs: 9 of 12 (75.0%), ordered pairs of pods\n');
    expect(quiet.stderr).toBe('');
  });

  it('says even under --quiet which policies it does not read', async () => {
    const file = join(emptyFolder(), 'other.yaml');
    const other = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: c }';
    writeFileSync(file, `${readFileSync(shop, 'utf8')}\n---\n${other}\n`);
    const { stderr } = await reach(file, '--quiet');
    expect(stderr).toContain('1 CiliumNetworkPolicy');
    expect(stderr).not.toContain('ServiceAccount');
  });

  it('takes nodes, outside addresses and ports as asked', async () => {
    const { stdout } = await reach(
      ...[shop, '--nodes', '--external', '203.0.113.7', '--ports', '9090,53/udp', '--json'],
    );
    const { probes } = JSON.parse(stdout) as { probes: readonly ProbeJson[] };
    expect(probes.length).toBe(7 * 7 * 2);
    const verdict = (from: string, to: string, port: number) =>
      probes.find((one) => one.from.name === from && one.to.name === to && one.port === port)!
        .verdict;
    expect(verdict('n2', 'cart', 9090)).toBe('allowed');
    expect(verdict('n1', 'cart', 9090)).toBe('denied');
    expect(verdict('203.0.113.7', 'cart', 9090)).toBe('denied');
    expect(verdict('203.0.113.7', 'web', 53)).toBe('allowed');
    expect(verdict('job', '203.0.113.7', 53)).toBe('denied');
  });

  it('reads policies as an engine does, and says what differs and where that is written', async () => {
    const cilium = await reach(shop, '--engine', 'cilium', '--json');
    const { probes } = JSON.parse(cilium.stdout) as { probes: readonly ProbeJson[] };
    const metrics = probes.find(({ from, port }) => from.name === 'job' && port === 9090);
    expect(metrics!.verdict).toBe('denied');
    expect(cilium.stderr).toMatch(/^engine cilium: Cilium: an ipBlock matches no pod \[.+\]/m);
    const flannel = await reach(shop, '--engine', 'flannel');
    expect(flannel.stdout).toContain('reachable pairs: 9 of 12');
    expect(flannel.stdout).not.toContain('✘');
  });

  it('is cut into blocks of columns that fit 80 characters or what the text takes', async () => {
    const file = join(emptyFolder(), 'many.yaml');
    const pods = Array.from({ length: 60 }, (_, at) =>
      [
        'apiVersion: v1\nkind: Pod',
        `metadata: { name: p${at}, labels: { app: p${at} } }`,
        'spec: { containers: [{ name: c, ports: [{ containerPort: 80 }] }] }',
        `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p${at} }`,
        `spec: { podSelector: { matchLabels: { app: p${at} } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: p${(at + 1) % 60} } } }] }] }`,
      ].join('\n'),
    );
    writeFileSync(file, pods.join('\n---\n'));
    const { stdout } = await reach(file);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(stdout.match(/from \\ to/g)!.length).toBeGreaterThan(1);
    expect(stdout).toContain('reachable pairs: 60 of 3540');
  });
});

describe('a cluster too large for a matrix of pods', patience, () => {
  it('is drawn by namespaces, with the percent of pairs that may talk', async () => {
    const file = join(emptyFolder(), 'large.yaml');
    const pod = (namespace: string, at: number) =>
      [
        'apiVersion: v1\nkind: Pod',
        `metadata: { name: p${at}, namespace: ${namespace}, labels: { app: p${at} } }`,
        'spec: { containers: [{ name: c, ports: [{ containerPort: 80 }] }] }',
        `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p${at}, namespace: ${namespace} }`,
        `spec: { podSelector: { matchLabels: { app: p${at} } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: p${(at + 1) % 64} } } }] }] }`,
      ].join('\n');
    const numbers = Array.from({ length: 64 }, (_, at) => at);
    const pods = numbers.flatMap((at) => [pod('a', at), pod('b', at)]);
    writeFileSync(file, pods.slice(0, -1).join('\n---\n'));
    const { code, stdout } = await reach(file);
    expect(code).toBe(0);
    // Each pod admits the next of its namespace; in b, one next is missing, and what it admits.
    expect(lines(stdout).slice(0, 5)).toEqual([
      ' 127 sources, 127 destination ports: too many kinds to draw, so by namespace',
      '',
      ' % from \\ to   1   2',
      ' 1  a (64)     2   0',
      ' 2  b (63)     0   2',
    ]);
    expect(stdout).toContain('--from NAMESPACE/NAME');
    expect(stdout).toContain('reachable pairs: 126 of 16002 (0.8%)');
  });
});

describe('the walk-through', patience, () => {
  it('names for each direction what decided, what in it matched, and where it stands', async () => {
    const { code, stdout } = await reach(shop, '--from', 'shop/web', '--to', 'shop/cart:7070/TCP');
    expect(code).toBe(0);
    expect(lines(stdout)).toEqual([
      ' ALLOWED  shop/web -> shop/cart:7070/TCP',
      '  egress   shop/web    allowed: no policy selects it for egress',
      '  ingress  shop/cart   allowed by NetworkPolicy shop/cart   ingress[0] (podSelector app=web, TCP grpc)   shop.yaml:64',
    ]);
  });

  it('says of a denial which rules come nearest and what they lack, and returns 0', async () => {
    const { code, stdout } = await reach(shop, '--from', 'web', '--to', 'shop/cart:9090');
    expect(code).toBe(0);
    expect(lines(stdout)).toEqual([
      ' DENIED  shop/web -> shop/cart:9090/TCP',
      '  egress   shop/web    allowed: no policy selects it for egress',
      '  ingress  shop/cart   denied: 1 policy isolates it for ingress, and none of its rules admits this',
      '             NetworkPolicy shop/cart   ingress[0] (podSelector app=web, TCP grpc): peer matches, port does not   shop.yaml:64',
      '             NetworkPolicy shop/cart   ingress[1] (ipBlock 10.1.0.0/16 except 10.1.0.1/32, TCP 9000-9100): port matches, peer does not   shop.yaml:66',
      '             shop/web has app=web, at 10.1.0.1; its namespace has kubernetes.io/metadata.name=shop',
    ]);
  });

  it('knows tiers, own nodes, host networks, outside addresses and a pod’s way to itself', async () => {
    const ask = async (from: string, to: string) =>
      (await reach(shop, '--from', from, '--to', to)).stdout;
    const tier = await ask('batch/job', '203.0.113.7:443');
    const own = await ask('node/n2', 'shop/cart:7070');
    const host = await ask('kube-system/agent', 'shop/web:80');
    const itself = await ask('shop/cart', 'shop/cart:1');
    expect(tier).toContain('denied by ClusterNetworkPolicy keep-in   egress[0] ("outside": ');
    expect(tier).toContain('tier Admin, priority 5: decides before any NetworkPolicy');
    expect(tier).toContain('outside the cluster, where no policy applies');
    expect(own).toContain('own node is always admitted');
    expect(host).toContain('host network, it acts as its node: no policy applies');
    expect(itself).toContain('a pod always reaches itself');
  });

  it('translates a Service to its pods and their ports, and says so', async () => {
    for (const to of ['service/shop/basket:80', 'shop/basket', 'svc/basket:grpc']) {
      const { stdout } = await reach(shop, '--from', 'shop/web', '--to', to);
      expect(stdout).toContain(
        'service shop/basket is translated first; policies see shop/cart:7070',
      );
      expect(stdout).toContain('ALLOWED  shop/web -> shop/cart:7070/TCP');
    }
    const wrong = await reach(shop, '--from', 'shop/web', '--to', 'shop/basket:81');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('its ports: 80');
  });

  it('takes an address inside for the pod or node that has it', async () => {
    const pod = await reach(shop, '--from', '10.1.0.1', '--to', '10.1.0.2:7070');
    expect(pod.stdout).toContain('ALLOWED  shop/web -> shop/cart:7070/TCP');
    const node = await reach(shop, '--from', '10.1.0.1', '--to', '10.0.0.2:22');
    expect(node.stdout).toContain('shop/web -> node/n2:22/TCP');
  });
});

describe('JSON', patience, () => {
  it('of a connection has both directions with all that decided them', async () => {
    const { stdout } = await reach(shop, '--from', 'shop/web', '--to', 'shop/cart', '--json');
    const document = JSON.parse(stdout) as { probes: unknown };
    const from = { kind: 'pod', namespace: 'shop', name: 'web', ip: '10.1.0.1' };
    const to = { kind: 'pod', namespace: 'shop', name: 'cart', ip: '10.1.0.2' };
    const egress = { verdict: 'allowed', by: [] };
    expect(document.probes).toMatchObject([
      {
        ...{ from, to, port: 7070, protocol: 'TCP', verdict: 'allowed', egress },
        ingress: { verdict: 'allowed', by: ['shop/cart ingress[0]'] },
      },
      {
        ...{ from, to, port: 9090, protocol: 'TCP', verdict: 'denied', egress },
        ingress: { verdict: 'denied', by: ['shop/cart ingress'] },
      },
    ]);
  });

  it('tells workloads of one name apart by their kind, and pods from both', async () => {
    const file = join(emptyFolder(), 'alike.yaml');
    const pod =
      'metadata: { labels: { app: web } }, spec: { containers: [{ name: c, image: i, ports: [{ containerPort: 80 }] }] }';
    const spec = `spec: { selector: { matchLabels: { app: web } }, template: { ${pod} } }`;
    const workload = (kind: string) =>
      `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: web }\n${spec}`;
    const single = `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: c, image: i }] }`;
    writeFileSync(file, [workload('Deployment'), workload('DaemonSet'), single].join('\n---\n'));
    const { stdout } = await reach(file, '--json');
    const { probes } = JSON.parse(stdout) as { probes: { from: { workload?: string } }[] };
    const kinds = new Set(probes.map(({ from }) => from.workload));
    expect(kinds).toEqual(new Set(['Deployment', 'DaemonSet', undefined]));
  });

  it('names what passed a connection on before it was decided', async () => {
    const file = join(emptyFolder(), 'passed.yaml');
    const text = readFileSync(shop, 'utf8');
    writeFileSync(file, text.replace('action: Deny', 'action: Pass'));
    const argv = [file, '--from', 'batch/job', '--to', '203.0.113.7:443'];
    const json = await reach(...argv, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      probes: [{ egress: { passed: ['ClusterNetworkPolicy/keep-in egress[0]'] } }],
    });
    expect((await reach(...argv)).stdout).toContain('passed on by ClusterNetworkPolicy keep-in');
  });

  it('flags cluster policies of one priority that contradict each other', async () => {
    const file = join(emptyFolder(), 'tie.yaml');
    const text = readFileSync(shop, 'utf8');
    const policy = text.slice(text.lastIndexOf('---'));
    const tie = policy.replace('keep-in', 'let-out').replace('Deny', 'Accept');
    writeFileSync(file, `${text}${tie}`);
    const argv = [file, '--external', '203.0.113.7'];
    const json = await reach(...argv, '--json');
    const table = await reach(...argv);
    expect(JSON.parse(json.stdout)).toMatchObject({
      contradictions: [
        {
          policies: ['ClusterNetworkPolicy/keep-in', 'ClusterNetworkPolicy/let-out'],
          ...{ tier: 'Admin', priority: 5, direction: 'egress', actions: ['Deny', 'Accept'] },
        },
      ],
    });
    expect(table.stdout).toContain('undefined by the API: ClusterNetworkPolicy keep-in (Deny)');
  });
});

describe('two inputs', patience, () => {
  const open = () => {
    const file = join(emptyFolder(), 'after.yaml');
    writeFileSync(
      file,
      readFileSync(shop, 'utf8').replaceAll('app: web } } }]', 'app: job } } }]'),
    );
    return file;
  };

  it('are before and after: what opens, what closes, and what decides now', async () => {
    // The rule now asks for app=job in namespace shop, which nobody is.
    const { code, stdout } = await reach(shop, open());
    expect(code).toBe(0);
    expect(lines(stdout)).toEqual([
      ' OPENS 0  CLOSES 1   connections; reachable pairs 75.0% → 66.7%',
      '',
      ' closes',
      '  to    shop/cart:7070',
      '  from  shop/web',
      '        ingress now denied by shop/cart ingress',
    ]);
  });

  it('are a document under --json', async () => {
    const { stdout } = await reach(open(), shop, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      opens: [
        {
          from: { name: 'web' },
          to: { name: 'cart' },
          ...{ port: 7070, verdict: 'allowed', before: { verdict: 'denied' } },
        },
      ],
      closes: [],
      onlyBefore: [],
      onlyAfter: [],
      reachablePairs: { before: 8 / 12, after: 9 / 12 },
    });
  });

  it('share what --with names, and a side without pods is explained', async () => {
    const folder = emptyFolder();
    const text = readFileSync(shop, 'utf8');
    const cut = text.indexOf('apiVersion: networking');
    const [pods, before, after] = ['pods', 'before', 'after'].map((name) =>
      join(folder, `${name}.yaml`),
    ) as [string, string, string];
    writeFileSync(pods, text.slice(0, cut));
    writeFileSync(before, text.slice(cut));
    writeFileSync(after, text.slice(text.lastIndexOf('---')));
    const shared = await reach(before, after, '--with', pods);
    // From job to 7070 and from web to 9090: agent is on cart's node, and was always admitted.
    expect(shared.stdout).toMatch(/OPENS 2 {2}CLOSES 0/);
    expect((await reach(pods, '--with', before)).stdout).toBe((await reach(shop)).stdout);
    const apart = await reach(pods, before);
    expect(apart.code).toBe(2);
    expect(apart.stderr).toContain(`knetsim reach ${pods} --with ${before}`);
  });
});

describe('mistakes', patience, () => {
  it('on the command line return 2 with the nearest name', async () => {
    const mistakes = [
      [shop, '--from', 'shop/wbe', '--to', 'shop/cart'],
      [shop, '--from', 'shop/web', '--to', 'shop/crat'],
      [shop, '--from', 'shop/web:80', '--to', 'shop/cart'],
      [shop, '--from', 'shop/web', '--to', 'batch/job'],
      [shop, '--from', 'shop/web', '--to', 'shop/cart:70707'],
      [shop, '--ports', 'http'],
      [shop, '--external', '300.1.1.1'],
      [shop, '--engine', 'celium'],
      [shop, shop, shop],
      ['missing.yaml'],
    ];
    const all: Ended[] = [];
    for (const argv of mistakes) all.push(await reach(...argv));
    expect(all.map(({ code, stdout }) => ({ code, stdout }))).toEqual(
      all.map(() => ({ code: 2, stdout: '' })),
    );
    const told = all.map(({ stderr }) => stderr);
    expect(told[0]).toContain('did you mean shop/web?');
    expect(told[1]).toContain('did you mean shop/cart?');
    expect(told[3]).toContain('batch/job:80');
    expect(told[8]).toContain('--with');
  });

  it('in the input return 3, with their place, and print no answer', async () => {
    const file = join(emptyFolder(), 'wrong.yaml');
    writeFileSync(file, readFileSync(shop, 'utf8').replace('endPort: 9100', 'endPort: 8000'));
    const { code, stdout, stderr } = await reach(file, '--json');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/wrong\.yaml:\d+:\d+/);
  });
});

describe('the process', { ...patience, concurrent: true }, () => {
  it('answers on stdout alone, under the names of the environment too', async () => {
    const { code, stdout, stderr } = await knetsim(['reach', '-'], {
      input: readFileSync(shop, 'utf8'),
      env: { KNETSIM_JSON: '1', KNETSIM_FROM: 'shop/web', KNETSIM_TO: 'shop/cart:7070' },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ probes: [{ verdict: 'allowed' }] });
    expect(stderr).toBe('not used: 1 ServiceAccount (no verdict depends on it)\n');
  });

  it('returns 2 for a mistake on the command line', async () => {
    const { code, stdout, stderr } = await knetsim(['reach', shop, '--from', 'shop/wbe']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('did you mean shop/web?');
  });

  it('returns 3 for a mistake in the input', async () => {
    const input = readFileSync(shop, 'utf8').replace('endPort: 9100', 'endPort: 8000');
    const { code, stdout, stderr } = await knetsim(['reach', '-', '--json'], { input });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/<stdin>:\d+:\d+/);
  });
});
