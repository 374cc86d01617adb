/** Rounding of rolling-update limits the way Kubernetes rounds them. */

export type IntOrPercent = number | string;

/** Pods above and below the wanted number during a roll-out. */
export interface RolloutLimits {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** Percentages of `total`; surge rounds up. A number stays as it is. */
export function roundUp(value: IntOrPercent, total: number): number {
  return typeof value === 'number' ? value : Math.ceil((percent(value) * total) / 100);
}

function roundDown(value: IntOrPercent, total: number): number {
  return typeof value === 'number' ? value : Math.floor((percent(value) * total) / 100);
}

/** Deployments: surge rounds up, unavailable rounds down, and one pod may be missing if both are 0. */
export function deploymentLimits(
  surge: IntOrPercent,
  unavailable: IntOrPercent,
  replicas: number,
): RolloutLimits {
  const maxSurge = roundUp(surge, replicas);
  const maxUnavailable = Math.min(roundDown(unavailable, replicas), replicas);
  return maxSurge === 0 && maxUnavailable === 0
    ? { maxSurge, maxUnavailable: 1 }
    : { maxSurge, maxUnavailable };
}

/** DaemonSets and StatefulSets round both up, and may always have one pod missing if neither counts. */
export function roundedUpLimits(
  surge: IntOrPercent,
  unavailable: IntOrPercent,
  total: number,
): RolloutLimits {
  const maxSurge = roundUp(surge, total);
  const maxUnavailable = roundUp(unavailable, total);
  return maxSurge === 0 && maxUnavailable === 0
    ? { maxSurge, maxUnavailable: 1 }
    : { maxSurge, maxUnavailable };
}

function percent(text: string): number {
  return Number(text.replace('%', ''));
}
