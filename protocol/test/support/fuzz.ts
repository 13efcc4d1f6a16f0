/** Properties under a budget: a few runs in `make test`, minutes of them in `make fuzz`. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';

const seconds = Number(process.env.FUZZ_SECONDS ?? 0);
const seed = process.env.FUZZ_SEED;

/** Whether more than a few inputs are tried. */
export const FUZZ_IS_LONG = seconds > 0;
/** Milliseconds a test of one parser may take: its budget, and time to shrink what it finds. */
export const FUZZ_TIMEOUT_MS = seconds * 1000 + 120_000;
/** Milliseconds after which one input counts as one that hangs; none takes a hundredth, but on a machine that is busy. */
const HANGS_MS = 15_000;
/** Bytes by which memory may grow over all runs, for what a runtime keeps of its own accord. */
const GROWTH = 64 * 1024 * 1024;
/** Runs after which memory is looked at first: until then code is compiled and caches fill. */
const WARM = 20;

/** How many inputs are tried in `make test`. */
export interface FuzzOptions {
  /** 200 unless given. */
  runs?: number;
  /** Whether memory is looked at; else what ends with its process may keep what it likes. True unless given. */
  isBounded?: boolean;
}

/**
 * Runs `property` on inputs of `input`: a few times, or for `FUZZ_SECONDS` where that is set, from `FUZZ_SEED` where that is.
 * @throws with the seed and the smallest input, when the property fails, an input takes 15 seconds, memory has grown at the end, or no input was tried
 */
export async function fuzz<T>(
  name: string,
  input: fc.Arbitrary<T>,
  property: (value: T) => unknown,
  { runs = 200, isBounded = true }: FuzzOptions = {},
): Promise<void> {
  let before = 0;
  let done = 0;
  const timed = fc.asyncProperty(input, async (value) => {
    if (done++ === WARM) before = await memoryInUse();
    const begun = performance.now();
    await property(value);
    const took = performance.now() - begun;
    if (took > HANGS_MS) throw new Error(`it took ${Math.round(took)} ms`);
  });
  const details = await fc.check(timed, {
    timeout: HANGS_MS,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(FUZZ_IS_LONG
      ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000 }
      : { numRuns: runs }),
  });
  if (FUZZ_IS_LONG) process.stdout.write(`${name}: ${details.numRuns} runs from seed ${details.seed}\n`);
  if (details.failed || details.numRuns === 0)
    throw new Error(`${name}: ${fc.defaultReportMessage(details)}`, { cause: details.errorInstance });
  const grown = (await memoryInUse()) - before;
  if (isBounded && done > WARM && grown > GROWTH)
    throw new Error(`${name}: memory has grown by ${grown} bytes`);
}

/** Bytes that this process holds and still needs. */
export async function memoryInUse(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What streams and promises hold goes with the turns in between.
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    collect();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
