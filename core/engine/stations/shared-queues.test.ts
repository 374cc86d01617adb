import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visit } from '../station.ts';
import { SharedQueues } from './shared-queues.ts';

interface Customer {
  readonly arrivalNs: number;
  readonly serviceNs: number;
}
interface Served {
  readonly departureNs: number;
  readonly server: number;
}

/** One queue and c servers, event by event: who has been idle longest takes the head of the queue. */
function simulate(servers: number, customers: readonly Customer[]): Served[] {
  const served: Served[] = [];
  const waiting: number[] = [];
  const idle = Array.from({ length: servers }, (_, server) => ({ server, sinceNs: 0 }));
  const busy: { server: number; untilNs: number }[] = [];
  const begin = (nowNs: number) => {
    idle.sort((a, b) => a.sinceNs - b.sinceNs || a.server - b.server);
    while (idle.length > 0 && waiting.length > 0) {
      const { server } = idle.shift()!;
      const customer = waiting.shift()!;
      const untilNs = nowNs + customers[customer]!.serviceNs;
      served[customer] = { departureNs: untilNs, server };
      busy.push({ server, untilNs });
    }
  };
  const endServices = (untilNs: number) => {
    for (;;) {
      busy.sort((a, b) => a.untilNs - b.untilNs || a.server - b.server);
      if (busy.length === 0 || busy[0]!.untilNs > untilNs) return;
      const ended = busy.shift()!;
      idle.push({ server: ended.server, sinceNs: ended.untilNs });
      begin(ended.untilNs);
    }
  };
  customers.forEach(({ arrivalNs }, customer) => {
    endServices(arrivalNs);
    waiting.push(customer);
    begin(arrivalNs);
  });
  endServices(Number.POSITIVE_INFINITY);
  return served;
}

/** Arrivals in order, most of them in crowds of one nanosecond; services of 0 among them. */
const customers = fc
  .array(fc.tuple(fc.constantFrom(0, 0, 1, 2, 7), fc.nat(12)), { maxLength: 80 })
  .map((steps) => {
    let arrivalNs = 0;
    return steps.map(([gap, serviceNs]): Customer => {
      arrivalNs += gap;
      return { arrivalNs, serviceNs };
    });
  });

describe('SharedQueues', () => {
  it('have the departures and the servers of a simulation with an explicit queue', () => {
    fc.assert(
      fc.property(customers, fc.integer({ min: 1, max: 9 }), (all, servers) => {
        const stations = new SharedQueues(Int32Array.of(3, servers, 2));
        const served = all.map(({ arrivalNs, serviceNs }): Served => {
          stations.visit(0, arrivalNs, 2 * serviceNs);
          const departureNs = stations.visit(1, arrivalNs, serviceNs);
          return { departureNs, server: stations.server };
        });
        expect(served).toEqual(simulate(servers, all));
      }),
      { seed: 40_002, numRuns: 500 },
    );
  });

  it('are the plain FIFO station when there is one server', () => {
    fc.assert(
      fc.property(customers, (all) => {
        const stations = new SharedQueues(Int32Array.of(1));
        const station = new Float64Array(1);
        for (const { arrivalNs, serviceNs } of all) {
          const departureNs = visit(station, 0, arrivalNs, serviceNs);
          expect(stations.visit(0, arrivalNs, serviceNs)).toBe(departureNs);
        }
      }),
      { seed: 40_003, numRuns: 100 },
    );
  });

  it('keep no server idle while somebody waits, and no server serves two at once', () => {
    fc.assert(
      fc.property(customers, fc.integer({ min: 1, max: 9 }), (all, servers) => {
        const stations = new SharedQueues(Int32Array.of(servers));
        const visits = all.map(({ arrivalNs, serviceNs }) => {
          const departureNs = stations.visit(0, arrivalNs, serviceNs);
          return { arrivalNs, departureNs, startNs: departureNs - serviceNs };
        });
        const last = Math.max(0, ...visits.map(({ departureNs }) => departureNs));
        for (let nowNs = 0; nowNs < last; nowNs++) {
          const busy = visits.filter((one) => one.startNs <= nowNs && nowNs < one.departureNs);
          const waits = visits.some((one) => one.arrivalNs <= nowNs && nowNs < one.startNs);
          expect(busy.length).toBeLessThanOrEqual(servers);
          if (waits) expect(busy.length).toBe(servers);
        }
      }),
      { seed: 40_004, numRuns: 100 },
    );
  });

  it('are empty after a failure, and others are not', () => {
    const stations = new SharedQueues(Int32Array.of(2, 2));
    for (let i = 0; i < 4; i++) {
      stations.visit(0, 0, 100);
      stations.visit(1, 0, 100);
    }
    stations.voidStation(0, 30);
    expect(stations.visit(0, 30, 5)).toBe(35);
    expect(stations.server).toBe(0);
    expect(stations.visit(0, 31, 5)).toBe(36);
    expect(stations.server).toBe(1);
    expect(stations.visit(1, 31, 5)).toBe(205);
  });
});
