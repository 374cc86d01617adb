/**
 * iptables mode on iptables-legacy. Every restore, partial or not, fetches and rewrites the whole
 * table, so one endpoint costs as much as the table is long. A first packet walks KUBE-SERVICES at
 * 4 ns a rule while the walked rules fit the L2 cache, and at 20 ns beyond: a cliff, not a slope.
 */
import { constant } from '../../constant.ts';
import { derived, fitted, pathCost } from '../sources.ts';
import { ramp, straight } from './cost-curve.ts';
import {
  COLD_DIFFERENCES,
  externalPath,
  MASQUERADE_ESTABLISHED_COLD,
  workedOut,
} from './external-path.ts';
import { commandWait, iptablesProxy } from './iptables.ts';

const id = (name: string) => `proxy.iptables-legacy.${name}`;

const newFlowHot = pathCost(
  id('new-flow.hot'),
  1620,
  'ns',
  "The proxy's share of a first packet besides walk and selection, conntrack included, hot cache",
  'first packet 2.77 us (S=1) less the routed path (1076 ns), one rule walked and 1.5 selected',
);
const newFlowCold = pathCost(
  id('new-flow.cold'),
  5990,
  'ns',
  'The same after 4 MB were touched',
  'first packet 9.9 us (first of S Services) less the routed path (3799 ns), walk and selection',
);
const establishedHot = pathCost(
  id('established.hot'),
  574,
  'ns',
  "The proxy's share of an established packet, hot cache",
  'established packet 1.65 us less the routed path (1076 ns)',
);
const establishedCold = pathCost(
  id('established.cold'),
  2250,
  'ns',
  'The same after 4 MB were touched',
  'established packet 6.05 us less the routed path (3799 ns)',
);
const walkHot = pathCost(
  id('walk.hot'),
  4.11,
  'ns/rule',
  'A rule of KUBE-SERVICES tested, while the walked rules fit the L2 cache',
  'slope of 2-sweep, UDP, up to 6,000 rules (TCP 4.30)',
);
const walkFits = constant({
  id: id('walk.fits'),
  value: 7800,
  unit: 'rules',
  range: [2000, 40000],
  about: 'Rules walked up to which the walk stays in the L2 cache',
  source: derived('kink of 2-sweep; 2 MiB of L2 hold 8,192 rules at 256 B of cache lines each'),
});
const walkSpills = constant({
  id: id('walk.spills'),
  value: 12000,
  unit: 'rules',
  range: [3000, 80000],
  about: 'Rules walked from which every rule misses the L2 cache; must exceed walk.fits',
  source: derived('kink of 2-sweep: 231 us at 12,000 rules'),
});
const walkSpilledAverage = pathCost(
  id('walk.spilled'),
  19,
  'ns/rule',
  'A rule tested, average over a walk of walk.spills rules',
  '2-sweep: (231 - 3) us / 12,000 rules',
);
const walkSpilledMarginal = pathCost(
  id('walk.beyond'),
  23.4,
  'ns/rule',
  'A further rule tested, beyond walk.spills',
  'slope of 2-sweep, UDP, 12,000 to 20,000 rules (TCP 22.6)',
);
const walkCold = pathCost(
  id('walk.cold'),
  20.6,
  'ns/rule',
  'A rule tested after 4 MB were touched (64 MB: 31)',
  'slope of 2-sweep, cold 4 MB, 0 to 20,000 rules',
);
const selectHot = pathCost(
  id('select.hot'),
  42.4,
  'ns/rule',
  'An endpoint rule (statistic match) evaluated, hot cache',
  'slope of 2-esweep, E = 1 to 1,000, over (E + 1) / 2 rules',
);
const selectCold = pathCost(
  id('select.cold'),
  58.9,
  'ns/rule',
  'An endpoint rule evaluated after 4 MB were touched; not measured',
  'select.hot + walk.cold - walk.hot: the misses of a rule are added to its work',
);

const tableCached = constant({
  id: id('table.cached'),
  value: 4300,
  unit: 'rules',
  range: [1000, 40000],
  about: 'Rules of the nat table up to which rewriting it stays in the L2 cache',
  source: derived('2 MiB of L2 / 488 B a rule (4-mem: 368 to 488 B)'),
});
const tableSpilled = constant({
  id: id('table.spilled'),
  value: 8600,
  unit: 'rules',
  range: [2000, 80000],
  about: 'Rules from which rewriting the table misses the L2 cache; must exceed table.cached',
  source: derived('twice table.cached; 4-prog at 8,000 rules scatters between the two regimes'),
});
const loadBase = fitted(id('initial.base'), 3.821e6, 'ns', 'First restore, fixed part');
const loadRule = fitted(id('initial.rule'), 4684, 'ns/rule', 'First restore, each rule');
const loadSquare = fitted(
  id('initial.rule-squared'),
  0.04997,
  'ns/rule^2',
  'First restore, by the square of the rules',
);
const fullBase = fitted(id('full.base'), 2.837e6, 'ns', 'Full restore, fixed part');
const fullCached = fitted(
  id('full.rule-cached'),
  5038,
  'ns/rule',
  'Full restore, each rule of a table that fits the cache',
);
const fullSpilled = fitted(
  id('full.rule-spilled'),
  7658,
  'ns/rule',
  'Full restore, each rule of a table that does not',
);
const fullSquare = fitted(
  id('full.rule-squared'),
  0.03437,
  'ns/rule^2',
  'Full restore, by the square of the rules',
);
const partialBase = fitted(id('partial.base'), 3.044e6, 'ns', 'Partial restore, fixed part');
const partialCached = fitted(
  id('partial.rule-cached'),
  2122,
  'ns/rule',
  'Partial restore, each rule of the whole table, if that fits the cache',
);
const partialSpilled = fitted(
  id('partial.rule-spilled'),
  5109,
  'ns/rule',
  'Partial restore, each rule of the whole table, if that does not fit the cache',
);
const saveBase = fitted(id('save.base'), 2.452e6, 'ns', 'iptables-save, fixed part');
const saveCached = fitted(
  id('save.rule-cached'),
  1434,
  'ns/rule',
  'iptables-save, each rule of a table that fits the cache',
);
const saveSpilled = fitted(
  id('save.rule-spilled'),
  2309,
  'ns/rule',
  'iptables-save, each rule of a table that does not',
);

