/**
 * What a packet from outside the cluster costs a mode beyond a packet from a pod: masquerading, which
 * was measured for the back ends that kube-proxy drives, and look-ups that no ClusterIP needs. Rules
 * that such a packet walks are counted by the packet path, from the curve of the mode.
 */
import type { Constant, ConstantReader, ConstantSource } from '../../constant.ts';
import { constant } from '../../constant.ts';
import { derived, withinFactor } from '../sources.ts';
import type { ProxyPathCosts } from './proxy-model.ts';

/** A value and where it is from. */
export interface Figure {
  readonly value: number;
  readonly source: ConstantSource;
}

export interface ExternalFigures {
  readonly newFlowHot: Figure;
  readonly newFlowCold: Figure;
  readonly establishedHot: Figure;
  readonly establishedCold: Figure;
  /** Further look-ups of a first packet; none where rules are walked. */
  readonly lookUpsHot?: Figure;
  readonly lookUpsCold?: Figure;
  readonly remoteOnly: boolean;
}

export interface ExternalPath {
  readonly constants: readonly Constant[];
  costs(read: ConstantReader): Pick<ProxyPathCosts, 'external' | 'masquerade'>;
}

/** The three back ends cannot be told apart in the noise of their cold differences. */
export const MASQUERADE_ESTABLISHED_COLD = 235;
export const COLD_DIFFERENCES =
  '2-masq: mean of nine differences of three back ends, -217 to 736 ns';

/** A figure worked out from measurements. */
export function workedOut(value: number, how: string): Figure {
  return { value, source: derived(how) };
}

const COLD = 'The same after 4 MB were touched';

/** Declares the constants of one mode under `proxy.<mode>.`. */
export function externalPath(mode: string, figures: ExternalFigures): ExternalPath {
  const declare = (name: string, { value, source }: Figure, about: string) =>
    constant({
      id: `proxy.${mode}.${name}`,
      value,
      unit: 'ns',
      range: withinFactor(value),
      about,
      source,
    });
  const masqueradeHot = declare(
    'masquerade.new-flow.hot',
    figures.newFlowHot,
    'Masquerading, on top of a first packet, hot cache',
  );
  const masqueradeCold = declare('masquerade.new-flow.cold', figures.newFlowCold, COLD);
  const laterHot = declare(
    'masquerade.established.hot',
    figures.establishedHot,
    'Masquerading, on top of each later packet, hot cache',
  );
  const laterCold = declare('masquerade.established.cold', figures.establishedCold, COLD);
  const { lookUpsHot, lookUpsCold } = figures;
  const lookUps =
    lookUpsHot === undefined || lookUpsCold === undefined
      ? null
      : ([
          declare(
            'external.hot',
            lookUpsHot,
            "A first packet from outside, beyond a pod's, hot cache",
          ),
          declare('external.cold', lookUpsCold, COLD),
        ] as const);
  return {
    constants: [masqueradeHot, masqueradeCold, laterHot, laterCold, ...(lookUps ?? [])],
    costs: (read) => ({
      external:
        lookUps === null
          ? { hotNs: 0, coldNs: 0 }
          : { hotNs: read(lookUps[0]), coldNs: read(lookUps[1]) },
      masquerade: {
        newFlow: { hotNs: read(masqueradeHot), coldNs: read(masqueradeCold) },
        established: { hotNs: read(laterHot), coldNs: read(laterCold) },
        remoteOnly: figures.remoteOnly,
      },
    }),
  };
}
