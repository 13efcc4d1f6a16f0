/** More changes than this, and it is another word. */
const MOST_CHANGES = 3;

/**
 * The name that was most likely meant.
 * @returns undefined where none is near
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.min(MOST_CHANGES, Math.floor(name.length / 3)) + 1;
  for (const one of known) {
    const changes = distance(name.toUpperCase(), one.toUpperCase());
    if (changes < least) [best, least] = [one, changes];
  }
  return best;
}

/** Letters to put in, take out, change or swap with the next to make one word of the other. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const steps = [(row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1)];
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) steps.push((before[j - 2] ?? 0) + 1);
      next.push(Math.min(...steps));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
