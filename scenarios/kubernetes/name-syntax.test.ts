import { expect, it } from 'vitest';
import {
  dnsLabelProblem,
  dnsSubdomainProblem,
  labelKeyProblem,
  labelValueProblem,
  portNameProblem,
} from './name-syntax.ts';

it.each([
  [
    'a namespace',
    dnsLabelProblem,
    ['a', 'a-1', '0a', 'a'.repeat(63)],
    ['', 'A', '-a', 'a-', 'a.b', 'a'.repeat(64)],
  ],
  [
    'a policy',
    dnsSubdomainProblem,
    ['a', 'a.b-c.d', 'a'.repeat(253)],
    ['', 'a..b', '.a', 'a_b', 'A', 'a'.repeat(254)],
  ],
  [
    'a label',
    labelKeyProblem,
    ['app', 'App_1.x', 'example.com/app', 'constructor', 'a'.repeat(63)],
    ['', '/app', 'a/', 'a/b/c', 'A.com/x', '-a', '__proto__', 'a b', 'a'.repeat(64)],
  ],
  ['a value', labelValueProblem, ['', 'a', 'A_b.c-1'], ['-a', 'a-', 'a b', 'a/b', 'a'.repeat(64)]],
  [
    'a port',
    portNameProblem,
    ['http', 'a', '1a', 'a-b', 'a'.repeat(15)],
    ['', '80', '-a', 'a-', 'a--b', 'A', 'a_b', 'a'.repeat(16)],
  ],
] as const)('names of %s are those of Kubernetes', (_what, problem, good, bad) => {
  for (const text of good) expect([text, problem(text)]).toEqual([text, undefined]);
  for (const text of bad) expect([text, problem(text)]).not.toEqual([text, undefined]);
});
