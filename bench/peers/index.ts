/** All peers, in the order in which they are reported. */
import { closures } from './closures.ts';
import { NS3_PEERS } from './ns3.ts';
import type { Peer } from './peer.ts';
import { simjs } from './simjs.ts';
import { SIMPY_PEERS } from './simpy.ts';

export const PEERS: readonly Peer[] = [...NS3_PEERS, closures, simjs, ...SIMPY_PEERS];
