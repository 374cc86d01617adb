/**
 * Windows of exposure: how long the truth and what some node has programmed differed, whether or not
 * a request met it. A thousand hits in one window are one accident, so intervals count windows.
 */
import type { ExposureCell } from '../metrics/cell.ts';
import { WideSum } from '../metrics/wide-sum.ts';
import { HIT_DEAD, HIT_SUCCESSOR } from './endpoint-side.ts';
import { FailureCause } from './recorder.ts';
import type { World } from './world.ts';

/** A window a pod: from the end of its process until the last node has withdrawn it. */
export function deadEndpointExposure(world: World): ExposureCell {
  const { pods, recorder } = world;
  const windows = new Windows();
  const everywhere = world.proxies.programmedEverywhere();
  for (let pod = 0; pod < pods.count; pod++) {
    const endedNs = pods.endedNs[pod]!;
    if (endedNs === 0 || !recorder.measures(endedNs)) continue;
    const hit = (pods.hit[pod]! & HIT_DEAD) !== 0;
    windows.add(withdrawnEverywhereNs(world, pod, everywhere) - endedNs, hit);
  }
  return windows.toCell(recorder.failures[FailureCause.DeadEndpoint]!, recorder.requests);
}

/**
 * A window a reuse: from the address's new owner until the last node has withdrawn the old one. A
 * new owner that serves the same Service is no accident.
 */
export function misdeliveryExposure(world: World): ExposureCell {
  const { pods, recorder, inventory } = world;
  const windows = new Windows();
  const everywhere = world.proxies.programmedEverywhere();
  for (const { nowNs, previous, pod } of recorder.reuses) {
    if (inventory.shareService(pods.workload[previous]!, pods.workload[pod]!)) continue;
    const hit = (pods.hit[previous]! & HIT_SUCCESSOR) !== 0;
    windows.add(withdrawnEverywhereNs(world, previous, everywhere) - nowNs, hit);
  }
  return windows.toCell(recorder.failures[FailureCause.Misdelivered]!, recorder.requests);
}

class Windows {
  private count = 0;
  private hitCount = 0;
  private readonly lengthNs = new WideSum();

  add(lengthNs: number, hit: boolean): void {
    if (lengthNs <= 0 && !hit) return;
    this.count++;
    if (hit) this.hitCount++;
    this.lengthNs.add(Math.max(0, lengthNs));
  }

  toCell(hits: number, trials: number): ExposureCell {
    return {
      hits,
      trials,
      windows: this.count,
      hitWindows: this.hitCount,
      exposedNs: this.lengthNs.toWide(),
    };
  }
}

/**
 * When the last node had programmed that a pod is withdrawn: the end of the run if one had not,
 * -Infinity if no Service ever sent packets to the pod.
 */
function withdrawnEverywhereNs(world: World, pod: number, everywhere: number): number {
  const { pods, engine, proxies } = world;
  if (pods.usedBy[pod]! > 0) return engine.nowNs;
  const write = pods.withdrawnBy[pod]!;
  if (write === 0) return Number.NEGATIVE_INFINITY;
  return write > everywhere ? engine.nowNs : proxies.last.visibleNs[write]!;
}
