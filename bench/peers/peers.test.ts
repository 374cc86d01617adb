import { describe, expect, it } from 'vitest';
import { closures } from './closures.ts';
import { PEERS } from './index.ts';

describe('the peers', () => {
  it.each(PEERS)('are there, or say how to install them: $name', async (peer) => {
    const reason = await peer.absent();
    if (reason !== null) expect(reason).toMatch(/install/);
  });

  it('are measured: a heap of closures needs nothing to be installed', async () => {
    expect(await closures.absent()).toBeNull();
    const { events, seconds } = await closures.measure();
    expect(events / seconds).toBeGreaterThan(1000);
  });
});
