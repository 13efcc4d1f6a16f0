/**
 * Runs the protocol's test vectors (protocol/vectors/). It asks nothing of its platform but WebCrypto, so the same module
 * runs in Node and in browsers.
 */
import { isRelayError } from '../../src/index.ts';
import { CALL_OPERATIONS } from './call-operations.ts';
import type { Json, JsonObject } from './input.ts';
import { Input } from './input.ts';
import { OPERATIONS } from './operations.ts';
import { checkInteroperation, PUBLISHED_OPERATIONS } from './published.ts';
import { TOKEN_OPERATIONS } from './token-operations.ts';

export { checkInteroperation };

/** One case: what goes in, and what comes out or the code it fails with. */
export interface VectorCase {
  name: string;
  operation: string;
  input: JsonObject;
  expected?: Json;
  error?: string;
}

/** One file of vectors. */
export interface VectorFile {
  /** The section of SPEC.md or the publication that it belongs to. */
  source: string;
  /** Byte strings (base64url) that inputs of any file refer to by name. */
  data?: { [name: string]: string };
  cases: VectorCase[];
}

/** What one case came to; without `failure` it passed. */
export interface CaseResult {
  name: string;
  failure?: string;
}

const ALL = { ...OPERATIONS, ...CALL_OPERATIONS, ...TOKEN_OPERATIONS, ...PUBLISHED_OPERATIONS };

async function outcomeOf(operation: string, input: Input): Promise<{ value: Json } | { error: string }> {
  const run = ALL[operation];
  if (run === undefined) return { error: `no operation named ${operation}` };
  try {
    return { value: await run(input) };
  } catch (error) {
    return { error: isRelayError(error) ? error.code : `not a RelayError: ${error}` };
  }
}

/** JSON text that does not depend on the order of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

const shown = (value: unknown) => canonical(value).slice(0, 400);

/** Runs every case of every file. */
export async function runVectors(files: { [name: string]: VectorFile }): Promise<CaseResult[]> {
  const data = Object.assign({}, ...Object.values(files).map((file) => file.data ?? {}));
  const results: CaseResult[] = [];
  for (const [file, { cases }] of Object.entries(files)) {
    for (const { name, operation, input, expected, error } of cases) {
      const outcome = await outcomeOf(operation, new Input(input, data));
      const wanted = error === undefined ? { value: expected } : { error };
      const passed = canonical(outcome) === canonical(wanted);
      const failure = { failure: `expected ${shown(wanted)}, got ${shown(outcome)}` };
      results.push({ name: `${file}: ${name}`, ...(passed ? {} : failure) });
    }
  }
  return results;
}
