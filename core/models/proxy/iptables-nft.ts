/**
 * iptables mode on iptables-nft. Loading is quadratic in the chains named by the restore (user
 * space compares their names), a partial sync is cheap but for the rewrite of KUBE-SERVICES, and
 * whatever replaces rules sleeps 20 to 30 ms for RCU. A first packet walks KUBE-SERVICES at 9 ns a
 * rule, hot or nearly cold: its rules are dense and prefetched.
 */
import { type Constant, constant } from '../../constant.ts';
import { derived, fitted, pathCost } from '../sources.ts';
import { ramp, straight } from './cost-curve.ts';
import {
  COLD_DIFFERENCES,
  externalPath,
  MASQUERADE_ESTABLISHED_COLD,
  workedOut,
} from './external-path.ts';
import { iptablesProxy } from './iptables.ts';

const id = (name: string) => `proxy.iptables-nft.${name}`;

const newFlowHot = pathCost(
  id('new-flow.hot'),
  2020,
  'ns',
  "The proxy's share of a first packet besides walk and selection, conntrack included, hot cache",
  'first packet 3.15 to 3.33 us (first Service) less the routed path (1076 ns), walk and selection',
);
const newFlowCold = pathCost(
  id('new-flow.cold'),
  7590,
  'ns',
  'The same after 4 MB were touched',
  'first packet 11.5 us (first of S Services) less the routed path (3799 ns), walk and selection',
);
const establishedHot = pathCost(
  id('established.hot'),
  650,
  'ns',
  "The proxy's share of an established packet, hot cache",
  'established packet 1.73 us less the routed path (1076 ns)',
);
const establishedCold = pathCost(
  id('established.cold'),
  2800,
  'ns',
  'The same after 4 MB were touched',
  'established packet 6.6 us less the routed path (3799 ns)',
);
const walkHot = pathCost(
  id('walk.hot'),
  8.93,
  'ns/rule',
  "A rule of KUBE-SERVICES of the packet's own protocol tested (another protocol's: 7.4)",
  'slope of 2-sweep, UDP, up to 6,000 rules (TCP 9.16; 2-mixproto 7.4 against 9.6)',
);
const walkFits = constant({
  id: id('walk.fits'),
  value: 7000,
  unit: 'rules',
  range: [2000, 40000],
  about: 'Rules walked from which a further rule costs walk.beyond',
  source: derived('kink of 2-sweep'),
});
const walkBeyond = pathCost(
  id('walk.beyond'),
  10.65,
  'ns/rule',
  'A further rule tested, beyond walk.fits',
  'slope of 2-sweep, UDP, 12,000 to 20,000 rules (TCP 10.7)',
);
const walkColdShort = pathCost(
  id('walk.cold-short'),
  14,
  'ns/rule',
  'A rule tested after 4 MB were touched, among the first 1,000',
  'between 2-sweep (12.2, one chain of 20,000) and 2-svc (17.5, S = 1,000), which disagree',
);
const walkColdLong = pathCost(
  id('walk.cold'),
  10.24,
  'ns/rule',
  'A further rule tested after 4 MB were touched (64 MB: 15.4)',
  'slope of 2-sweep, cold 4 MB, 0 to 20,000 rules',
);
const walkColdKnee = constant({
  id: id('walk.cold-knee'),
  value: 1000,
  unit: 'rules',
  range: [100, 10000],
  about: 'Rules up to which a cold walk costs walk.cold-short each',
  source: derived('2-svc: 15 to 18 ns a rule up to S = 2,000'),
});
const selectHot = pathCost(
  id('select.hot'),
  86.3,
  'ns/rule',
  'An endpoint rule (statistic match) evaluated, hot cache',
  'slope of 2-esweep, E = 1 to 1,000, over (E + 1) / 2 rules',
);
const selectCold = pathCost(
  id('select.cold'),
  91.4,
  'ns/rule',
  'An endpoint rule evaluated after 4 MB were touched; not measured',
  'select.hot + walk.cold-short - walk.hot: the misses of a rule are added to its work',
);

const chainsCached = constant({
  id: id('initial.chains-cached'),
  value: 14000,
  unit: 'chains',
  range: [3000, 100000],
  about: 'Chains in one restore up to which comparing their names stays in the cache',
  source: derived('4-prog: 30 ns a squared chain at 11,000 and 33 at 15,000; 2 MiB / 150 B'),
});
const chainsSpilled = constant({
  id: id('initial.chains-spilled'),
  value: 24000,
  unit: 'chains',
  range: [4000, 200000],
  about: 'Chains from which it misses the cache; must exceed initial.chains-cached',
  source: derived('text of 4-prog: 93 ns a squared chain at 22,000 and 102 at 30,000'),
});
/**
 * User space decides whether names are compared pairwise at all: a published restore of 695,992 lines
 * took 12.8 s (issue #96018), so the range reaches down to 0. Set both to 0 for such a version.
 */
function comparison(name: string, value: number, about: string): Constant {
  const measured = fitted(id(name), value, 'ns/chain^2', about);
  return constant({ ...measured, range: [0, measured.range[1]] });
}

