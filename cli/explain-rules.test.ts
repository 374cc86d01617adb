/**
 * `knetsim explain rules` as a user runs it, most of it without a process of its own. Counts are the worked examples of the
 * fact sheet.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inProcess } from './testing/in-process.ts';
import { emptyFolder, knetsim } from './testing/knetsim.ts';

/** For machines that have other things to do. */
const patience = { timeout: 120_000 };
const six = fileURLToPath(new URL('rules/testing/six-services.yaml', import.meta.url));

interface Document {
  readonly mode: string;
  readonly kubernetesVersion: string;
  readonly tables: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly services: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly port: string;
    readonly tables: Readonly<
      Record<string, { readonly rules: number; readonly split: Readonly<Record<string, number>> }>
    >;
  }[];
  readonly skipped: readonly { readonly name: string; readonly why: string }[];
  readonly change?: { readonly service: string; readonly written: Document['tables'] };
}

const rules = (...argv: readonly string[]) => inProcess(['explain', 'rules', ...argv]);

async function counted(...argv: readonly string[]): Promise<Document> {
  const { code, stdout, stderr } = await rules(...argv, '--json');
  expect(stderr).not.toContain('error');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Document;
}

function manifest(text: string): string {
  const file = join(emptyFolder(), 'in.yaml');
  writeFileSync(file, text);
  return file;
}

describe('the six Services of the worked example', patience, () => {
  it('have the rules and chains of iptables that the tests of kube-proxy expect', async () => {
    const { mode, kubernetesVersion, tables, services } = await counted(
      ...[six, '--mode', 'iptables', '--kubernetes-version', '1.34'],
    );
    expect({ mode, kubernetesVersion }).toEqual({ mode: 'iptables', kubernetesVersion: '1.34' });
    expect(tables).toEqual({ filter: { chains: 6, rules: 10 }, nat: { chains: 20, rules: 55 } });
    const nat = services.map((one) => [
      one.namespace,
      one.name,
      one.port,
      one.tables['nat']!.rules,
    ]);
    expect(nat).toEqual([
      ['ns1', 'svc1', 'p80', 5],
      ['ns2', 'svc2', 'p80', 12],
      ['ns3', 'svc3', 'p80', 9],
      ['ns4', 'svc4', 'p80', 11],
      ['ns5', 'svc5', 'p80', 13],
      ['ns6', 'svc6', 'p80', 0],
    ]);
    expect(services[4]!.tables['nat']!.split).toEqual({
      ...{ 'KUBE-SERVICES': 2, 'KUBE-NODEPORTS': 2, 'KUBE-SVC': 3 },
      ...{ 'KUBE-SEP': 2, 'KUBE-EXT': 2, 'KUBE-FW': 2 },
    });
  });

  it('have the objects of nftables that its tests expect', async () => {
    const { tables } = await counted(six, '--mode', 'nftables');
    expect(tables).toEqual({ 'kube-proxy': { chains: 32, rules: 57, elements: 24, sets: 1 } });
  });

  it('have one shape of counts in each mode', async () => {
    const ipvs = await counted(six, '--mode', 'ipvs');
    const ebpf = await counted(six, '--mode', 'ebpf');
    expect(Object.keys(ipvs.tables['ipvs']!)).toEqual(
      'virtualServers realServers ipsetEntries dummyAddresses'.split(' '),
    );
    expect(ipvs.tables['ipvs']).toMatchObject({ virtualServers: 13, dummyAddresses: 10 });
    expect(Object.keys(ebpf.tables['maps']!)).toEqual(['serviceEntries', 'backendEntries']);
  });

  it('follow the node, its addresses and the settings of kube-proxy', async () => {
    const rulesOf = async (...argv: string[]) => {
      const { filter, nat } = (await counted(six, ...argv)).tables;
      return [filter!['rules'], nat!['rules']];
    };
    const local = await rulesOf('--node', 'other');
    const off = await rulesOf('--localhost-nodeports', 'false');
    const primary = await rulesOf('--nodeport-addresses', 'primary', '--node-ips', '3');
    // An endpoint of svc2 is local: no DROP (3), a jump and a chain of its own with one rule.
    expect(local).toEqual([7, 57]);
    // Neither the rule of KUBE-FIREWALL nor the second one of three node ports.
    expect(off).toEqual([9, 52]);
    expect(primary[1]).toBe(54);
  });

  it('tell what the sync after a change writes', async () => {
    const { change } = await counted(six, '--change', 'service/ns4/svc4');
    // 5 fixed, 9 of KUBE-SERVICES, 6 of KUBE-NODEPORTS, 9 of the chains of svc4.
    expect(change).toMatchObject({ service: 'ns4/svc4', written: { nat: { rules: 29 } } });
    const full = await counted(
      ...[six, '--change', 'service/svc4', '--kubernetes-version', '1.26'],
    );
    expect(full.change!.written).toEqual(full.tables);
  });
});

