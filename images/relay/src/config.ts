import { z } from 'zod';
import { applianceSettings } from './appliance-settings.ts';
import { isSchedule } from './schedule.ts';
import type { Setting } from './setting-schema.ts';
import { host, integer, oneOf, origins, proxies, setting } from './setting-schema.ts';
import { readSetting } from './setting-text.ts';

/** Every setting of relay and worker. `.env.example` and docs/settings.md are made from it, and nothing else reads the environment. */
export const settings = {
  port: setting({
    env: 'PORT',
    doc: 'TCP port of the HTTP API and the socket. 0 takes any free one.',
    schema: integer(0, 65_535),
    default: '4000',
  }),
  host: setting({
    env: 'HOST',
    doc: 'Address to listen on. 127.0.0.1 keeps the relay to this machine.',
    schema: z.string().min(1),
    default: '0.0.0.0',
  }),
  databaseUrl: setting({
    env: 'DATABASE_URL',
    doc: 'The PostgreSQL database, with user and password. DATABASE_URL_FILE may name a file that holds it instead.',
    secret: true,
    schema: z.string().regex(/^postgres(ql)?:\/\//, 'it must be a URL that begins postgres://'),
    example: 'postgres://relay:password@localhost:5432/relay',
  }),
  webOrigins: setting({
    env: 'WEB_ORIGIN',
    doc: 'Origins of the web clients that may talk to this relay, separated by commas. Members run the client on\ntheir own machines, so this is normally the default.',
    schema: origins,
    default: 'http://localhost:5173',
  }),
  publicUrls: setting({
    env: 'RELAY_PUBLIC_URL',
    doc: 'Origins under which clients dial this relay, separated by commas: session proofs for any other are refused.\nWhen not set: http://localhost and http://127.0.0.1 with the port above.',
    schema: origins.optional(),
    example: 'http://localhost:4000,http://127.0.0.1:4000',
  }),
  mailboxMaxBlobs: setting({
    env: 'MAILBOX_MAX_BLOBS',
    doc: 'Blobs of 64 KiB that one mailbox may hold; 32768 are 2 GiB. Times the members, this must fit on the disk.\nTickets keep room for what they may still bring, for the five minutes that they live.',
    schema: integer(32, 100_000_000),
    default: '32768',
  }),
  tokensPerMemberPerDay: setting({
    env: 'TOKENS_PER_MEMBER_PER_DAY',
    doc: 'Tokens that a member may draw in a day (UTC), in batches of 64. Each buys a ticket for 32 blobs, 2 MiB, so this bounds what\none member can send: by default 6 GiB a day. Tokens can be saved up for 8 days: 12 times this, or all\nmailboxes when full (MAILBOX_MAX_BLOBS) if that is less, must fit on the disk. A page that keeps nothing draws 64 each time it is loaded.',
    schema: integer(64, 1_000_000),
    default: '3072',
  }),
  relayProcesses: setting({
    env: 'RELAY_PROCESSES',
    doc: 'Relay processes that share the database. Each grants its part of the limits below, which it counts in its memory.',
    schema: integer(1, 64),
    default: '1',
  }),
  trustedProxies: setting({
    env: 'TRUSTED_PROXY',
    doc: 'Addresses or networks of the proxies in front, separated by commas; loopback and uniquelocal (private networks) are\nnames for such. Requests from there count for the last other address of their X-Forwarded-For, all others for their own.',
    schema: proxies,
    default: '',
    example: 'loopback,172.16.0.0/12',
  }),
  addressRequestsPerMinute: setting({
    env: 'ADDRESS_REQUESTS_PER_MINUTE',
    doc: 'Requests from one address (IPv6: one /64) that prove neither a session nor a ticket. Members behind one address,\nbe it that of a proxy which is not trusted or of the onion service, share it.',
    schema: integer(60, 1_000_000),
    default: '600',
  }),
  memberRequestsPerMinute: setting({
    env: 'MEMBER_REQUESTS_PER_MINUTE',
    doc: 'Requests of one member. Fetching counts as one for each 32 blobs.',
    schema: integer(60, 1_000_000),
    default: '1200',
  }),
  mailboxBlobsPerMinute: setting({
    env: 'MAILBOX_BLOBS_PER_MINUTE',
    doc: 'Blobs that one mailbox takes; 6000 are 375 MiB.',
    schema: integer(64, 1_000_000),
    default: '6000',
  }),
  megabytesPerSecond: setting({
    env: 'MEGABYTES_PER_SECOND',
    doc: 'Blobs that one member, or one address where no session is shown, fetches, in megabytes a second; and as many at\nonce. Blobs that are sent count three times. What is too much waits, and is not refused.',
    schema: integer(1, 10_000),
    default: '12',
  }),
  socketsPerMember: setting({
    env: 'SOCKETS_PER_MEMBER',
    doc: 'Sockets of one member: open windows.',
    schema: integer(1, 10_000),
    default: '32',
  }),
  roomsPerMember: setting({
    env: 'ROOMS_PER_MEMBER',
    doc: 'Seats of one member in rooms of calls, in all its windows together.',
    schema: integer(1, 10_000),
    default: '64',
  }),
  signalsPerSecond: setting({
    env: 'SIGNALS_PER_SECOND',
    doc: 'Signals of one member, in units of 4 KiB; twenty times as many at once.',
    schema: integer(20, 100_000),
    default: '200',
  }),
  turnCredentialsAtOnce: setting({
    env: 'TURN_CREDENTIALS_AT_ONCE',
    doc: 'Credentials for the TURN server that one member gets at once; one more every 30 seconds.',
    schema: integer(1, 10_000),
    default: '20',
  }),
  logLevel: setting({
    env: 'LOG_LEVEL',
    doc: 'fatal, error, warn, info, debug or silent. No level logs addresses, keys, ids or requests.',
    schema: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'silent'),
    default: 'info',
  }),
  workerSchedule: setting({
    env: 'WORKER_SCHEDULE',
    doc: 'When the worker removes what has expired, as a cron expression in UTC.',
    schema: z.string().refine(isSchedule, 'it must be a cron expression, such as */10 * * * *'),
    default: '*/10 * * * *',
  }),
  workerHealthFile: setting({
    env: 'WORKER_HEALTH_FILE',
    doc: 'File in which the worker notes until when it counts as healthy, for health checks. Set in the image.',
    schema: z.string().min(1).optional(),
    example: '/tmp/worker-health',
  }),
  turnSecretsFile: setting({
    env: 'TURN_SECRETS_FILE',
    doc: 'File of the secrets that relay and TURN server share. Without it there are no credentials for calls.',
    schema: z.string().min(1).optional(),
    example: '/run/turn-secrets/secrets',
  }),
  turnHost: setting({
    env: 'TURN_HOST',
    doc: 'Name or address under which members reach the TURN server. When not set: that of RELAY_PUBLIC_URL.',
    schema: host.optional(),
    example: 'relay.example',
  }),
  turnPort: setting({
    env: 'TURN_PORT',
    doc: 'Port of the TURN server for UDP and TCP.',
    schema: integer(1, 65_535),
    default: '3478',
  }),
  turnsPort: setting({
    env: 'TURNS_PORT',
    doc: 'Port of the TURN server for TLS, where it has a certificate.',
    schema: integer(1, 65_535).optional(),
    example: '5349',
  }),
  turnTtlSeconds: setting({
    env: 'TURN_TTL_SECONDS',
    doc: 'Life of a credential for the TURN server, in seconds, from 300 to 86400.',
    schema: integer(300, 86_400),
    default: '3600',
  }),
  turnRotateSchedule: setting({
    env: 'TURN_ROTATE_SCHEDULE',
    doc: 'When the worker makes a new TURN secret, as a cron expression in UTC; off means never. No call notices.',
    schema: z
      .string()
      .refine(
        (text) => text === 'off' || isSchedule(text),
        'it must be off or a cron expression, such as 17 4 * * 1',
      ),
    default: '17 4 * * 1',
  }),
} as const;

