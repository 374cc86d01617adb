/** Did-you-mean: the candidate with the smallest edit distance, if it is close enough to be meant. */

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let old = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(old[j]! + 1, row[j - 1]! + 1, old[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, older[j - 2]! + 1);
      }
      row.push(best);
    }
    older = old;
    old = row;
  }
  return old[b.length]!;
}

/** At most a third of the letters may differ. Texts over 80 characters are nobody's typo. */
export function isClose(word: string, candidate: string): boolean {
  if (word.length > 80 || candidate.length > 80) return false;
  return distance(word, candidate) <= Math.max(1, Math.floor(candidate.length / 3));
}

/** The nearest candidate; the first of equals. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  for (const candidate of candidates) {
    if (!isClose(word, candidate)) continue;
    if (best === undefined || distance(word, candidate) < distance(word, best)) best = candidate;
  }
  return best;
}

/** To put before what is allowed; empty when nothing is near. */
export function didYouMean(word: unknown, candidates: Iterable<string>): string {
  const meant = typeof word === 'string' ? suggest(word, candidates) : undefined;
  return meant === undefined ? '' : `did you mean ${meant}? `;
}

function distance(word: string, candidate: string): number {
  return editDistance(word.toLowerCase(), candidate.toLowerCase());
}