const loadBase = fitted(id('initial.base'), 3.968e6, 'ns', 'First restore, fixed part');
const loadRule = fitted(id('initial.rule'), 7195, 'ns/rule', 'First restore, each rule');
const loadSquareCached = comparison(
  'initial.chain-squared-cached',
  25.8,
  'First restore, by the square of the chains, while their names fit the cache',
);
const loadSquareSpilled = comparison(
  'initial.chain-squared-spilled',
  103.6,
  'First restore, by the square of the chains, once they do not',
);
const fullRule = fitted(
  id('full.rule-replaced'),
  3150,
  'ns/rule',
  'Full restore, each rule it replaces, beyond the cost of a first restore',
);
const fullSleep = fitted(id('full.sleep'), 23.24e6, 'ns', 'Full restore, asleep (RCU)');
const partialBase = fitted(id('partial.base'), 4.296e6, 'ns', 'Partial restore, fixed part');
const partialChain = fitted(
  id('partial.chain'),
  1439,
  'ns/chain',
  'Partial restore, each chain in the kernel',
);
const partialService = fitted(
  id('partial.service'),
  11590,
  'ns/rule',
  'Partial restore, each rule of KUBE-SERVICES, all of which are rewritten',
);
const partialServiceSquare = fitted(
  id('partial.service-squared'),
  3.696,
  'ns/rule^2',
  'Partial restore, by the square of the rules of KUBE-SERVICES',
);
const partialSleep = fitted(id('partial.sleep'), 28.91e6, 'ns', 'Partial restore, asleep (RCU)');
const saveBase = fitted(id('save.base'), 3.216e6, 'ns', 'iptables-save, fixed part');
const saveChain = fitted(id('save.chain'), 14890, 'ns/chain', 'iptables-save, each chain');

const outside = externalPath('iptables-nft', {
  newFlowHot: workedOut(415, '2-masq: first packets with and without masquerading'),
  newFlowCold: workedOut(1544, '2-masq: first packets with and without masquerading'),
  establishedHot: workedOut(100, '2-masq: established packets with and without masquerading'),
  establishedCold: workedOut(MASQUERADE_ESTABLISHED_COLD, COLD_DIFFERENCES),
  remoteOnly: false,
});

const memoryRule = constant({
  id: id('memory.rule'),
  value: 1011,
  unit: 'bytes/rule',
  range: [500, 2000],
  about: 'Kernel memory of a rule, its share of the chains included',
  source: derived('4-mem: 7.9 KiB of slab / 8 rules at E = 2, 31.6 KiB / 32 rules at E = 10'),
});

export const iptablesNft = iptablesProxy({
  title: 'kube-proxy, iptables mode, nft back end',
  models: [
    'A first load quadratic in its chains, with a cliff where their names leave the cache',
    'Sleeping for RCU whenever rules are replaced',
  ],
  ignores: [
    "Rules of the other protocol, a fifth cheaper to walk: all are taken for the packet's own",
    'Cold walks of short chains in large tables and of long chains differ by a factor of 1.5',
  ],
  minimumKernel: 'any that Kubernetes supports, with nf_tables',
  calibrated: { servicePorts: 5000, endpoints: 10000 },
  constants: [
    newFlowHot,
    newFlowCold,
    establishedHot,
    establishedCold,
    walkHot,
    walkFits,
    walkBeyond,
    walkColdShort,
    walkColdLong,
    walkColdKnee,
    selectHot,
    selectCold,
    ...outside.constants,
    chainsCached,
    chainsSpilled,
    loadBase,
    loadRule,
    loadSquareCached,
    loadSquareSpilled,
    fullRule,
    fullSleep,
    partialBase,
    partialChain,
    partialService,
    partialServiceSquare,
    partialSleep,
    saveBase,
    saveChain,
    memoryRule,
  ],
  path: (read) => {
    const fits = read(walkFits);
    const knee = Math.min(read(walkColdKnee), fits - 1);
    const coldAtKnee = knee * read(walkColdShort);
    const coldAt = (rules: number) => coldAtKnee + (rules - knee) * read(walkColdLong);
    return {
      newFlow: { hotNs: read(newFlowHot), coldNs: read(newFlowCold) },
      established: { hotNs: read(establishedHot), coldNs: read(establishedCold) },
      walk: {
        knots: [0, knee, fits, 2 * fits],
        hotNs: [
          0,
          knee * read(walkHot),
          fits * read(walkHot),
          fits * (read(walkHot) + read(walkBeyond)),
        ],
        coldNs: [0, coldAtKnee, coldAt(fits), coldAt(2 * fits)],
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
  memory: (read, rules) => read(memoryRule) * rules,
  commands: (read) => {
    const cached = read(chainsCached);
    const spilled = Math.max(read(chainsSpilled), cached + 1);
    const inCacheNs = read(loadSquareCached);
    const spillNs = read(loadSquareSpilled) - inCacheNs;
    /** Comparing names: every chain with those before it. */
    const compare = (chains: number) =>
      chains ** 2 * (inCacheNs + ramp(chains, cached, spilled) * spillNs);
    const [loadNs, ruleNs, replacedNs] = [read(loadBase), read(loadRule), read(fullRule)];
    const [partialNs, chainNs] = [read(partialBase), read(partialChain)];
    const [serviceNs, serviceSquareNs] = [read(partialService), read(partialServiceSquare)];
    const [saveNs, saveChainNs] = [read(saveBase), read(saveChain)];
    return {
      invocationNs: loadNs,
      load: (rules, chains) => loadNs + ruleNs * rules + compare(chains),
      replace: (rules, chains) => loadNs + (ruleNs + replacedNs) * rules + compare(chains),
      change: (services, _rules, chains) =>
        partialNs + chainNs * chains + serviceNs * services + serviceSquareNs * services ** 2,
      changeFurther: (rules, chains) => ruleNs * rules + compare(chains),
      save: (_rules, chains) => saveNs + saveChainNs * chains,
      replaceSleepNs: read(fullSleep),
      changeSleepNs: read(partialSleep),
    };
  },
});
