/** The client's settings, from Vite's environment (`.env.local.example`). */
import { z } from 'zod';

const DEFAULT_API_URL = 'http://localhost:4000';
const DEFAULT_SENT_LOG_MINUTES = '5-30';

/** A variable that is set to nothing counts as not set. */
const unset = z.literal('').transform(() => undefined);

const apiUrl = z
  .url({ protocol: /^https?$/ })
  .transform((text) => new URL(text))
  .refine(
    (url) => url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '',
    'An origin alone: no path, query or user.',
  )
  .transform((url) => url.origin);

const flag = z.enum(['0', '1', 'false', 'true']).transform((text) => text === '1' || text === 'true');

const minutes = z
  .string()
  .regex(/^\d{1,4}(\.\d{1,3})?-\d{1,4}(\.\d{1,3})?$/, 'Two numbers of minutes, such as 5-30.')
  .transform((text) => {
    const [shortest = 0, longest = 0] = text.split('-').map(Number);
    return [shortest, longest] as const;
  })
  .refine(([shortest, longest]) => shortest <= longest, 'The shorter time comes first.');

const environment = z
  .object({
    VITE_API_URL: unset.or(apiUrl).optional(),
    VITE_ALLOW_INSECURE_RELAY: unset.or(flag).optional(),
    VITE_SENT_LOG_MINUTES: unset.or(minutes).optional(),
  })
  .transform((env) => ({
    apiUrl: env.VITE_API_URL ?? DEFAULT_API_URL,
    allowInsecure: env.VITE_ALLOW_INSECURE_RELAY ?? false,
    sentLogMinutes: env.VITE_SENT_LOG_MINUTES ?? minutes.parse(DEFAULT_SENT_LOG_MINUTES),
  }));

/** What the client needs to know before it starts. */
export interface ClientConfig {
  /** The relay's origin, without a trailing slash. */
  apiUrl: string;
  /** Talk to a relay over plain HTTP although it is not on this machine. */
  allowInsecure: boolean;
  /** After how many minutes the own copy of a sent message is uploaded: a random time in this window (SPEC.md §10). */
  sentLogMinutes: readonly [number, number];
}

/**
 * Reads the settings.
 * @param env `import.meta.env`, or what Vite's `loadEnv` returns; other variables are ignored
 * @throws Error with one line for each variable that cannot be used
 */
export function parseConfig(env: Record<string, unknown>): ClientConfig {
  const parsed = environment.safeParse(env);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`The settings of the client cannot be used.\n${lines.join('\n')}`);
}
