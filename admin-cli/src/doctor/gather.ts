import { isRelayError } from '@relay/protocol/wire';
import { UserFault } from '../faults.ts';
import { withMemberStore } from '../services/member-store.ts';
import { inspectSecrets, unixNow } from '../services/turn-secrets.ts';
import { readTarget } from '../services/turn-target.ts';
import type { TurnCheck, TurnTarget } from '../turn-test/index.ts';
import { testTurn } from '../turn-test/index.ts';
import type { ApiFacts, CertificateFacts, DatabaseFacts, Facts, Seen, TurnFacts } from './facts.ts';
import type { HostFacts } from './host-facts.ts';
import { isLoopback, isOnion, splitList } from './origin.ts';
import { probeApi, probeCertificate, probeWebOrigin } from './probe.ts';

/** Where {@link gatherFacts} looks. */
export interface Sources {
  /** Unix seconds. */
  now(): number;
  database(): Promise<DatabaseFacts>;
  turnSecrets(): Promise<Awaited<ReturnType<typeof inspectSecrets>>>;
  api(origin: string): Promise<ApiFacts>;
  webOrigin(relay: string, origin: string): Promise<boolean | undefined>;
  /** What the appliance's own Caddy shows for a domain, asked from beside it; undefined where it does not answer. */
  ownCertificate(domain: string): Promise<CertificateFacts | undefined>;
  turn(server: TurnServerSettings): Promise<TurnFacts>;
}

/** Where the TURN server is. */
export interface TurnServerSettings {
  host: string;
  port: number;
  /** Undefined where it has no TLS. */
  tlsPort: number | undefined;
  /** Whether its certificate is of an authority of its own. */
  insecure: boolean;
}

/** What a person says of where things are. */
export interface GatherOptions {
  host: HostFacts | undefined;
  /** The process's own settings; those of the host half go before. */
  env: Readonly<Record<string, string | undefined>>;
  /** The relay itself, past every proxy. */
  relay: string | undefined;
}

const TURN_PORT = 3_478;
/** Caddy's name in the networks of the appliance. */
const CADDY = 'caddy';
const TLS_PORT = 443;
/** Each answer of the TURN server, which is near. */
const ANSWER_MS = 3_000;

/** Looks at everything at once; what is away does not keep the rest from being seen. */
export async function gatherFacts(sources: Sources, { host, env, relay }: GatherOptions): Promise<Facts> {
  const settings = { ...env, ...host?.settings };
  const dialled = splitList(settings.RELAY_PUBLIC_URL).filter(
    (url) => URL.canParse(url) && new URL(url).origin === url,
  );
  // From a container, loopback is the container; through Tor is another matter.
  const asked = dialled.filter((url) => {
    const { hostname } = new URL(url);
    return !isOnion(hostname) && !(relay !== undefined && isLoopback(hostname));
  });
  const server = turnServer(settings, host, dialled);
  const now = sources.now();
  const [database, turnSecrets, inside, origins, webOrigins, turn] = await Promise.all([
    seen(() => sources.database()),
    seen(() => sources.turnSecrets()),
    relay === undefined ? undefined : sources.api(relay),
    Promise.all(asked.map((origin) => askOrigin(sources, origin, settings))),
    takenOrigins(sources, relay ?? asked[0], splitList(settings.WEB_ORIGIN)),
    typeof server === 'string' ? { fault: server } : seen(() => sources.turn(server)),
  ]);
  return { now, host, settings, database, turnSecrets, relay: inside, origins, webOrigins, turn };
}

/** Where the way around by the outside is barred, Caddy's certificate is looked at from inside. */
async function askOrigin(
  sources: Sources,
  origin: string,
  settings: GatherOptions['env'],
): Promise<ApiFacts> {
  const facts = await sources.api(origin);
  const domain = settings.RELAY_DOMAIN ?? '';
  const isOwn = origin === `https://${domain}` && (settings.COMPOSE_FILE ?? '').includes('compose/tls.yml');
  if (facts.certificate !== undefined || !isOwn) return facts;
  const certificate = await sources.ownCertificate(domain);
  return { ...facts, ...(certificate && { certificate }) };
}

async function takenOrigins(sources: Sources, relay: string | undefined, origins: readonly string[]) {
  if (relay === undefined) return [];
  const answers = await Promise.all(
    origins.map(async (origin) => ({ origin, accepted: await sources.webOrigin(relay, origin) })),
  );
  return answers.flatMap(({ origin, accepted }) => (accepted === undefined ? [] : [{ origin, accepted }]));
}

/** The server as members have it, or why there is none to test. */
function turnServer(
  settings: GatherOptions['env'],
  host: HostFacts | undefined,
  dialled: readonly string[],
): TurnServerSettings | string {
  const outside = dialled
    .map((url) => new URL(url).hostname)
    .find((name) => !isLoopback(name) && !isOnion(name));
  const name =
    settings.TURN_HOST ||
    settings.RELAY_DOMAIN ||
    outside ||
    splitList(settings.TURN_EXTERNAL_IP)[0] ||
    splitList(settings.TURN_LISTEN_IP)[0] ||
    host?.address4 ||
    host?.address6;
  if (!name) return 'nobody said where it is. Set TURN_HOST in .env.';
  return {
    host: name,
    port: Number(settings.TURN_PORT || TURN_PORT),
    tlsPort: settings.TURNS_PORT ? Number(settings.TURNS_PORT) : undefined,
    insecure: settings.RELAY_TLS_ISSUER === 'internal',
  };
}

async function seen<T extends object>(look: () => Promise<T>): Promise<Seen<T>> {
  try {
    return await look();
  } catch (error) {
    const known =
      error instanceof UserFault || isRelayError(error) || (error instanceof Error && 'syscall' in error);
    if (!known) throw error;
    return { fault: (error as Error).message };
  }
}

/**
 * What a test found, made again where something failed: a machine that was busy for a moment loses a packet or an answer,
 * and who runs doctor by cron is not to be called for that.
 */
export async function confirmed(test: () => Promise<TurnCheck[]>): Promise<TurnCheck[]> {
  const checks = await test();
  return checks.every(({ held }) => held) ? checks : test();
}

/** The sources of the real server. */
export function realSources(databaseUrl: string | undefined, secretsFile: string | undefined): Sources {
  return {
    now: unixNow,
    database: () =>
      withMemberStore(databaseUrl, async (store) => {
        const [migrations, totals, days] = await Promise.all([
          store.migrations(),
          store.totals(),
          store.countByDay(),
        ]);
        const { members, blobs, expired, databaseBytes } = totals;
        const busiestDay = Math.max(0, ...days.map((day) => day.blobs));
        return { migrations, members, blobs, expired, bytes: databaseBytes, busiestDay };
      }),
    turnSecrets: () => inspectSecrets(secretsFile),
    api: probeApi,
    webOrigin: probeWebOrigin,
    ownCertificate: (domain) => probeCertificate(CADDY, TLS_PORT, domain),
    turn: (server) => testServer(server, secretsFile),
  };
}

async function testServer(server: TurnServerSettings, secretsFile: string | undefined): Promise<TurnFacts> {
  const target: TurnTarget = {
    ...(await readTarget({ ...server, secretsFile, transports: undefined, caFile: undefined })),
    answerMs: ANSWER_MS,
  };
  const certificate: Promise<CertificateFacts | undefined> =
    server.tlsPort === undefined ? Promise.resolve(undefined) : probeCertificate(target.host, server.tlsPort);
  const [checks, shown] = await Promise.all([confirmed(() => testTurn(target)), certificate]);
  return { host: server.host, checks, ...(shown && { certificate: shown }) };
}
