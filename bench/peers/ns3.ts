/**
 * The event schedulers of ns-3, the network simulator: `ns3-phold.cc`, compiled when the first of
 * them is measured. `ListScheduler` is left out: it costs the number of pending events per event.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputOf } from '../program-output.ts';
import type { Peer, PeerMeasurement } from './peer.ts';
import { sourceOf } from './source-of.ts';

const SCHEDULERS = ['MapScheduler', 'HeapScheduler', 'PriorityQueueScheduler', 'CalendarScheduler'];
const WARM_UP = 200_000;
const EVENTS = 1_500_000;

export const NS3_PEERS: readonly Peer[] = SCHEDULERS.map((scheduler) => ({
  name: `ns-3 ${scheduler}`,
  absent,
  measure: async () => {
    program ??= compile();
    const args = [scheduler, String(WARM_UP), String(EVENTS)];
    return JSON.parse(await outputOf(await program, args)) as PeerMeasurement;
  },
}));

/** Path of the program, once it is asked for. */
let program: Promise<string> | null = null;

async function absent(): Promise<string | null> {
  try {
    await outputOf('g++', ['-fsyntax-only', sourceOf('ns3-phold.cc')]);
    return null;
  } catch {
    return 'no g++ with the headers of ns-3 (Debian: apt-get install libns3-dev g++)';
  }
}

/** Compiles into a folder that is removed when this process ends. */
async function compile(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'knetsim-ns3-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'ns3-phold');
  await outputOf('g++', ['-O2', '-o', path, sourceOf('ns3-phold.cc'), '-lns3-core']);
  return path;
}
