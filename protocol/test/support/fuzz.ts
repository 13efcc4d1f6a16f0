/** Properties under a budget: a few runs in `make test`, minutes of them in `make fuzz`. */
import fc from 'fast-check';

const seconds = Number(process.env.FUZZ_SECONDS ?? 0);
const seed = process.env.FUZZ_SEED;

/** Milliseconds a test of one parser may take: its budget, and time to shrink what it finds. */
export const FUZZ_TIMEOUT_MS = seconds * 1000 + 60_000;

/**
 * Runs `property` on inputs of `input`: 200 times, or for `FUZZ_SECONDS` where that is set, from `FUZZ_SEED` where that is.
 * @throws with the seed and the smallest input, when the property fails or no input was tried
 */
export async function fuzz<T>(
  name: string,
  input: fc.Arbitrary<T>,
  property: (value: T) => Promise<unknown>,
): Promise<void> {
  const details = await fc.check(
    fc.asyncProperty(input, async (value) => {
      await property(value);
    }),
    {
      ...(seed === undefined ? {} : { seed: Number(seed) }),
      ...(seconds > 0
        ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000 }
        : { numRuns: 200 }),
    },
  );
  if (seconds > 0) process.stdout.write(`${name}: ${details.numRuns} runs from seed ${details.seed}\n`);
  if (details.failed || details.numRuns === 0)
    throw new Error(`${name}: ${fc.defaultReportMessage(details)}`);
}
