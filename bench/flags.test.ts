import { describe, expect, it } from 'vitest';
import { ENGINE } from './engine.ts';
import { HELP, parseFlags, UsageError } from './flags.ts';
import { BENCHMARKS } from './suites.ts';

describe('the flags of the benchmarks', () => {
  it('default to all benchmarks at full size, three rounds, peers included', () => {
    expect(parseFlags(['engine'])).toEqual({
      json: false,
      only: ENGINE.map(({ name }) => name),
      rounds: 3,
      scale: 1,
      peers: true,
    });
  });

  it('choose benchmarks, rounds and output', () => {
    const flags = parseFlags(['engine', '--json', '--only', 'mm1,barrier', '--rounds', '5']);
    expect(flags).toMatchObject({ json: true, only: ['mm1', 'barrier'], rounds: 5, peers: true });
  });

  it('take one round of few events without peers when asked to be quick', () => {
    const quick = parseFlags(['engine', '--quick']);
    expect(quick).toMatchObject({ rounds: 1, peers: false });
    expect(quick!.scale).toBeLessThan(0.1);
    expect(parseFlags(['engine', '--quick', '--rounds', '2'])).toMatchObject({ rounds: 2 });
  });

  it('choose another suite', () => {
    expect(parseFlags(['policy'])!.only).toContain('policy-compile');
  });

  it('ask for help, which names every benchmark', () => {
    expect(parseFlags(['--help'])).toBeNull();
    for (const { name } of BENCHMARKS) expect(HELP).toContain(`  ${name} `);
  });

  it.each([
    [[], 'engine'],
    [['engine', '--only', 'policy-compile'], 'No benchmark policy-compile'],
    [['report'], 'report'],
    [['engine', 'twice'], 'engine twice'],
    [['engine', '--fast'], '--fast'],
    [['engine', '--only', 'mm1,mm2'], 'No benchmark mm2'],
    [['engine', '--rounds', '0'], '--rounds'],
    [['engine', '--rounds', 'many'], '--rounds'],
  ])('are refused with what is wrong: %j', (args, what) => {
    expect(() => parseFlags(args)).toThrow(UsageError);
    expect(() => parseFlags(args)).toThrow(what);
  });
});
