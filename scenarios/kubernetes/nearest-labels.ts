/** Why labels select nothing: the label that nobody has, and what may have been meant instead. */

import { labelValue } from '../../core/policy/selector.ts';
import { suggest } from '../suggest.ts';
import { type Labels, matches } from './label-selector.ts';

export interface Selectable {
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
  readonly labels: Labels;
}

export interface Nearest {
  /** The first label that nobody in the namespace has; undefined if each is there, but not together. */
  readonly key: string | undefined;
  /** Undefined when nothing is near. */
  readonly help: string | undefined;
}

/** For labels that select nothing in the namespace. */
export function nearestLabels(
  wanted: Labels,
  namespace: string,
  candidates: readonly Selectable[],
): Nearest {
  const nearby = candidates.filter((candidate) => candidate.namespace === namespace);
  const [key] = Object.keys(wanted).filter(
    (label) => !nearby.some(({ labels }) => labelValue(labels, label) === wanted[label]),
  );
  const values =
    key === undefined ? [] : nearby.flatMap(({ labels }) => labelValue(labels, key) ?? []);
  const meant = key === undefined ? undefined : suggest(wanted[key]!, new Set(values));
  const nearest = nearby.find(
    ({ labels }) => meant !== undefined && labelValue(labels, key!) === meant,
  );
  const elsewhere = candidates.find(({ labels }) => matches(wanted, labels));
  const nameOf = ({ kind, name }: Selectable) => `${kind.toLowerCase()}/${name}`;
  if (nearest !== undefined) return { key, help: `nearest: ${key}=${meant} (${nameOf(nearest)})` };
  if (elsewhere === undefined) return { key, help: undefined };
  return { key, help: `${nameOf(elsewhere)} has them, in namespace ${elsewhere.namespace}` };
}
