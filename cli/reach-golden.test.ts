/**
 * `knetsim reach` on manifests of public projects, against matrices that were derived by hand and stored.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inProcess } from './testing/in-process.ts';

/** For machines that have other things to do. */
const patience = { timeout: 120_000 };

interface ProbeJson {
  readonly from: { readonly name: string };
  readonly to: { readonly name: string };
  readonly port: number;
  readonly protocol: string;
  readonly verdict: string;
}

const reach = (...argv: readonly string[]) => inProcess(['reach', ...argv]);

const manifests = fileURLToPath(new URL('../../shared/data/manifests/', import.meta.url));
const absent = !existsSync(manifests);
if (absent) console.warn('no manifests of public projects here: their matrices are skipped');

/** What the golden file admits, as `from -> to:port/PROTOCOL`; each entity reaches itself. */
function derived(project: string, names: ReadonlySet<string>) {
  const url = new URL(`reach/golden/${project}.txt`, import.meta.url);
  const rows = readFileSync(url, 'utf8')
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('#'));
  const targets = rows.map((row) => row.split(' from '));
  const admitted = targets.flatMap(([to = '', from = '']) => {
    const listed = from === 'everyone' ? [...names] : from === 'nobody' ? [] : from.split(' ');
    return [...new Set([...listed, to.split(':')[0]!])].map((one) => `${one} -> ${to}`);
  });
  return { targets: targets.map(([to]) => to!).sort(), admitted: admitted.sort() };
}

describe.skipIf(absent)('manifests of public projects', patience, () => {
  it.each(['online-boutique', 'kube-prometheus'])(
    '%s allows what was derived by hand, and nothing else',
    async (project) => {
      const { code, stdout } = await reach(join(manifests, project), '--json');
      expect(code).toBe(0);
      const { probes } = JSON.parse(stdout) as { probes: readonly ProbeJson[] };
      const names = new Set(probes.map(({ from }) => from.name));
      const expected = derived(project, names);
      const target = ({ to, port, protocol }: ProbeJson) => `${to.name}:${port}/${protocol}`;
      expect([...new Set(probes.map(target))].sort()).toEqual(expected.targets);
      expect(probes.length).toBe(names.size * expected.targets.length);
      const allowed = probes.filter(({ verdict }) => verdict === 'allowed');
      expect(allowed.map((one) => `${one.from.name} -> ${target(one)}`).sort()).toEqual(
        expected.admitted,
      );
    },
  );

  it('online-boutique draws five rows and six columns, as derived by hand', async () => {
    const { stdout } = await reach(join(manifests, 'online-boutique'));
    expect(stdout.split('\n').slice(0, 6)).toEqual([
      ' from \\ to                      1  2  3  4  5  6',
      ' A (8 alike)                    ✘  ✘  ✘  ✔  ✘  ✘',
      ' default/cartservice            ✘  ✘  ✘  ✔  ✘  ✔',
      ' default/checkoutservice        ✘  ✔  ✔  ✔  ✔  ✘',
      ' default/frontend               ✔  ✔  ✘  ·  ✔  ✘',
      ' default/recommendationservice  ✘  ✘  ✘  ✔  ✔  ✘',
    ]);
    expect(stdout).toContain('reachable pairs: 26 of 132 (19.7%)');
  });
});
