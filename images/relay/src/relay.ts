import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RelayError, randomBytes } from '@relay/protocol/wire';
import { createBlobRepository } from './blobs/repository.ts';
import { createBlobService } from './blobs/service.ts';
import type { Config } from './config.ts';
import { openDatabase } from './database/pools.ts';
import { checkDatabase } from './database/readiness.ts';
import { createAnnouncer } from './events/announcer.ts';
import { CHANNELS, decodeArrivals } from './events/channels.ts';
import { startListener } from './events/listener.ts';
import { createFaults } from './faults.ts';
import { createApp } from './http/app.ts';
import { closeServer } from './http/close.ts';
import { createRefusals } from './http/refusals.ts';
import { createLimits } from './limits/limits.ts';
import type { Logger } from './log.ts';
import { createMailboxRepository } from './mailbox/repository.ts';
import { createMailboxService } from './mailbox/service.ts';
import { createRoomService } from './rooms/service.ts';
import { createRosterRepository } from './roster/repository.ts';
import { createSessionRepository } from './sessions/repository.ts';
import { createSessionService } from './sessions/service.ts';
import { openGateway } from './socket/gateway.ts';
import { createTicketRepository } from './tickets/repository.ts';
import { createTicketService } from './tickets/service.ts';
import type { Now } from './time.ts';
import { createDrawCount } from './tokens/draw-count.ts';
import { createIssuerKeys } from './tokens/keys.ts';
import { startOprf } from './tokens/oprf.ts';
import { createTokenService } from './tokens/service.ts';
import { createTurnService } from './turn/service.ts';

/** A running relay process. */
export interface Relay {
  /** Where this process is reached on this machine, `http://127.0.0.1:<port>`. */
  url: string;
  port: number;
  /** Says goodbye, lets requests under way end (a few seconds at most), and closes everything. */
  close(): Promise<void>;
}

/** Settings that a relay process uses. */
export type RelayConfig = Omit<
  Config,
  'logLevel' | 'workerSchedule' | 'workerHealthFile' | 'turnRotateSchedule'
>;

/** A slow upload over an onion service takes its time; one that takes longer is cut. */
const REQUEST_MS = 120_000;
const ADDRESS_SECRET_BYTES = 32;
const HEADERS_MS = 20_000;
/** Longer than that of proxies, which would otherwise send into a connection that is being closed. */
const KEEP_ALIVE_MS = 130_000;

/**
 * Starts a relay process: puts the parts together, and listens. The database may be away; it is used when it is there.
 * @throws the system's error when the port is taken
 */
export async function startRelay(config: RelayConfig, log: Logger, now: Now = Date.now): Promise<Relay> {
  const server = createServer({
    requestTimeout: REQUEST_MS,
    headersTimeout: HEADERS_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  server.listen(config.port, config.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const publicUrls = config.publicUrls ?? [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
  const { webOrigins, mailboxMaxBlobs } = config;

  const database = openDatabase(config.databaseUrl);
  const faults = createFaults(log, now);
  const announcer = createAnnouncer(database.pool);
  const sessionRepository = createSessionRepository(database);
  const sessions = createSessionService({
    repository: sessionRepository,
    publicUrls,
    now,
    randomBytes,
  });
  const limits = createLimits(config, randomBytes(ADDRESS_SECRET_BYTES), now);
  const refusals = createRefusals();
  const rooms = createRoomService({
    limits,
    findCircleId: sessionRepository.findCircleId,
    publicUrls,
    now,
    randomBytes,
  });
  const oprf = startOprf();
  const tokens = createTokenService({
    keys: createIssuerKeys(database.pool, now),
    count: createDrawCount(database.pool, config.tokensPerMemberPerDay, now),
    oprf,
  });
  const tickets = createTicketService({
    tokens,
    repository: createTicketRepository(database),
    mailboxMaxBlobs,
    now,
    randomBytes,
  });
  const blobs = createBlobService({
    repository: createBlobRepository(database),
    tickets,
    mailboxes: limits.mailboxes,
    announce: announcer.announce,
    now,
    uniform: (n) => randomInt(n),
  });

  const turn = createTurnService({
    limiter: limits.turn,
    secretsFile: config.turnSecretsFile,
    server: {
      host: config.turnHost ?? new URL(publicUrls[0] ?? 'http://localhost').hostname,
      port: config.turnPort,
      tlsPort: config.turnsPort,
      ttl: config.turnTtlSeconds,
    },
    log,
    now,
  });

  let isStopping = false;
  const app = createApp({
    sessions,
    tokens,
    tickets,
    blobs,
    mailbox: createMailboxService(createMailboxRepository(database), now),
    roster: createRosterRepository(database.prisma),
    turn,
    accounts: limits.accounts,
    refusals,
    webOrigins,
    checkReady: async () => {
      if (!listener.isListening()) throw new RelayError('unavailable');
      await checkDatabase(database.pool);
    },
    isStopping: () => isStopping,
    faults,
  });
  server.on('request', app);
  const gateway = openGateway(server, { sessions, rooms, limits, faults, now, webOrigins });
  const listener = startListener(
    config.databaseUrl,
    {
      channels: {
        [CHANNELS.arrivals]: (payload) => gateway.announce(decodeArrivals(payload)),
        [CHANNELS.resync]: () => gateway.resync(),
        [CHANNELS.sessionEnd]: (payload) => gateway.endSession(payload),
      },
      onListening: () => {
        gateway.resync();
        gateway.recheck().catch(faults);
      },
    },
    log,
  );
  log.info({ port }, 'listening');

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: async () => {
      isStopping = true;
      refusals.close();
      log.info('stopping');
      const closed = closeServer(server);
      gateway.close();
      await closed;
      await oprf.close();
      await announcer.close();
      await listener.close();
      await database.close();
      log.info('stopped');
    },
  };
}
