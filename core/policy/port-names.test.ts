import { describe, expect, it } from 'vitest';
import type { ContainerPort } from './objects.ts';
import { NO_NAMES, PortNames } from './port-names.ts';
import { NO_PORTS, portRange, union } from './port-set.ts';

const tcp = (name: string | undefined, port: number): ContainerPort => ({
  name,
  port,
  protocol: 'TCP',
});
const dns: ContainerPort = { name: 'dns', port: 53, protocol: 'UDP' };

describe('names of ports', () => {
  it('mean nothing until a policy mentions them', () => {
    const names = new PortNames();
    expect(names.intern([tcp('http', 80)])).toBe(NO_NAMES);
    expect(names.mention('http')).toBe(true);
    expect(names.mention('http')).toBe(false);
    expect(names.intern([tcp('http', 80)])).not.toBe(NO_NAMES);
    expect(names.intern([tcp('other', 80), tcp(undefined, 81)])).toBe(NO_NAMES);
  });

  it('tell destinations apart by number and protocol, not by order or ports nobody mentions', () => {
    const names = new PortNames();
    names.mention('http');
    names.mention('dns');
    const id = names.intern([tcp('http', 80), dns]);
    expect(names.intern([dns, tcp('admin', 9), tcp('http', 80)])).toBe(id);
    expect(names.intern([dns, tcp('http', 81)])).not.toBe(id);
    expect(names.intern([{ ...dns, protocol: 'TCP' }, tcp('http', 80)])).not.toBe(id);
  });

  it('are resolved on the destination, on all ports of that name and of the protocol asked', () => {
    const names = new PortNames();
    names.mention('dns');
    const id = names.intern([dns, tcp('dns', 53), tcp('dns', 5353)]);
    const ofTcp = union(portRange('TCP', 53, 53), portRange('TCP', 5353, 5353));
    expect(names.resolve(id, { name: 'dns', protocol: 'TCP' })).toEqual(ofTcp);
    expect(names.resolve(id, { name: 'dns', protocol: undefined })).toEqual(
      union(ofTcp, portRange('UDP', 53, 53)),
    );
    expect(names.resolve(id, { name: 'dns', protocol: 'SCTP' })).toEqual(NO_PORTS);
    expect(names.resolve(NO_NAMES, { name: 'dns', protocol: 'TCP' })).toEqual(NO_PORTS);
  });
});
