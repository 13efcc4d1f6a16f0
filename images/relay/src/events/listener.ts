import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Logger } from '../log.ts';
import { describeFault } from '../log.ts';

/** The one connection on which a relay process hears of events. */
export interface Listener {
  /** Whether it hears now. */
  isListening(): boolean;
  /** Stops listening. */
  close(): Promise<void>;
}

/** What to do. */
export interface ListenerHandlers {
  /** Channels, and what to do with a payload. */
  channels: Readonly<Record<string, (payload: string) => void>>;
  /** It listens, for the first time or again: anything may have been missed. */
  onListening(): void;
}

const CONNECT_MS = 5_000;
const HEARTBEAT_MS = 15_000;
const RETRY_MS = { least: 100, most: 5_000 };

/** Starts listening, and goes on for ever: a connection that is lost is made again. */
export function startListener(databaseUrl: string, handlers: ListenerHandlers, log: Logger): Listener {
  const closing = new AbortController();
  let current: Client | undefined;
  let isLost = false;

  /** Listens until the connection is lost; resolves to why, where it said. */
  async function listen(client: Client): Promise<unknown> {
    let fault: unknown;
    client.on('error', (error) => {
      fault ??= error;
    });
    const lost = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('notification', ({ channel, payload = '' }) => handlers.channels[channel]?.(payload));
    await client.connect();
    const names = Object.keys(handlers.channels);
    await client.query(names.map((name) => `LISTEN ${client.escapeIdentifier(name)}`).join('; '));
    if (closing.signal.aborted) return undefined;
    current = client;
    if (isLost) log.info('the database is back');
    isLost = false;
    handlers.onListening();
    // A connection can die without a word; a question that gets no answer finds out.
    const heartbeat = setInterval(() => {
      client.query('SELECT 1').catch(() => client.end());
    }, HEARTBEAT_MS);
    await lost;
    clearInterval(heartbeat);
    return fault;
  }

  async function run(): Promise<void> {
    let delay = RETRY_MS.least;
    while (!closing.signal.aborted) {
      const client = new Client({
        connectionString: databaseUrl,
        application_name: 'relay events',
        connectionTimeoutMillis: CONNECT_MS,
        query_timeout: CONNECT_MS,
        keepAlive: true,
      });
      const fault = await listen(client).catch((error: unknown) => error);
      if (current) delay = RETRY_MS.least;
      current = undefined;
      // Never awaited: a broken connection may never say that it ended.
      void client.end().catch(() => undefined);
      if (closing.signal.aborted) return;
      if (!isLost) log.warn(fault ? { code: describeFault(fault).code } : {}, 'the database is away');
      isLost = true;
      await sleep(delay, undefined, { signal: closing.signal }).catch(() => undefined);
      delay = Math.min(2 * delay, RETRY_MS.most);
    }
  }

  const running = run();
  return {
    isListening: () => current !== undefined,
    async close() {
      closing.abort();
      await current?.end().catch(() => undefined);
      await running;
    },
  };
}
