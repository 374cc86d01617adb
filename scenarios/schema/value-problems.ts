/** What is wrong with a text that has a syntax of its own, and what to write instead. */
import { cidrFix, isIpv6 } from '../values/cidr.ts';
import { durationFix, durationNs, durationPattern } from '../values/duration.ts';
import { memoryFix } from '../values/quantity.ts';
import { bandwidthFix, isNoBandwidth, rateFix } from '../values/rate.ts';
import type { ValueKind } from './field.ts';

export interface ValueProblem {
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
}

interface KindText {
  readonly code: string;
  readonly noun: string;
  readonly fix?: (found: unknown) => string;
}

const kinds: Readonly<Record<ValueKind, KindText>> = {
  duration: { code: 'E112', noun: 'a duration', fix: durationFix },
  cores: { code: 'E113', noun: 'a number of cores' },
  memory: { code: 'E113', noun: 'an amount of memory', fix: memoryFix },
  rate: { code: 'E114', noun: 'a rate', fix: rateFix },
  bandwidth: { code: 'E115', noun: 'a bandwidth', fix: bandwidthFix },
  share: { code: 'E117', noun: 'a share' },
  cidr: { code: 'E116', noun: 'an IPv4 range', fix: cidrFix },
  name: { code: 'E118', noun: 'a name' },
  workloadReference: { code: 'E118', noun: 'a reference to a workload' },
  limit: { code: 'E106', noun: 'a limit' },
};
/** Kinds whose number means nothing without its unit (rule 2 of the format). */
const needsUnit = new Set<ValueKind>(['duration', 'memory', 'rate', 'bandwidth']);

/** For a value that the schema of this kind has refused; undefined for kinds without a syntax. */
export function diagnoseKind(
  kind: ValueKind | undefined,
  found: unknown,
): ValueProblem | undefined {
  if (kind === undefined || (typeof found === 'object' && found !== null)) return undefined;
  const { code, noun, fix } = kinds[kind];
  if (needsUnit.has(kind) && typeof found === 'number') {
    return {
      code: 'E111',
      message: `a number without a unit: ${found}`,
      ...(Number.isFinite(found) && fix !== undefined ? { fix: fix(found) } : {}),
    };
  }
  const text = String(found);
  if (kind === 'cidr' && isIpv6(text)) {
    return {
      code: 'E130',
      message: `not modelled in this release: IPv6 range ${text}`,
      fix: fix!(text),
    };
  }
  if (kind === 'duration' && durationPattern.test(text) && durationNs(text) === undefined) {
    return { code: 'E107', message: `longer than 104 days: ${text}`, fix: '24h' };
  }
  if (kind === 'bandwidth' && isNoBandwidth(text)) {
    return {
      code: 'E107',
      message: `out of range: ${text}, nothing would ever arrive`,
      fix: fix!(text),
    };
  }
  const shown = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return {
    code,
    message: `not ${noun}: "${shown}"`,
    ...(fix === undefined ? {} : { fix: fix(found) }),
  };
}
