/** The peers that run in Node, by the name a fresh process is asked for. */
import { runClosures } from './closures.ts';
import type { PeerMeasurement } from './peer.ts';
import { runSimjs } from './simjs.ts';

export const JAVASCRIPT_PEERS: Readonly<Record<string, () => Promise<PeerMeasurement>>> = {
  closures: runClosures,
  simjs: runSimjs,
};
