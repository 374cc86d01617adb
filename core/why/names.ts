/** Names of what chains mention, as the scenario gives them. */
import { Streams } from '../engine/stream.ts';
import { takeInventory } from '../network/inventory.ts';
import type { Plan } from '../plan.ts';

/** More names than that are a number. */
const MOST = 1;

export interface Names {
  service(index: number): string;
  services(indices: readonly number[]): string;
  pod(pod: number): string;
  /** The Service of a write of the log. */
  write(position: number): string;
}

/** `serviceOf` a write of the log, `workloadOf` a pod; undefined if it is not known. */
export function namesOf(
  plan: Plan,
  serviceOf: (position: number) => number | undefined,
  workloadOf: (pod: number) => number | undefined,
): Names {
  const streams = new Streams();
  // Names do not depend on what is drawn: numbers of endpoints.
  const inventory = takeInventory(plan, streams, streams.add('names'));
  const nameOf = ({ namespace, name }: { namespace: string; name: string }) =>
    `${namespace}/${name}`;
  const service = (index: number) => nameOf(inventory.services[index]!);
  return {
    service,
    services: (indices) => {
      const different = [...new Set(indices)];
      const named = different.slice(0, MOST).map(service).join(', ');
      return different.length > MOST ? `${named} and ${different.length - MOST} more` : named;
    },
    pod: (pod) => {
      const workload = workloadOf(pod);
      return workload === undefined
        ? `pod ${pod}`
        : `pod ${pod} of ${nameOf(inventory.workloads[workload]!)}`;
    },
    write: (position) => {
      const index = serviceOf(position);
      return index === undefined ? `write ${position}` : service(index);
    },
  };
}
