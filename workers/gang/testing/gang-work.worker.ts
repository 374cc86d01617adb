/** Work for gangs under test: what they can be asked for, and every way to misbehave. */
import { threadId } from 'node:worker_threads';
import type { PartitionLink, Receiver } from '../../../core/engine/partition.ts';
import { partitionWork } from '../partition-work.ts';

const nobody: Receiver = { receive: () => {}, published: () => {} };

function passWindows(link: PartitionLink, windows: number): void {
  for (let i = 0; i < windows; i++) link.exchange(i, nobody);
}

/** Burns a time that differs from thread to thread and from turn to turn. */
function dawdle(index: number, turn: number): void {
  const rounds = ((index * 7919 + turn * 104729) % 13) * 3000;
  for (let i = 0; i < rounds; i++) Math.sqrt(i);
}

export const whoAmI = partitionWork((place, task: string) => {
  passWindows(place.link(1), 3);
  return { task, index: place.index, partitions: place.partitions, threadId };
});

export interface Misbehaviour {
  readonly partition: number;
  readonly how: 'throw' | 'exit' | 'hang' | 'end' | 'sum' | 'be slow';
  /** Becomes 1 when everybody is in the middle of the run. */
  readonly underWay: SharedArrayBuffer;
}

export const misbehave = partitionWork((place, task: Misbehaviour) => {
  const link = place.link(1);
  passWindows(link, 5);
  new Int32Array(task.underWay)[0] = 1;
  if (place.index === task.partition) {
    if (task.how === 'throw') throw new Error('assertion of the model');
    if (task.how === 'exit') process.exit(9);
    if (task.how === 'end') return 'ended';
    if (task.how === 'sum') link.sum(new Float64Array(1));
    while (task.how === 'hang');
    if (task.how === 'be slow') Atomics.wait(new Int32Array(task.underWay), 0, 1, 700);
  }
  passWindows(link, 5);
  return 'done';
});

/** The safe times of windows in which no partition has an event, and of some in which one has. */
export const safeTimes = partitionWork((place, _: null): number[] => {
  const link = place.link(10);
  const never = Number.POSITIVE_INFINITY;
  const mine = (timeNs: number) => (place.index === 1 ? timeNs : never);
  return [never, mine(50), mine(1000), never].map((nextNs) => link.exchange(nextNs, nobody));
});

/** A message to everybody each window, one window ahead: what arrives when, as text. */
export const letters = partitionWork((place, windows: number): string[] => {
  const link = place.link(1);
  const got: string[] = [];
  for (let window = 0; window < windows; window++) {
    dawdle(place.index, window);
    for (let to = 0; to < place.partitions; to++) {
      if (to !== place.index)
        link.post(to, window + 1.5, place.index, window, to, -1, 2 ** 31 - 1, 7);
    }
    const safeNs = link.exchange(Number.POSITIVE_INFINITY, {
      receive: (...event) => got.push(`${window}: ${event.join(' ')}`),
      published: () => got.push('nothing is published here'),
    });
    got.push(`${window}: safe until ${safeNs}`);
  }
  return got;
});

/** Publishes at irregular windows, between sums and gathers; what arrives when, as text. */
export const publications = partitionWork((place, windows: number): string[] => {
  const link = place.link(1);
  const { index } = place;
  const got: string[] = [];
  for (let window = 0; window < windows; window++) {
    for (let i = 0; i < (index + window) % 3; i++) link.publish({ from: index, window, i });
    dawdle(index, window);
    if (window % 4 === 1) {
      const values = Float64Array.of(index, window, 2 ** 40);
      link.sum(values);
      got.push(`${window}: sum ${values.join(' ')}`);
    }
    if (window % 4 === 2) {
      got.push(`${window}: gathered ${JSON.stringify(link.gather({ index, window }))}`);
    }
    link.exchange(window, {
      receive: () => got.push('nobody posts here'),
      published: (value) => got.push(`${window}: ${JSON.stringify(value)}`),
    });
  }
  return got;
});
