/**
 * The client-side rate limit of Kubernetes clients: a token bucket of `qps` and `burst` that makes
 * requests wait rather than fail, kept as one "theoretical arrival time" (GCRA). Requests are asked
 * for in time order.
 */
export class TokenBucket {
  private readonly intervalNs: number;
  private readonly toleranceNs: number;
  private theoreticalNs = 0;

  /** `qps` 0 means no limit. */
  constructor(qps: number, burst: number) {
    this.intervalNs = qps > 0 ? Math.round(1e9 / qps) : 0;
    this.toleranceNs = (burst - 1) * this.intervalNs;
  }

  /** Time at which a request made at `nowNs` may go out. */
  grant(nowNs: number): number {
    const grantNs = Math.max(nowNs, this.theoreticalNs - this.toleranceNs);
    this.theoreticalNs = Math.max(this.theoreticalNs, grantNs) + this.intervalNs;
    return grantNs;
  }
}
