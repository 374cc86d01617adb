/**
 * The warnings that statistics put beside a verdict: a stable code each, and what it means for
 * whoever has to act on it. Codes are never reused for something else.
 */

export const WARNING_CODES = {
  oneReplication: 'W601',
  incomplete: 'W602',
  shortWindow: 'W603',
  replication: 'W604',
  notMonotone: 'W605',
  lostChurn: 'W606',
} as const;

type WarningCode = (typeof WARNING_CODES)[keyof typeof WARNING_CODES];

/** What a code means, and what to do; two to four sentences. */
export const warningExplanations: Readonly<Record<WarningCode, string>> = {
  W601:
    'Intervals of times, rates and gauges come from the spread between replications, and one ' +
    'replication has none. Such limits stay inconclusive. Set run.replications to 2 or more; 5 ' +
    'give intervals about a fifth as wide as 2 do.',
  W602:
    'Some replications of this point were not simulated: the run was interrupted, ran out of time, ' +
    'or a shard is missing. What is there is correct, with wider intervals. The same command ' +
    'resumes and runs only what is missing.',
  W603:
    'The measured window is shorter than the period of the periodic full sync (proxy.syncPeriod), ' +
    'so some nodes make none in it and its cost is under-represented. Make run.duration longer ' +
    'than the period, or read the results as those of a quiet interval.',
  W604:
    'A replication reported a fact that a reader of the numbers must know, for example that ' +
    'something could not be done as asked. The text says what; texts that differ in their numbers ' +
    'only stand once.',
  W605:
    'A larger size holds although a smaller one fails, so the limit is not crossed once. Capacity ' +
    'counts up to the first size that does not hold. Look at both points: a larger size often ' +
    'brings more of something else, such as apiservers, or the smaller one is close to the limit.',
  W606:
    'Fewer pods were created and deleted than workload.churn asks for, beyond what chance explains, ' +
    'so latencies are those of a calmer cluster. Usually a client limit of a controller holds ' +
    'replacements back, and background churn waits for pods that can be replaced. Raise the limit ' +
    '(it is part of the real cluster too) or ask for less churn.',
};
