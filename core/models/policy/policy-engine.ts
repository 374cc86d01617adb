/**
 * What a policy engine tells: its name, and where the meaning it gives a policy differs from the
 * API's literal text, each difference with its source. An engine without a known difference says
 * so. When it enforces (its pipeline) is not here.
 */
import { literalText, type PolicySwitches } from '../../policy/switches.ts';

/** One switch that is not as in the API's text. */
export type SwitchDifference = {
  [Name in keyof PolicySwitches]: {
    readonly name: Name;
    readonly value: PolicySwitches[Name];
    /** What it means for a user, one line without a full stop. */
    readonly about: string;
    /** Page, file and revision, or issue. */
    readonly source: string;
  };
}[keyof PolicySwitches];

export interface PolicyEngine {
  readonly title: string;
  /** Empty: no difference is known, which is not the same as being checked. */
  readonly differences: readonly SwitchDifference[];
  /**
   * What is known of the engine and no switch says; one line each. A claim about the engine ends with
   * its source in brackets; what is ours starts with `Not modelled: ` or `Our reading: `.
   */
  readonly ignores: readonly string[];
}

/** The literal text with the engine's differences. */
export function switchesOf({ differences }: Pick<PolicyEngine, 'differences'>): PolicySwitches {
  const changed = differences.map(({ name, value }) => [name, value] as const);
  return { ...literalText, ...Object.fromEntries(changed) };
}

/** In one line: what differs from the API's text, and where that is written. */
export function differencesText({ title, differences }: PolicyEngine): string {
  if (differences.length === 0) return `${title}: no difference from the API text is known`;
  const each = differences.map(({ about, source }) => `${about} [${source}]`);
  return `${title}: ${each.join('; ')}`;
}
