/** What the tests of the proxy models share: literal work, and the measured base path. */
import { constantReader } from '../../constant.ts';
import { dataplane } from '../dataplane.ts';
import { ERAS, type Era } from '../eras.ts';
import { curveNs } from './cost-curve.ts';
import { nothingFurther } from './further-objects.ts';
import type { ProxyModel, RuleCounts, SyncCost, SyncWork } from './proxy-model.ts';

export const read = constantReader({});

export function eraFor(version: string): Era {
  return ERAS[version]!;
}

/** `servicePorts` service ports with `each` endpoints. */
export function counts(servicePorts: number, each: number, emptyServicePorts = 0): RuleCounts {
  return {
    servicePorts,
    emptyServicePorts,
    endpoints: (servicePorts - emptyServicePorts) * each,
    further: nothingFurther(),
  };
}

export function work(rules: RuleCounts, change: Partial<SyncWork> = {}): SyncWork {
  return {
    full: false,
    initial: false,
    changedServicePorts: 1,
    changedEndpoints: 2,
    changedFurther: nothingFurther(),
    deletes: false,
    lists: false,
    ...rules,
    ...change,
  };
}

export function programming(model: ProxyModel, sync: SyncWork, version = '1.34'): SyncCost {
  const cost = { buildNs: 0, kernelNs: 0, cpuNs: 0 };
  model.programmingTime(read, eraFor(version))(sync, cost);
  return { ...cost };
}

/** The routed path without netfilter: a veth pair and one hop. */
export function baseNs(cold: 0 | 1): number {
  return cold
    ? dataplane.directVethCold.value + dataplane.routedHopCold.value
    : dataplane.directVethHot.value + dataplane.routedHopHot.value;
}

/** One first packet, way and base included, after `walked` rules, to a Service of `each` endpoints. */
export function firstPacketNs(
  model: ProxyModel,
  size: RuleCounts,
  walked: number,
  each: number,
  cold: 0 | 1,
): number {
  const path = model.compile(read, eraFor('1.34'), size);
  const selected = path.selectsLinearly ? (each + 1) / 2 : each;
  return (
    baseNs(cold) +
    (cold ? path.newFlow.coldNs : path.newFlow.hotNs) +
    (path.walks ? curveNs(path.walk, walked, cold) : 0) +
    curveNs(path.select, selected, cold)
  );
}

export function establishedNs(model: ProxyModel, size: RuleCounts, cold: 0 | 1): number {
  const { established } = model.compile(read, eraFor('1.34'), size);
  return baseNs(cold) + (cold ? established.coldNs : established.hotNs);
}

/** Relative difference of two durations, for example -0.1 when `value` is a tenth too low. */
export function off(value: number, measured: number): number {
  return value / measured - 1;
}
