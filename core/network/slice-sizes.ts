/**
 * Bytes of the EndpointSlices of each Service in a watch event or a list: what the plan says where the
 * names in them are known, else the constants for names of usual length, with hints if endpoints
 * have them. Endpoints that are not ready have none; they are counted as if they had.
 */
import type { ConstantReader } from '../constant.ts';
import { controlPlane } from '../models/control-plane.ts';
import { usualHintBytes } from '../models/slice-bytes.ts';
import type { ServicePlan } from '../plan.ts';
import type { HintRules } from './hint-rules.ts';

export class SliceSizes {
  private readonly usualFixed: number;
  private readonly usualPerEndpoint: number;
  /** By Service. */
  private readonly fixed: Float64Array;
  private readonly perEndpoint: Float64Array;
  /** What is listed: slices and endpoints of usual size, and the bytes of all others. */
  private slices = 0;
  private endpoints = 0;
  private otherBytes = 0;
  private readonly isUsual: Uint8Array;

  constructor(read: ConstantReader, services: readonly ServicePlan[], hints: HintRules | null) {
    this.usualFixed = read(controlPlane.sliceBytesFixed);
    this.usualPerEndpoint = read(controlPlane.sliceBytesPerEndpoint);
    const bytesOf = {
      none: 0,
      zone: usualHintBytes('zone'),
      node: usualHintBytes('node'),
    };
    const hintBytes = services.map((_, service) => bytesOf[hints?.kind(service) ?? 'none']);
    this.fixed = Float64Array.from(services, ({ slices }) => slices?.bytesFixed ?? this.usualFixed);
    this.perEndpoint = Float64Array.from(
      services,
      ({ slices }, service) =>
        slices?.bytesPerEndpoint ?? this.usualPerEndpoint + hintBytes[service]!,
    );
    this.isUsual = Uint8Array.from(services, ({ slices }, service) =>
      slices === null && hintBytes[service] === 0 ? 1 : 0,
    );
  }

  /** A slice of a Service with so many endpoints. */
  bytes(service: number, endpoints: number): number {
    return this.fixed[service]! + this.perEndpoint[service]! * endpoints;
  }

  /** From now on lists hold so many more (or fewer) slices of a Service, and endpoints in them. */
  list(service: number, slices: number, endpoints: number): void {
    if (this.isUsual[service] === 1) {
      this.slices += slices;
      this.endpoints += endpoints;
    } else {
      this.otherBytes += slices * this.fixed[service]! + endpoints * this.perEndpoint[service]!;
    }
  }

  /** Of all slices that a list holds. */
  listed(): number {
    const { slices, endpoints, usualFixed, usualPerEndpoint, otherBytes } = this;
    return slices * usualFixed + endpoints * usualPerEndpoint + otherBytes;
  }
}