const outside = externalPath('iptables-legacy', {
  newFlowHot: workedOut(390, '2-masq: first packets with and without masquerading'),
  newFlowCold: workedOut(1120, '2-masq: first packets with and without masquerading'),
  establishedHot: workedOut(103, '2-masq: established packets with and without masquerading'),
  establishedCold: workedOut(MASQUERADE_ESTABLISHED_COLD, COLD_DIFFERENCES),
  remoteOnly: false,
});

const memoryRule = constant({
  id: id('memory.rule'),
  value: 660,
  unit: 'bytes/rule',
  range: [400, 1300],
  about:
    'Kernel memory of a rule, its share of the chains included; twice as much during a restore',
  source: derived('4-mem: 640 B of vmalloc and 20 B of slab at E = 2 and 10, S = 20,000'),
});
const memoryRuleCore = constant({
  id: id('memory.rule-core'),
  value: 24,
  unit: 'bytes/(rule core)',
  range: [16, 48],
  about: 'Kernel memory of the counters of a rule on each core',
  source: derived('4-mem: 22 to 25 B per rule and CPU of per-CPU memory; a counter is 16 B'),
});

export const iptablesLegacy = iptablesProxy({
  title: 'kube-proxy, iptables mode, legacy back end',
  models: [
    'Every restore rewrites the whole nat table',
    'A cliff in the walk where the rules no longer fit the L2 cache',
  ],
  ignores: [
    'What a long walk on the same core does to established packets of other flows (+30 to 50 %)',
  ],
  minimumKernel: 'any that Kubernetes supports, with ip_tables',
  calibrated: { servicePorts: 20000, endpoints: 200000 },
  constants: [
    newFlowHot,
    newFlowCold,
    establishedHot,
    establishedCold,
    walkHot,
    walkFits,
    walkSpills,
    walkSpilledAverage,
    walkSpilledMarginal,
    walkCold,
    selectHot,
    selectCold,
    ...outside.constants,
    tableCached,
    tableSpilled,
    loadBase,
    loadRule,
    loadSquare,
    fullBase,
    fullCached,
    fullSpilled,
    fullSquare,
    partialBase,
    partialCached,
    partialSpilled,
    saveBase,
    saveCached,
    saveSpilled,
    memoryRule,
    memoryRuleCore,
  ],
  path: (read) => {
    const fits = read(walkFits);
    const spills = Math.max(read(walkSpills), fits + 1);
    const atSpills = spills * read(walkSpilledAverage);
    const knots = [0, fits, spills, 2 * spills];
    return {
      newFlow: { hotNs: read(newFlowHot), coldNs: read(newFlowCold) },
      established: { hotNs: read(establishedHot), coldNs: read(establishedCold) },
      walk: {
        knots,
        hotNs: [0, fits * read(walkHot), atSpills, atSpills + spills * read(walkSpilledMarginal)],
        coldNs: knots.map((rules) => rules * read(walkCold)),
      },
      walks: true,
      select: straight(read(selectHot), read(selectCold)),
      selectsLinearly: true,
      pick: 'random',
      affinity: { hotNs: read(selectHot), coldNs: read(selectCold) },
      connect: null,
      ...outside.costs(read),
    };
  },
  memory: (read, rules, cores) => (read(memoryRule) + read(memoryRuleCore) * cores) * rules,
  commands: (read) => {
    const cached = read(tableCached);
    const spilled = Math.max(read(tableSpilled), cached + 1);
    const eachRule = (inCacheNs: number, spilledNs: number) => (rules: number) =>
      rules * (inCacheNs + ramp(rules, cached, spilled) * (spilledNs - inCacheNs));
    const load = [read(loadBase), read(loadRule), read(loadSquare)] as const;
    const [fullNs, fullSquareNs] = [read(fullBase), read(fullSquare)];
    const fullRules = eachRule(read(fullCached), read(fullSpilled));
    const partialNs = read(partialBase);
    const partialRules = eachRule(read(partialCached), read(partialSpilled));
    const saveNs = read(saveBase);
    const saveRules = eachRule(read(saveCached), read(saveSpilled));
    return {
      invocationNs: partialNs,
      load: (rules) => load[0] + load[1] * rules + load[2] * rules ** 2,
      replace: (rules) => fullNs + fullRules(rules) + fullSquareNs * rules ** 2,
      change: (_servicePorts, rules) => partialNs + partialRules(rules),
      changeFurther: (rules) => load[1] * rules,
      save: (rules) => saveNs + saveRules(rules),
      replaceSleepNs: read(commandWait),
      changeSleepNs: read(commandWait),
    };
  },
});