describe('the text', patience, () => {
  it('has a line a Service port, the sums, and what each chain is for', async () => {
    const { code, stdout } = await rules(six, '--change', 'service/svc1', '--ascii');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ iptables, Kubernetes 1\.34, IPv4, on a node without endpoints/);
    expect(stdout).toMatch(
      /^ ns3\/svc3 +p80 \(80\) +0 +3 +9\n {5}KUBE-SERVICES 1, KUBE-SVC 2, KUBE-SEP 2, KUBE-EXT 2/m,
    );
    expect(stdout).toMatch(/^ nat rules +50 +5 +55$/m);
    expect(stdout).toMatch(/^ filter chains +0 +6 +6$/m);
    expect(stdout).toMatch(/^ {3}KUBE-SEP +two rules an endpoint/m);
    expect(stdout).toContain('After a change of ns1/svc1');
    expect(stdout).toMatch(/^ {3}nat rules +24 +of 55$/m);
    expect(stdout).toContain('docs/models/proxy.md');
    expect(stdout).not.toMatch(/[^\n -~]|undefined|NaN/);
  });

  it.each(['iptables', 'nftables', 'ipvs', 'ebpf'])(
    'fits into 100 columns in mode %s, every part of a split on one line',
    async (mode) => {
      const { stdout } = await rules(six, '--mode', mode, '--change', 'service/svc2');
      const lines = stdout.trimEnd().split('\n');
      expect(lines.filter((line) => line.length > 100)).toEqual([]);
      const splits = lines.filter((line) => /^ {5}\S/.test(line));
      expect(splits.length).toBeGreaterThanOrEqual(6);
      expect(splits.filter((line) => !/^ {5}(\S[^,]* \d+, )*\S[^,]* \d+,?$/.test(line))).toEqual(
        [],
      );
    },
  );

  it('says which Services are skipped, and why', async () => {
    const { stdout, code } = await rules(
      manifest(
        'kind: List\napiVersion: v1\nitems:\n' +
          '- { apiVersion: v1, kind: Service, metadata: { name: db }, spec: { clusterIP: None } }\n' +
          '- { apiVersion: v1, kind: Service, metadata: { name: out }, spec: { type: ExternalName, externalName: a.b } }\n',
      ),
    );
    expect(code).toBe(0);
    expect(stdout).toContain('no Service with an address in the input');
    expect(stdout).toMatch(/^ {3}default\/db +headless: /m);
    expect(stdout).toMatch(/^ {3}default\/out +ExternalName: /m);
  });
});

