/** Whether generated rules would load: jumps lead to declared chains, and no chain is unreachable. */

/** Names of chains that are jumped to but not declared, or declared for a Service but never used. */
export function brokenChains(
  lines: readonly string[],
  declared: RegExp,
  target: RegExp,
  own: RegExp,
): string[] {
  const chains = new Set<string>();
  const targets = new Set<string>();
  for (const line of lines) {
    const chain = declared.exec(line)?.[1];
    if (chain !== undefined) {
      if (chains.has(chain)) return [`${chain} twice`];
      chains.add(chain);
    }
    for (const match of line.matchAll(target)) targets.add(match[1]!);
  }
  const missing = [...targets].filter((chain) => !chains.has(chain));
  const unused = [...chains].filter((chain) => own.test(chain) && !targets.has(chain));
  return [...missing, ...unused];
}
