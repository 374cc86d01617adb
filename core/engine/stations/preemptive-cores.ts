/**
 * CPU cores on which packets (softirq) come before jobs of agents: packets are served first come
 * first served as if there were no jobs; jobs of a core run one after the other in what packets
 * leave, are interrupted at once and go on where they were (preemptive resume). A long job delays
 * the jobs behind it and no packet.
 *
 * No event per packet is needed for that. Let spare(t) be the time up to t in which no packet was
 * served. In the clock `spare`, which stands still while packets are served, jobs are a plain FIFO
 * station: `due = max(spare(now), last due) + work`. A job is done when spare(t) reaches its due,
 * and if no packet comes in between, that is `(end of packet work) + (due - spare)`. A packet can
 * only make it later. So `endNs` is a lower bound that becomes exact when time reaches it. Look at
 * it when it matters, or keep one event for a job: when it fires too early, schedule it again at the
 * new `endNs`. At packet load r each round waits for what came in the round before, r times as long:
 * about ln(work / service of a packet) / ln(1 / r) events. Ends in the past stay known: the
 * packet that closes a gap settles the jobs that ended in it.
 *
 * Exact in whole nanoseconds. All calls for one core are in order of time. Left out: moving a job
 * to another core once it is submitted, time slices between jobs, the cost of a switch, and the
 * kernel's ksoftirqd, which lets jobs have a share when packets alone would fill a core.
 */
import { assert } from '../../assert.ts';

const NONE = -1;

export class PreemptiveCores {
  /** By core: when packets that have come so far are all served, and spare time up to then. */
  private readonly packetsUntilNs: Float64Array;
  private readonly spareNs: Float64Array;
  /** By core: the unsettled jobs in order, and the due of the last one submitted. */
  private readonly firstJob: Int32Array;
  private readonly lastJob: Int32Array;
  private readonly lastDueNs: Float64Array;
  /** By job. An unsettled job has a core; a settled one an end. */
  private readonly coreOf: Int32Array;
  private readonly dueNs: Float64Array;
  private readonly endedNs: Float64Array;
  private readonly nextJob: Int32Array;

  /** Jobs are numbers of the caller, such as one an agent; each is at one core at a time. */
  constructor(cores: number, jobs: number) {
    this.packetsUntilNs = new Float64Array(cores);
    this.spareNs = new Float64Array(cores);
    this.firstJob = new Int32Array(cores).fill(NONE);
    this.lastJob = new Int32Array(cores).fill(NONE);
    this.lastDueNs = new Float64Array(cores);
    this.coreOf = new Int32Array(jobs).fill(NONE);
    this.dueNs = new Float64Array(jobs);
    this.endedNs = new Float64Array(jobs);
    this.nextJob = new Int32Array(jobs).fill(NONE);
  }

  /** Departure of a packet that needs `serviceNs` >= 0 of a core. Whole nanoseconds in and out. */
  visit(core: number, arrivalNs: number, serviceNs: number): number {
    let startNs = this.packetsUntilNs[core]!;
    if (arrivalNs > startNs) {
      this.closeGap(core, arrivalNs);
      startNs = arrivalNs;
    }
    const departureNs = startNs + serviceNs;
    this.packetsUntilNs[core] = departureNs;
    return departureNs;
  }

  /** How long ago a core has served its last packet; 0 while packets are there. */
  idleNs(core: number, nowNs: number): number {
    return Math.max(0, nowNs - this.packetsUntilNs[core]!);
  }

  /** Job `job`, which is not unfinished, wants `workNs` >= 1 of a core from `nowNs` on. */
  submit(job: number, core: number, nowNs: number, workNs: number): void {
    assert(workNs >= 1, 'a job without work');
    assert(this.coreOf[job] === NONE || this.endNs(job) <= nowNs, 'a job that has not ended yet');
    if (this.coreOf[job] !== NONE) this.settleUntil(this.coreOf[job]!, nowNs);
    const dueNs = Math.max(this.spareAt(core, nowNs), this.lastDueNs[core]!) + workNs;
    this.lastDueNs[core] = dueNs;
    this.dueNs[job] = dueNs;
    this.coreOf[job] = core;
    if (this.firstJob[core] === NONE) this.firstJob[core] = job;
    else this.nextJob[this.lastJob[core]!] = job;
    this.lastJob[core] = job;
  }

  /**
   * When the job ends if no further packet comes before: final as soon as time has reached it.
   * Infinity for a job that a failure has voided, 0 for one never submitted.
   */
  endNs(job: number): number {
    const core = this.coreOf[job]!;
    return core === NONE ? this.endedNs[job]! : this.expectedEndNs(core, job);
  }

  /** The core is empty from `nowNs` on: departures after that are void, unfinished jobs never end. */
  voidStation(core: number, nowNs: number): void {
    this.closeGap(core, nowNs);
    while (this.firstJob[core] !== NONE) this.settleFirst(core, Number.POSITIVE_INFINITY);
    this.lastDueNs[core] = 0;
    this.packetsUntilNs[core] = nowNs;
  }

  /** Adds the time from the end of packet work to `nowNs` to the spare time. */
  private closeGap(core: number, nowNs: number): void {
    if (this.firstJob[core] !== NONE) this.settleUntil(core, nowNs);
    this.spareNs[core] = this.spareAt(core, nowNs);
  }

  private settleUntil(core: number, nowNs: number): void {
    const spareNs = this.spareAt(core, nowNs);
    for (;;) {
      const job = this.firstJob[core]!;
      if (job === NONE || this.dueNs[job]! > spareNs) break;
      this.settleFirst(core, this.expectedEndNs(core, job));
    }
  }

  private settleFirst(core: number, endNs: number): void {
    const job = this.firstJob[core]!;
    this.firstJob[core] = this.nextJob[job]!;
    this.nextJob[job] = NONE;
    this.coreOf[job] = NONE;
    this.endedNs[job] = endNs;
  }

  private spareAt(core: number, nowNs: number): number {
    return this.spareNs[core]! + this.idleNs(core, nowNs);
  }

  private expectedEndNs(core: number, job: number): number {
    return this.packetsUntilNs[core]! + (this.dueNs[job]! - this.spareNs[core]!);
  }
}
