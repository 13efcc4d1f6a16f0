/** The whole system for one test file: database, relay, and a page for each member that needs one. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CIRCLE_KEY_FILE, generateIdentities } from '@relay/admin-cli/services';
import {
  HeadlessMember,
  identityFile,
  ownPort,
  Processes,
  pageUrl,
  seedCircle,
  startClient,
} from '@relay/demo/parts';
import { createDatabase, dropDatabase } from '@relay/demo/postgres';
import { migrate } from '@relay/server/migrate';
import type { Relay } from '@relay/server/testing';
import { startRelay } from '@relay/server/testing';
import type { RelayProxy } from './relay-proxy.ts';
import { TurnServer } from './turn.ts';

/** A page to serve. */
export interface PageOptions {
  /** Whose identity it gets; without one the visitor has to bring it. */
  member?: number;
  /** Bounds of the delay of the sent log, as in `VITE_SENT_LOG_MINUTES`. */
  sentLogMinutes?: string;
}

/** What differs from the usual. */
export interface StackOptions {
  /** Blobs that one mailbox may hold. */
  mailboxMaxBlobs?: number;
  /** Tokens that a member may draw in a day: every window with a fresh profile draws 64. */
  tokensPerMemberPerDay?: number;
  /** A TURN server beside it, with credentials that live so many seconds. */
  turnTtlSeconds?: number;
  /** What the pages are led through on their way to the relay; {@link Stack.close} closes it too. */
  proxy?: RelayProxy;
}

/** A running system. */
export interface Stack<P extends string> {
  databaseUrl: string;
  /** Addresses of the pages by their names. */
  pages: Record<P, string>;
  /** The relay's origin. */
  relayUrl: string;
  /** The log that the relay has written so far. */
  relayLog(): string;
  /** Where the stack was given one. @throws Error elsewhere */
  turn: TurnServer;
  /** Path of the circle's key, which replaces members. */
  circleKeyPath: string;
  /** Path and content of a member's identity file. */
  identityPath(number: number): string;
  identity(number: number): Uint8Array;
  /** A member without a browser, with another clock where one is given. */
  open(number: number, now?: () => number): Promise<HeadlessMember>;
  stopRelay(): Promise<void>;
  /** Starts a new relay on the same port, where none runs. */
  startRelay(): Promise<void>;
  close(): Promise<void>;
}

let databases = 0;

/**
 * Starts a system with a circle of its own.
 *
 * @param adminUrl - superuser's connection URL of the run's PostgreSQL
 * @param labels - the circle's members
 * @param pages - what to serve
 * @param options - of the relay
 */
export async function startStack<P extends string>(
  adminUrl: string,
  labels: readonly string[],
  pages: Record<P, PageOptions>,
  options: StackOptions = {},
): Promise<Stack<P>> {
  const folder = mkdtempSync('/var/tmp/relay-stack-');
  const identities = join(folder, 'identities');
  const processes = new Processes(join(folder, 'logs'));
  const database = `stack_${process.pid}_${++databases}`;
  const databaseUrl = await createDatabase(adminUrl, database);
  await migrate(databaseUrl);
  await generateIdentities({ directory: identities, labels });
  await seedCircle(identities, databaseUrl);

  const names = Object.keys(pages) as P[];
  const ports = await Promise.all([...names, 'relay'].map(ownPort));
  const relayPort = ports.pop() ?? 0;
  const webOrigins = ports.map(pageUrl);
  const log: string[] = [];
  const logTo = { write: (line: string) => void log.push(line) };
  const turn =
    options.turnTtlSeconds === undefined ? undefined : await TurnServer.start(join(folder, 'turn'));
  const turnOptions = turn && {
    turnSecretsFile: turn.secretsFile,
    turnHost: '127.0.0.1',
    turnPort: turn.port,
  };
  const { proxy, mailboxMaxBlobs, tokensPerMemberPerDay, turnTtlSeconds } = options;
  proxy?.lead(relayPort);
  const publicUrls = [`http://127.0.0.1:${relayPort}`, ...(proxy ? [proxy.url] : [])];
  const start = () =>
    startRelay({
      ...{ databaseUrl, port: relayPort, publicUrls, webOrigins, logTo, ...turnOptions },
      ...(mailboxMaxBlobs !== undefined && { mailboxMaxBlobs }),
      ...(tokensPerMemberPerDay !== undefined && { tokensPerMemberPerDay }),
      ...(turnTtlSeconds !== undefined && { turnTtlSeconds }),
    });
  let relay: Relay | undefined = await start();
  const relayUrl = relay.url;
  const identityPath = (number: number) => identityFile(identities, number);
  await Promise.all(
    names.map((name, i) => {
      const { member, sentLogMinutes } = pages[name];
      return startClient(processes, {
        name,
        port: ports[i] ?? 0,
        apiUrl: proxy?.url ?? relayUrl,
        identityFile: member === undefined ? join(folder, 'none') : identityPath(member),
        caches: join(folder, 'vite'),
        still: true,
        ...(sentLogMinutes === undefined ? {} : { sentLogMinutes }),
      });
    }),
  );

  const stack: Stack<P> = {
    databaseUrl,
    pages: Object.fromEntries(names.map((name, i) => [name, webOrigins[i]])) as Record<P, string>,
    relayUrl,
    relayLog: () => log.join(''),
    get turn() {
      if (turn === undefined) throw new Error('this stack was started without a TURN server');
      return turn;
    },
    circleKeyPath: join(identities, CIRCLE_KEY_FILE),
    identityPath,
    identity: (number) => readFileSync(identityPath(number)),
    open: (number, now) => HeadlessMember.open(stack.identity(number), relayUrl, now),
    async stopRelay() {
      await relay?.close();
      relay = undefined;
    },
    async startRelay() {
      relay ??= await start();
    },
    async close() {
      await processes.close();
      await stack.stopRelay();
      await turn?.close();
      await proxy?.close();
      await dropDatabase(adminUrl, database);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return stack;
}
