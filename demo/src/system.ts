/** The whole system, started in order and ended in the opposite one. */
import { join } from 'node:path';
import { migrate } from '@relay/server/migrate';
import { ensureCircle, identityFile, LABELS, seedCircle } from './circle.ts';
import { pageUrl, startClient } from './client.ts';
import { findTurnserver, startCoturn } from './coturn.ts';
import { DemoError } from './errors.ts';
import { checkPage } from './pages.ts';
import { requireFree } from './ports.ts';
import type { PostgresServer } from './postgres/index.ts';
import { createDatabase, PostgresError, startPostgres } from './postgres/index.ts';
import { isAlive } from './postgres/process.ts';
import { exchangeMessages } from './probe.ts';
import { Processes } from './processes.ts';
import { relayUrl, startRelay, startWorker } from './relay.ts';
import type { RecordedProcess } from './run-record.ts';
import type { Settings } from './settings.ts';
import { checkTurn, shareSecret } from './turn.ts';

/** What the system tells while it runs. */
export interface SystemEvents {
  /** A step is done. */
  done(step: string, outcome: string): void;
  /** The children are now these. */
  children(all: RecordedProcess[]): void;
  /** A part ended by itself. */
  lost(error: DemoError): void;
}

/** A page to open. */
export interface Page {
  label: string;
  url: string;
}

const DATABASE = 'relay';
const WATCH_MS = 500;

/** Relay, worker, database, TURN server and two pages on this machine. */
export class System {
  readonly #settings: Settings;
  readonly #events: SystemEvents;
  readonly #processes: Processes;
  #postgres: Promise<PostgresServer> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #closing = false;

  constructor(settings: Settings, events: SystemEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#processes = new Processes(
      settings.files.logs,
      (all) => events.children(all),
      (error) => events.lost(error),
    );
  }

  /**
   * Starts everything and proves that it works.
   * @throws DemoError, PostgresError; {@link close} is then still needed
   */
  async start(): Promise<Page[]> {
    const { relay, clients, turn, files } = this.#settings;
    const { done } = this.#events;
    const turnserver = findTurnserver();
    for (const port of [relay, ...clients]) await requireFree(port);
    if (turnserver !== undefined) await requireFree(turn, true);

    const isNew = await ensureCircle(files.identities);
    done(
      'circle',
      isNew
        ? `${LABELS.length} members made in ${files.identities}`
        : `the ${LABELS.length} members of before`,
    );
    const databaseUrl = await this.#startDatabase();
    done('seed', `${await seedCircle(files.identities, databaseUrl)} members new to the relay`);

    const apiUrl = relayUrl(relay.port);
    const webOrigins = clients.map(({ port }) => pageUrl(port));
    // The worker has no part in it: coturn's secret stands in its configuration, so it must not rotate.
    const shared = turnserver === undefined ? undefined : await shareSecret(join(files.state, 'turn'));
    await startRelay(this.#processes, {
      port: relay.port,
      databaseUrl,
      webOrigins,
      ...(shared && { turn: { port: turn.port, secretsFile: shared.file } }),
    });
    done('relay', `ready on port ${relay.port}`);
    await startWorker(this.#processes, databaseUrl);
    done('worker', 'swept once');
    if (turnserver === undefined || shared === undefined)
      done('coturn', 'not installed, so nobody can call: apt-get install coturn');
    else {
      const folder = join(files.state, 'coturn');
      await startCoturn(this.#processes, {
        program: turnserver,
        port: turn.port,
        folder,
        secret: shared.secret,
      });
      await checkTurn(identityFile(files.identities, 1), apiUrl, turn.port);
      done('coturn', `ready on port ${turn.port}, serves members, refuses strangers`);
    }
    const pages = await this.#startPages(apiUrl);
    await exchangeMessages(files.identities, apiUrl, new Date());
    done('messages', `one from ${LABELS[0]} to ${LABELS[1]} and one back, through the relay`);
    return pages;
  }

  /** Ends everything, whatever had been started; resolves when no process is left. */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#watch);
    await this.#processes.close();
    const server = await this.#postgres?.catch(() => undefined);
    await server?.stop();
  }

  async #startDatabase(): Promise<string> {
    const { postgres, files } = this.#settings;
    if (this.#closing) throw new DemoError('child_ended', 'PostgreSQL is not started: everything is ending.');
    this.#postgres = startPostgres({
      dataDir: files.postgres,
      ...(postgres === undefined ? {} : { port: postgres.port }),
    }).catch((error: unknown) => {
      if (!(error instanceof PostgresError && error.code === 'port_taken')) throw error;
      throw new DemoError(
        'port_taken',
        `${error.message} Its variable is PG_PORT; without it any free port is used.`,
        {
          cause: error,
        },
      );
    });
    const server = await this.#postgres;
    this.#watch = setInterval(() => {
      if (isAlive(server.pid)) return;
      clearInterval(this.#watch);
      this.#events.lost(
        new DemoError('child_ended', `PostgreSQL ended; see ${join(server.dataDir, 'server.log')}.`),
      );
    }, WATCH_MS);
    this.#events.done('postgres', `ready on port ${server.port}`);
    const url = await createDatabase(server.url, DATABASE).catch((error: Error & { code?: string }) => {
      if (error.code !== '42P04') throw error;
      return Object.assign(new URL(server.url), { pathname: `/${DATABASE}` }).href;
    });
    const applied = await migrate(url);
    this.#events.done('migrations', applied.length > 0 ? `${applied.length} applied` : 'up to date');
    return url;
  }

  async #startPages(apiUrl: string): Promise<Page[]> {
    const { clients, files } = this.#settings;
    const pages = clients.map(({ port }, i) => ({
      label: `${LABELS[i]} (member ${String(i + 1).padStart(2, '0')})`,
      url: pageUrl(port),
      port,
      name: `client-${i + 1}`,
      identityFile: identityFile(files.identities, i + 1),
    }));
    const caches = join(files.state, 'vite');
    await Promise.all(pages.map((page) => startClient(this.#processes, { ...page, apiUrl, caches })));
    for (const { port, identityFile: file } of pages) await checkPage(port, file);
    this.#events.done('client', `two pages, each with its own member's identity and for itself alone`);
    return pages.map(({ label, url }) => ({ label, url }));
  }
}
