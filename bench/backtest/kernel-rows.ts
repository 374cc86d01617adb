/**
 * Rows of the kernel measurements that the models were fitted to. Every constant of a model that
 * moves such a row counts as set by it: nothing here is evidence for the models, all of it is a check
 * of how well they describe what they were made from.
 */
import { type Point, PUBLISHED, readPoints } from '../fit/fit-kernel.ts';
import { measurementFile } from './measurement-file.ts';
import {
  type At,
  commandNs,
  establishedNs,
  firstPacketNs,
  plain,
  routedNs,
  saveNs,
} from './operations.ts';
import { constantsRead, pull } from './propagate.ts';
import { exactly, type Known, type Reading, type Row } from './row.ts';
import type { SourceId } from './sources.ts';

/** A constant that moves a row by less does not get its value from it. */
const MOVES = 0.005;

const MODELS: Readonly<Record<string, string>> = {
  legacy: 'iptables-legacy',
  nft: 'iptables-nft',
  nftables: 'nftables',
  'ebpf-tcx': 'ebpf',
  veth: 'dataplane',
};

interface KernelRow {
  readonly id: string;
  readonly model: string;
  readonly source: SourceId;
  readonly about: string;
  readonly measured: Known;
  readonly at: At;
}

function kernelRow({ model, at, ...rest }: KernelRow): Row {
  const reading: Reading = { setting: model, at };
  return {
    ...rest,
    models: [model],
    conditions: 'Linux 6.18, one shared machine; medians of up to three runs',
    unit: 'ns',
    readings: [reading],
    sets: owned(model, reading),
    kind: 'kernel',
  };
}

/** Constants of the model itself that move the reading. */
function owned(model: string, reading: Reading): readonly string[] {
  const value = reading.at((one) => one.value);
  return constantsRead(reading)
    .filter(
      ({ id }) => id.startsWith(`proxy.${model}.`) || id.startsWith(`${model}.`) || shared(id),
    )
    .filter((one) => pull(reading, one, value).some((by) => Math.abs(by) > MOVES))
    .map(({ id }) => id);
}

function shared(id: string): boolean {
  return id === 'proxy.command.wait';
}

/** What an operation of 4-prog is to the models: `counts` is the table after it. */
type Operation = (model: string, point: Point) => At;

const table = ({ services, endpoints }: Point) => plain(services, services * endpoints);
const changed = ({ endpoints }: Point) => ({ changedEndpoints: endpoints });

const iptablesOperations: Readonly<Record<string, Operation>> = {
  initial_load: (model, point) => commandNs(model, table(point), { initial: true, full: true }),
  full_resync: (model, point) => commandNs(model, table(point), { full: true }),
  partial_sync: (model, point) => commandNs(model, table(point), changed(point)),
  iptables_save: (model, point) => saveNs(model, table(point)),
};

const nftablesOperations: Readonly<Record<string, Operation>> = {
  initial_load: iptablesOperations['initial_load']!,
  add_service: iptablesOperations['partial_sync']!,
  change_endpoint: (model, point) =>
    commandNs(model, table(point), { ...changed(point), deletes: true }),
  del_service: (model, point) =>
    commandNs(model, table(point), { changedEndpoints: 0, deletes: true }),
  'last_chunk@': (model, point) =>
    commandNs(model, table(point), {
      changedServicePorts: 500,
      changedEndpoints: 500 * point.endpoints,
    }),
};

function programmingRows(): Row[] {
  const points = readPoints(measurementFile('fit/kernel-4-prog.csv'));
  const backEnds = {
    legacy: iptablesOperations,
    nft: iptablesOperations,
    nftables: nftablesOperations,
  };
  return Object.entries(backEnds).flatMap(([backEnd, operations]) =>
    Object.entries(operations).flatMap(([operation, at]) => {
      const measured = points.get(
        `${backEnd} ${operation}${operation.endsWith('@') ? '' : '_'}wall`,
      );
      const row = (source: SourceId) => (point: Point) =>
        programmingRow(backEnd, operation, source, point, at);
      return [
        ...(measured ?? []).map((point) => row(`4-prog, E=${point.endpoints}` as SourceId)(point)),
        ...(PUBLISHED[`${backEnd} ${operation}`] ?? []).map(row('4-prog, text')),
      ];
    }),
  );
}

function programmingRow(
  backEnd: string,
  operation: string,
  source: SourceId,
  point: Point,
  at: Operation,
): Row {
  const name = operation.replace('@', '').replaceAll('_', ' ');
  const model = MODELS[backEnd]!;
  return kernelRow({
    id: `4-prog/${model}/${name.replaceAll(' ', '-')}/${point.services}x${point.endpoints}`,
    model,
    source,
    about: `${model}, ${name}, ${point.services} x ${point.endpoints}`,
    measured: exactly(point.ns),
    at: at(model, point),
  });
}

/** Lines of kernel-paths.csv: medians over runs and the least and greatest of the runs. */
function pathRows(): Row[] {
  const [, ...lines] = measurementFile('backtest/kernel-paths.csv').trim().split('\n');
  return lines.map((line) => {
    const [experiment, backEnd, s, e, cache, at, packet, median, low, high] = line.split(',');
    const model = MODELS[backEnd!]!;
    const place = `${s === '' ? '' : `${s} x ${e}, `}${at}`;
    return kernelRow({
      id: [experiment, model, `${s}x${e}`, at, cache, packet].join('/'),
      model,
      source: experiment as SourceId,
      about: `${model}, ${packet} packet, ${place}, ${cache === 'hot' ? 'hot' : 'cold'}`,
      measured: { value: Number(median), low: Number(low), high: Number(high) },
      at: packetAt(model, packet!, Number(s), Number(e), at!, cache === 'hot' ? 0 : 1),
    });
  });
}

function packetAt(
  model: string,
  packet: string,
  s: number,
  endpointsEach: number,
  at: string,
  cold: 0 | 1,
): At {
  if (model === 'dataplane') return (read) => routedNs(read, hopsOf(at), cold);
  const services = model === 'ebpf' ? Number.parseInt(at, 10) : s;
  if (packet === 'established') {
    return (read) => routedNs(read, 1, cold) + establishedNs(model, read, services, cold);
  }
  const walked = walkedAt(at, services);
  return (read) =>
    routedNs(read, 1, cold) + firstPacketNs(model, read, { services, endpointsEach, walked, cold });
}

function hopsOf(at: string): number {
  if (at === 'direct') return 0;
  return at === 'routed' ? 1 : Number(at.slice('chain'.length));
}

/** Rules tested until the Service that `at` names; a number counts from zero. */
function walkedAt(at: string, services: number): number {
  if (at === 'first' || at === 'only') return 1;
  if (at === 'mid') return services / 2;
  return at === 'last' ? services : Number(at) + 1;
}

export function kernelRows(): Row[] {
  return [...programmingRows(), ...pathRows()];
}
