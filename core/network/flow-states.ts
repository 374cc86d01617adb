/**
 * The state in which the entry of a flow is made. A TCP connection that is closed at once is entered
 * as it ends: its exchange takes microseconds of the two minutes that its entry stays, and moving it
 * from state to state would cost more than all else that tracking does. A connection that stays open
 * begins with its handshake.
 */
import { FlowState } from './conntrack.ts';
import { isUdp, staysOpen } from './request-table.ts';

/** At the node that translates. */
export function firstStateAtClient(message: number): FlowState {
  return firstState(message, FlowState.SynSent);
}

/** At the endpoint's node. */
export function firstStateAtBackend(message: number): FlowState {
  return firstState(message, FlowState.SynRecv);
}

function firstState(message: number, handshake: FlowState): FlowState {
  if (isUdp(message)) return FlowState.UdpUnreplied;
  return staysOpen(message) ? handshake : FlowState.TimeWait;
}
