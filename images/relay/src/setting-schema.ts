import { isIP, isIPv6 } from 'node:net';
import proxyAddr from 'proxy-addr';
import { z } from 'zod';

/** One key of the configuration. */
export interface Setting<S extends z.ZodType<unknown, string | undefined>> {
  /** Name of the environment variable. */
  env: string;
  /** What it does, for people; one line or several. */
  doc: string;
  /** Reads the variable's text. */
  schema: S;
  /** Text used when the variable is not set. Without one the variable must be set, unless its schema is optional. */
  default?: string;
  /** Text shown in `.env.example` where there is no default. */
  example?: string;
  /** Whether it is a secret: then it may also come from the file that `<env>_FILE` names, and is never shown. */
  secret?: boolean;
}

/** A setting, checked by its type. */
export function setting<S extends z.ZodType<unknown, string | undefined>>(declared: Setting<S>): Setting<S> {
  return declared;
}

/** A whole number within bounds, both included. */
export function integer(least: number, most: number) {
  const error = `it must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { error, abort: true })
    .transform(Number)
    .pipe(z.number().min(least, error).max(most, error));
}

/** One of some words. */
export function oneOf<const W extends readonly [string, ...string[]]>(...words: W) {
  return z.enum(words, `it must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`);
}

const origin = z.string().superRefine((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.origin === text) return;
  const hint = url && url.origin !== 'null' ? `; write ${url.origin}` : ', such as https://relay.example';
  context.addIssue({ code: 'custom', message: `"${text}" is not an origin${hint}` });
});
/** Origins that commas separate. */
export const origins = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(origin));

/** As `proxy-addr` takes them. */
export const proxies = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
  .refine((list) => {
    try {
      proxyAddr.compile(list);
      return true;
    } catch {
      return false;
    }
  }, 'it must be addresses, networks such as 172.16.0.0/12, loopback, linklocal or uniquelocal');

/** As it stands in a URL: an IPv6 address in brackets. */
export const host = z
  .string()
  .transform((text) => (isIPv6(text) ? `[${text}]` : text))
  .refine(
    (text) => isIP(text.replace(/^\[(.*)\]$/, '$1')) > 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text),
    'it must be a host name or an address, without a port',
  );
