import { describe, expect, it, test } from 'vitest';
import { controlPlane } from './control-plane.ts';
import {
  type SliceShape,
  sliceSize,
  USUAL_NAMES,
  usualHintBytes,
  varintBytes,
} from './slice-bytes.ts';

const shape: SliceShape = { ...USUAL_NAMES, endpoints: 100, hints: 'none' };

test('numbers take a byte for every seven bits', () => {
  expect([0, 1, 127, 128, 16383, 16384, 1.8e9].map(varintBytes)).toEqual([1, 1, 1, 2, 2, 3, 5]);
});

/** Protobuf by hand: a key of field number and wire type, then a number, or a length and its bytes. */
class Message {
  readonly bytes: number[] = [];

  text(number: number, text: string): this {
    return this.raw(
      number,
      [...text].map((character) => character.charCodeAt(0)),
    );
  }

  message(number: number, message: Message): this {
    return this.raw(number, message.bytes);
  }

  number(number: number, value: number): this {
    this.bytes.push(number * 8);
    return this.varint(value);
  }

  private raw(number: number, bytes: readonly number[]): this {
    this.bytes.push(number * 8 + 2);
    this.varint(bytes.length);
    this.bytes.push(...bytes);
    return this;
  }

  private varint(value: number): this {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.bytes.push((rest % 128) + 128);
    this.bytes.push(rest);
    return this;
  }
}

const UID = '01234567-89ab-cdef-0123-456789abcdef';

const pair = (key: string, value: string) => new Message().text(1, key).text(2, value);

function written(endpoints: readonly string[]): Message {
  const owner = new Message()
    .text(1, 'Service')
    .text(3, 'web')
    .text(4, UID)
    .text(5, 'v1')
    .number(6, 1)
    .number(7, 1);
  const metadata = new Message()
    .text(1, 'web-x7k2p')
    .text(2, 'web-')
    .text(3, 'shop')
    .text(4, '')
    .text(5, UID)
    .text(6, '123456789')
    .number(7, 1)
    .message(8, new Message().number(1, 1_790_000_000).number(2, 0))
    .message(11, pair('kubernetes.io/service-name', 'web'))
    .message(11, pair('endpointslice.kubernetes.io/managed-by', 'endpointslice-controller.k8s.io'))
    .message(12, pair('endpoints.kubernetes.io/last-change-trigger-time', '2026-11-23T10:00:00Z'))
    .message(13, owner);
  const slice = new Message().message(1, metadata);
  for (const address of endpoints) {
    const target = new Message()
      .text(1, 'Pod')
      .text(2, 'shop')
      .text(3, 'web-0')
      .text(4, UID)
      .text(5, '')
      .text(6, '')
      .text(7, '');
    slice.message(
      2,
      new Message()
        .text(1, address)
        .message(2, new Message().number(1, 1).number(2, 1).number(3, 0))
        .message(4, target)
        .text(6, 'node-1')
        .text(7, 'zone-a')
        .message(8, new Message().message(1, new Message().text(1, 'zone-a'))),
    );
  }
  slice.message(3, new Message().text(1, 'http').text(2, 'TCP').number(3, 8080)).text(4, 'IPv4');
  const type = new Message().text(1, 'discovery.k8s.io/v1').text(2, 'EndpointSlice');
  return new Message().message(1, type).message(2, slice).text(3, '').text(4, '');
}

describe('the size of a slice', () => {
  it.each([0, 1, 3])('is that of a message written by hand, with %i endpoints', (endpoints) => {
    const object = written(Array.from({ length: endpoints }, () => '10.0.0.1'));
    const size = sliceSize({
      serviceName: 3,
      namespace: 4,
      nodeName: 6,
      podName: 5,
      zone: 6,
      address: 8,
      portNames: [4],
      endpoints,
      hints: 'zone',
    });
    expect(size.objectBytes).toBe('k8s\0'.length + object.bytes.length);
    const raw = new Message().text(1, 'x'.repeat(size.objectBytes));
    const event = new Message().text(1, 'MODIFIED').message(2, raw);
    expect(size.eventBytes).toBe(4 + event.bytes.length);
  });

  it('is what the constants of the fan-out say, within a tenth, for names of usual length', () => {
    const fixed = sliceSize({ ...shape, endpoints: 0 }).eventBytes;
    const { endpointBytes, objectBytes } = sliceSize(shape);
    const within = (value: number, of: number) => Math.abs(value / of - 1);
    expect(within(fixed, controlPlane.sliceBytesFixed.value)).toBeLessThan(0.1);
    expect(within(endpointBytes, controlPlane.sliceBytesPerEndpoint.value)).toBeLessThan(0.1);
    expect(within(objectBytes, 18e3)).toBeLessThan(0.1);
  });

  it('grows with every name that stands in each endpoint, hints and ports', () => {
    const { objectBytes } = sliceSize(shape);
    const grown = (others: Partial<SliceShape>) =>
      sliceSize({ ...shape, ...others }).objectBytes - objectBytes;
    expect(grown({ podName: 36 })).toBe(1000);
    expect(grown({ nodeName: 48 })).toBe(1000);
    // The length of the hints, of ForZone, of the name: a key and a length each.
    expect(grown({ hints: 'zone' })).toBe(100 * (3 * 2 + 10));
    expect(grown({ hints: 'node' })).toBe(100 * (3 * 2 + 10 + 2 * 2 + 38));
    expect(usualHintBytes('zone')).toBe(3 * 2 + 10);
    expect(usualHintBytes('none')).toBe(0);
    expect(grown({ portNames: [4, 7] })).toBe(2 + 9 + 5 + 3);
  });
});
