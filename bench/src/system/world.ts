import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ownPort, pageUrl } from '@relay/demo/parts';
import { createDatabase, dataDirFor, dropDatabase, startPostgres } from '@relay/demo/postgres';
import type { Allowlist, Identity } from '@relay/protocol';
import { generateCircle, loadIdentity, writeIdentityFile } from '@relay/protocol';
import { connect } from '@relay/server/admin';
import { migrate } from '@relay/server/migrate';
import { Pool } from 'pg';
import type { MemberPages } from '../browser/member-page.ts';
import { serveMember } from '../browser/member-page.ts';
import { CONNECTIONS } from '../floors/routes.ts';
import { startServerProcess } from './child.ts';
import type { BenchCircle } from './circle.ts';
import { makeCircle } from './circle.ts';
import type { BenchTurn } from './turn.ts';
import { prepareTurn } from './turn.ts';

/** A server and the database behind it. */
export interface Side {
  url: string;
  /** For what a measurement prepares and clears away. */
  pool: Pool;
  /** Its process. */
  pid: number;
}

/** A relay with several members. */
export interface Crowd extends Side {
  circleId: Uint8Array;
  /** Identity files. */
  files: Uint8Array[];
  /** The same, opened. */
  identities: Identity[];
}

/** What the measurements run in: each part is started when the first one needs it, and shared. */
export interface World {
  circle(): Promise<BenchCircle>;
  /** A relay as operators run it: its own process, over a PostgreSQL that flushes to disk. */
  relay(): Promise<Side>;
  /** A relay as {@link World.relay}, with a circle of several. */
  crowd(): Promise<Crowd>;
  /** The bare server over a database of its own, on the same PostgreSQL. */
  floor(): Promise<Side>;
  /** A coturn that takes what the relay makes credentials with. */
  turn(): Promise<BenchTurn>;
  /** Pages in a browser of the sender (0) or the recipient (1). */
  pages(member: 0 | 1): Promise<MemberPages>;
  /** Version of the PostgreSQL server; undefined when nothing needed it. */
  postgresVersion(): string | undefined;
  /** Ends everything and removes the data. Calling it again is fine. */
  close(): Promise<void>;
}

/** Members of a crowd. */
const CROWD = 6;
const ROOT = new URL('../../../', import.meta.url);
const RELAY = new URL('images/relay/src/main.ts', ROOT);
const FLOOR = new URL('../floors/server.ts', import.meta.url);

/** Makes a world in which nothing runs yet. */
export function createWorld(): World {
  const closers: (() => Promise<unknown>)[] = [];
  let closing: Promise<void> | undefined;

  /** Starts something once, however often it is asked for. */
  function shared<T>(start: () => Promise<T>): () => Promise<T> {
    let running: Promise<T> | undefined;
    return () => {
      running ??= start();
      return running;
    };
  }

  let version: string | undefined;
  const circle = shared(makeCircle);

  const postgres = shared(async () => {
    const dataDir = dataDirFor(fileURLToPath(ROOT).replace(/\/$/, ''), 'bench');
    const server = await startPostgres({ dataDir, durable: true });
    closers.push(async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    });
    return server;
  });

  async function startSide(
    name: string,
    program: URL,
    env: Record<string, string>,
    allowlist?: Allowlist,
  ): Promise<Side> {
    const { url: adminUrl } = await postgres();
    // A run that was killed leaves its databases behind.
    await dropDatabase(adminUrl, name);
    const databaseUrl = await createDatabase(adminUrl, name);
    await migrate(databaseUrl);
    const admin = connect(databaseUrl);
    await admin.seed(allowlist ?? (await circle()).allowlist, { prune: false }).finally(() => admin.close());
    const pool = new Pool({ connectionString: databaseUrl, max: CONNECTIONS });
    // A pool does not wait for its connections to close: some break as the server stops. One that breaks earlier fails its statement.
    pool.on('error', () => undefined);
    closers.push(() => pool.end());
    const { rows } = await pool.query<{ server_version: string }>('SHOW server_version');
    version = rows[0]?.server_version;
    const server = await startServerProcess(program, { DATABASE_URL: databaseUrl, ...env });
    closers.push(() => server.stop());
    return { url: server.url, pool, pid: server.pid };
  }

  // The relay is told of the pages before they are there.
  const ports = shared(() => Promise.all([ownPort(), ownPort()]));
  const relay = shared(async () => {
    const [sender, recipient] = await ports();
    const webOrigin = [sender, recipient].map(pageUrl).join(',');
    return startSide('bench_relay', RELAY, {
      // What the relay can do, not what it lets one member have.
      ...{ PORT: '0', HOST: '127.0.0.1', WEB_ORIGIN: webOrigin, MEGABYTES_PER_SECOND: '10000' },
      ...(await turnPlace()).env,
    });
  });
  // The relay is told of coturn too, which runs only where calls are measured.
  const turnPlace = shared(async () => {
    const place = await prepareTurn();
    closers.push(() => place.close());
    return place;
  });
  const pagesOf = ([0, 1] as const).map((member) =>
    shared(async () => {
      const pages = await serveMember(
        (await circle()).files[member],
        (await relay()).url,
        (await ports())[member],
      );
      closers.push(() => pages.close());
      return pages;
    }),
  );

  return {
    circle,
    relay,
    crowd: shared(async () => {
      const labels = Array.from({ length: CROWD }, (_, i) => `Member ${i + 1}`);
      const { identities, allowlist } = await generateCircle(labels);
      const files = await Promise.all(identities.map((identity) => writeIdentityFile(identity)));
      const side = await startSide('bench_crowd', RELAY, { PORT: '0', HOST: '127.0.0.1' }, allowlist);
      const opened = await Promise.all(files.map((file) => loadIdentity(file)));
      return { ...side, circleId: allowlist.circleId, files, identities: opened };
    }),
    turn: shared(async () => (await turnPlace()).start()),
    floor: shared(() => startSide('bench_floor', FLOOR, {})),
    pages: (member) => (pagesOf[member] as () => Promise<MemberPages>)(),
    postgresVersion: () => version,
    close() {
      closing ??= (async () => {
        for (const end of closers.toReversed()) await end();
      })();
      return closing;
    },
  };
}
