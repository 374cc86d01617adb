/** SimPy, the simulator of Python: `simpy-phold.py` on the first Python that has version 3 or later. */
import { outputOf } from '../program-output.ts';
import type { Peer, PeerMeasurement } from './peer.ts';
import { sourceOf } from './source-of.ts';

const PYTHONS = ['python3', '/usr/bin/python3'];
const WARM_UP = 50_000;
const EVENTS = 300_000;

export const SIMPY_PEERS: readonly Peer[] = ['callbacks', 'processes'].map((style) => ({
  name: `SimPy ${style}`,
  absent: async () =>
    (await pythonWithSimpy()) === null
      ? 'no python3 with SimPy 3 or later (Debian: apt-get install python3-simpy3)'
      : null,
  measure: async () => {
    const args = [sourceOf('simpy-phold.py'), style, String(WARM_UP), String(EVENTS)];
    return JSON.parse(await outputOf((await pythonWithSimpy())!, args)) as PeerMeasurement;
  },
}));

async function pythonWithSimpy(): Promise<string | null> {
  const isThere = 'import simpy; assert simpy.Environment';
  for (const python of PYTHONS) {
    try {
      await outputOf(python, ['-c', isThere]);
      return python;
    } catch {
      // The next one.
    }
  }
  return null;
}