/** Settings of the appliance's other parts, some of which begin like those of the relay: one `.env` may hold them all. */
const OTHER_PARTS: ReadonlySet<string> = new Set(applianceSettings.map(({ env }) => env));

/** The parsed configuration. */
export type Config = { readonly [K in keyof typeof settings]: z.output<(typeof settings)[K]['schema']> };

/** The configuration cannot be used. Its message has one line for each fault, and no value of a secret. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  /** @param faults one line each: the variable and what it should be */
  constructor(faults: readonly string[]) {
    super(`The configuration has faults:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * Reads the configuration once, at start.
 * @param env the environment; a variable that is empty counts as not set
 * @throws ConfigError that names every fault at once
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = [];
  const entries = Object.entries<Setting<z.ZodType<unknown, string | undefined>>>(settings).map(
    ([key, declared]) => {
      const { text = declared.default, from, fault } = readSetting(env, declared.env, declared.secret);
      if (fault !== undefined) {
        faults.push(fault);
        return [key, undefined];
      }
      const parsed = declared.schema.safeParse(text);
      if (parsed.success) return [key, parsed.data];
      const words = parsed.error.issues.map((issue) => issue.message).join('; ');
      faults.push(`${from}: ${text === undefined ? `must be set, for example ${declared.example}` : words}`);
      return [key, undefined];
    },
  );
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.fromEntries(entries) as Config;
}

/**
 * Names variables that look like settings and are none, such as misspelt ones.
 * @param env the environment
 * @returns their names, sorted; never a value
 */
export function unknownSettings(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = Object.values<Setting<z.ZodType<unknown, string | undefined>>>(settings).flatMap(
    (declared) => (declared.secret ? [declared.env, `${declared.env}_FILE`] : [declared.env]),
  );
  const families = known.filter((name) => name.includes('_')).map((name) => `${name.split('_')[0]}_`);
  return Object.keys(env)
    .filter(
      (name) =>
        !known.includes(name) && !OTHER_PARTS.has(name) && families.some((family) => name.startsWith(family)),
    )
    .sort();
}