describe('what it refuses', patience, () => {
  it.each([
    [['--kubernetes-version', '1.99'], /1\.99 is not known; known are 1\.25 to /],
    [
      ['--mode', 'nftables', '--kubernetes-version', '1.28'],
      /no mode nftables; it came with 1\.29/,
    ],
    [['--mode', 'nft'], /Allowed choices are iptables, nftables, ipvs, ebpf/],
    [['--node-ips', '0'], /whole number from 1/],
    [['--change', 'svc1'], /give service\/NAME or service\/NAMESPACE\/NAME/],
    [['--change', 'service/svc11'], /did you mean service\/svc1/],
    [['--bogus'], /unknown option '--bogus'/],
  ])('of flags: %j (exit 2)', async (argv, message) => {
    const { code, stdout, stderr } = await rules(six, ...argv);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('a file that is not there, and none at all (exit 2)', async () => {
    const missing = await rules('no-such.yaml');
    const none = await rules();
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('no such file') });
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('missing') });
  });

  it.each([
    ['in.yaml', 'a: [1\nb: 2', 'E101'],
    ['in.json', '{"a":', 'E101'],
  ])('%s with an error of syntax (exit 3)', async (name, text, problem) => {
    const file = join(emptyFolder(), name);
    writeFileSync(file, text);
    const { code, stdout, stderr } = await rules(file);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(`error[${problem}]`);
  });

  it('a folder without manifests (exit 3)', async () => {
    const { code, stderr } = await rules(emptyFolder());
    expect(code).toBe(3);
    expect(stderr).toContain('error[E125]');
  });

  it('Services that the API server refuses, with file, line and column (exit 3)', async () => {
    const file = manifest(
      'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec:\n  ports: [{ port: 80, nodePort: 30080 }]\n',
    );
    const { code, stdout, stderr } = await rules(file);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(`${file}:5:33`);
    expect(stderr).toContain('error[E151]');
    const json = await rules(file, '--format', 'json');
    expect(json.stderr).toContain('"E151"');
  });

  it('a name of two Services for --change, and a node that is none of the Nodes (exit 2)', async () => {
    const service = (namespace: string) =>
      `{ apiVersion: v1, kind: Service, metadata: { name: web, namespace: ${namespace} }, spec: { ports: [{ port: 80 }] } }\n---\n`;
    const node = '{ apiVersion: v1, kind: Node, metadata: { name: n1 } }\n';
    const file = manifest(service('a') + service('b') + node);
    const change = await rules(file, '--change', 'service/web');
    expect(change).toMatchObject({ code: 2, stderr: expect.stringContaining('service/b/web') });
    const other = await rules(file, '--node', 'n2');
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('nearest: n1') });
  });
});

describe('beside topics', patience, () => {
  it('explain still explains, and reads flags on either side', async () => {
    const topic = await inProcess(['explain', 'networkProgramming', '--json']);
    const before = await inProcess(['explain', '--json', 'rules', six]);
    const text = await knetsim(['explain', 'rules', '-', '--json'], { input: '' });
    expect(JSON.parse(topic.stdout)).toMatchObject({ kind: 'metric' });
    expect(JSON.parse(before.stdout)).toMatchObject({ mode: 'iptables' });
    expect(JSON.parse(text.stdout)).toMatchObject({ services: [], tables: { nat: { rules: 5 } } });
    expect((await inProcess(['explain', '--help'])).stdout).toContain(
      'rules [options] <manifests...>',
    );
  });
});

const manifests = fileURLToPath(new URL('../../shared/data/manifests/', import.meta.url));
const absent = !existsSync(manifests);

describe.skipIf(absent)('public manifests', patience, () => {
  const modes = ['iptables', 'nftables', 'ipvs', 'ebpf'] as const;

  it.each(modes)('Online Boutique in mode %s: 12 Services of one pod', async (mode) => {
    const { tables, services } = await counted(join(manifests, 'online-boutique'), '--mode', mode);
    expect(services).toHaveLength(12);
    const expected = {
      // 11 plain Services of 5 rules; the LoadBalancer has 2 of its node port and 2 of entry more.
      iptables: { filter: { chains: 6, rules: 4 }, nat: { chains: 29, rules: 69 } },
      nftables: { 'kube-proxy': { chains: 41, rules: 73, elements: 26, sets: 0 } },
      ipvs: { ipvs: { virtualServers: 13, realServers: 13, dummyAddresses: 12 } },
      ebpf: { maps: { serviceEntries: 26, backendEntries: 11 } },
    };
    expect(tables).toMatchObject(expected[mode]);
  });

  it.each(modes)('kube-prometheus in mode %s: headless Services are skipped', async (mode) => {
    const { skipped, services } = await counted(join(manifests, 'kube-prometheus'), '--mode', mode);
    expect(skipped.map(({ name }) => name)).toEqual([
      ...['kube-state-metrics', 'node-exporter', 'prometheus-operator'],
    ]);
    expect(services).toHaveLength(8);
  });
});
