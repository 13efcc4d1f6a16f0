import { RelayError } from '@relay/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RelayHttp } from '../src/transport/http.ts';
import type { LinkStatus } from '../src/transport/link.ts';
import { Link } from '../src/transport/link.ts';
import type { RelaySocket } from '../src/transport/socket.ts';
import { connectSocket } from '../src/transport/socket.ts';

vi.mock('../src/transport/socket.ts', () => ({ connectSocket: vi.fn() }));
const connectTo = vi.mocked(connectSocket);

type Code = ConstructorParameters<typeof RelayError>[0];

/** A link between a relay that does as it is told and an ear. */
function setUp() {
  const relay = {
    sessions: 0,
    expiresIn: 900,
    refuse: undefined as RelayError | undefined,
    closed: false,
    sockets: [] as { token: number; renewed: number[]; isClosed: boolean; end(code: Code): void }[],
    renew: async (_token: number) => {},
  };
  const http = {
    origin: 'https://relay.example',
    async challenge() {
      if (relay.refuse) throw relay.refuse;
      return { nonce: new Uint8Array(32), protocol: [1], expiresIn: 60 };
    },
    openSession: async () => ({ token: Uint8Array.of(++relay.sessions), expiresIn: relay.expiresIn }),
    close: () => {
      relay.closed = true;
    },
  } as unknown as RelayHttp;
  connectTo.mockImplementation(async (_origin, token) => {
    const { promise: ended, resolve } = Promise.withResolvers<RelayError>();
    const socket = {
      token: token[0] as number,
      renewed: [] as number[],
      isClosed: false,
      end: (code: Code) => resolve(new RelayError(code)),
    };
    relay.sockets.push(socket);
    return {
      ended,
      async renew(newer) {
        await relay.renew(newer[0] as number);
        socket.renewed.push(newer[0] as number);
      },
      rooms: { join: async () => [], leave() {}, async signal() {} },
      close() {
        socket.isClosed = true;
      },
    } satisfies RelaySocket;
  });
  const told = { statuses: [] as LinkStatus[], resyncs: 0 };
  const prove = async () => ({ bundle: new Uint8Array(), signature: new Uint8Array() });
  const link = new Link(http, prove, {
    status: (status) => told.statuses.push(status),
    resync: () => told.resyncs++,
    blobs: () => {},
  });
  const last = () => told.statuses.at(-1)?.status;
  /** Milliseconds until the retry that was told last. */
  const wait = () => {
    const status = told.statuses.at(-1);
    return status !== undefined && 'retryAt' in status ? status.retryAt - Date.now() : Number.NaN;
  };
  return { link, relay, told, last, wait };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('a link', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('connects, and asks for a listing each time it does', async () => {
    const { link, relay, told } = setUp();
    link.connect();
    link.connect();
    await settle();
    expect(told.statuses.map(({ status }) => status)).toEqual(['connecting', 'online']);
    expect([told.resyncs, relay.sessions, relay.sockets.length]).toEqual([1, 1, 1]);
    relay.sockets[0]?.end('unavailable');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told.statuses.map(({ status }) => status).slice(2)).toEqual(['offline', 'connecting', 'online']);
    expect([told.resyncs, relay.sockets.length]).toEqual([2, 2]);
  });

  it('waits twice as long after each failure, up to a minute, with jitter', async () => {
    const { link, relay, wait } = setUp();
    relay.refuse = new RelayError('relay_unreachable');
    link.connect();
    await settle();
    for (const ceiling of [1, 2, 4, 8, 16, 32, 60, 60]) {
      expect(wait()).toBeGreaterThanOrEqual(ceiling * 500);
      expect(wait()).toBeLessThanOrEqual(ceiling * 1_000);
      // Timers are of whole milliseconds.
      await vi.advanceTimersByTimeAsync(Math.floor(wait()));
    }
  });

  it('does not hammer a relay that lets it in and drops it at once, and forgives one that held', async () => {
    const { link, relay, wait } = setUp();
    vi.spyOn(Math, 'random').mockReturnValue(1);
    link.connect();
    await settle();
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      relay.sockets.at(-1)?.end('relay_unreachable');
      await settle();
      waits.push(wait());
      await vi.advanceTimersByTimeAsync(wait());
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
    await vi.advanceTimersByTimeAsync(61_000);
    relay.sockets.at(-1)?.end('relay_unreachable');
    await settle();
    expect(wait()).toBe(1_000);
  });

  it('waits at least as long as the relay asks', async () => {
    const { link, relay, wait } = setUp();
    relay.refuse = new RelayError('rate_limited', undefined, { retryAfter: 40 });
    link.connect();
    await settle();
    expect(wait()).toBe(40_000);
  });

  it('connects at once when it is asked to, instead of at the retry', async () => {
    const { link, relay, last } = setUp();
    relay.refuse = new RelayError('relay_unreachable');
    link.connect();
    await settle();
    relay.refuse = undefined;
    link.connect();
    await settle();
    expect(last()).toBe('online');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(relay.sockets).toHaveLength(1);
  });

  it.each(['unauthenticated', 'origin_mismatch', 'origin_refused', 'protocol_unsupported'] as const)(
    'is refused by %s, and asks again only once a minute',
    async (code) => {
      const { link, relay, told, last, wait } = setUp();
      relay.refuse = new RelayError(code);
      link.connect();
      await settle();
      expect([last(), wait()]).toEqual(['refused', 60_000]);
      expect(told.statuses.at(-1)).toMatchObject({ fault: { code } });
      relay.refuse = undefined;
      await vi.advanceTimersByTimeAsync(60_000);
      expect(last()).toBe('online');
    },
  );

  it('renews its session before it ends, on the same socket, again and again', async () => {
    const { link, relay, told } = setUp();
    link.connect();
    await settle();
    await vi.advanceTimersByTimeAsync(674_000);
    expect(relay.sessions).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    await vi.advanceTimersByTimeAsync(675_000);
    expect(relay.sockets.map(({ renewed }) => renewed)).toEqual([[2, 3]]);
    expect(told.statuses).toHaveLength(2);
    expect(await link.withSession(async ([token]) => token)).toBe(3);
  });

  it('connects anew when its session cannot be renewed', async () => {
    const { link, relay, told } = setUp();
    relay.renew = async () => {
      throw new RelayError('relay_unreachable');
    };
    link.connect();
    await vi.advanceTimersByTimeAsync(676_000);
    expect(relay.sockets.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    expect(told.statuses.map(({ status }) => status).slice(2)).toEqual(['offline', 'connecting', 'online']);
  });

  it('does not lose a new connection to the late failure of an old one', async () => {
    const { link, relay, last } = setUp();
    const { promise, reject } = Promise.withResolvers<void>();
    relay.renew = () => promise;
    link.connect();
    await vi.advanceTimersByTimeAsync(675_000);
    relay.sockets[0]?.end('relay_unreachable');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(last()).toBe('online');
    reject(new RelayError('relay_unreachable'));
    await settle();
    expect([last(), relay.sockets[1]?.isClosed]).toEqual(['online', false]);
  });

  it('opens one session for all who ask at once', async () => {
    const { link, relay } = setUp();
    const tokens = await Promise.all([1, 2, 3].map(() => link.withSession(async ([token]) => token)));
    expect([tokens, relay.sessions]).toEqual([[1, 1, 1], 1]);
  });

  it('asks once more, under a new session, when the relay says that the session has ended', async () => {
    const { link, relay } = setUp();
    const used: number[] = [];
    const use = async ([token = 0]: Uint8Array) => {
      used.push(token);
      if (token === 1) throw new RelayError('unauthenticated');
      return token;
    };
    expect(await Promise.all([link.withSession(use), link.withSession(use)])).toEqual([2, 2]);
    expect(relay.sessions).toBe(2);
    const never = link.withSession(async () => Promise.reject(new RelayError('unauthenticated')));
    await expect(never).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(relay.sessions).toBe(3);
  });

  it.each(['unavailable', 'relay_unreachable'] as const)(
    'is offline when a request says %s',
    async (code) => {
      const { link, relay, told, last } = setUp();
      link.connect();
      await settle();
      const request = () => Promise.reject(new RelayError(code));
      await expect(link.watch(request)).rejects.toMatchObject({ code });
      await expect(link.withSession(request)).rejects.toMatchObject({ code });
      expect([last(), relay.sockets[0]?.isClosed]).toEqual(['offline', true]);
      await vi.advanceTimersByTimeAsync(1_000);
      expect([last(), told.resyncs]).toEqual(['online', 2]);
    },
  );

  it('stays online when a request fails otherwise', async () => {
    const { link, last } = setUp();
    link.connect();
    await settle();
    await expect(link.watch(() => Promise.reject(new RelayError('mailbox_full')))).rejects.toThrow();
    await expect(link.watch(() => Promise.reject(new Error('other')))).rejects.toThrow();
    expect(last()).toBe('online');
  });

  it('leaves nothing open when it is stopped while it opens a session', async () => {
    const { link, relay, told } = setUp();
    link.connect();
    link.stop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect([relay.closed, relay.sockets.length, told.resyncs]).toEqual([true, 0, 0]);
    expect([told.statuses.map(({ status }) => status), vi.getTimerCount()]).toEqual([['connecting'], 0]);
    await expect(link.withSession(async () => 1)).rejects.toMatchObject({ code: 'session_ended' });
    link.connect();
    expect(told.statuses).toHaveLength(1);
  });

  it('leaves nothing open when it is stopped while its socket connects', async () => {
    const { link, relay, told } = setUp();
    const connecting = connectTo.getMockImplementation() as typeof connectSocket;
    connectTo.mockImplementation(async (...args) => {
      const socket = await connecting(...args);
      link.stop();
      expect(args[3].aborted).toBe(true);
      return socket;
    });
    link.connect();
    await settle();
    expect(relay.sockets.map(({ isClosed }) => isClosed)).toEqual([true]);
    expect([told.statuses.map(({ status }) => status), told.resyncs]).toEqual([['connecting'], 0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is silent after it was stopped', async () => {
    const { link, relay, told } = setUp();
    link.connect();
    await settle();
    link.stop();
    relay.sockets[0]?.end('session_ended');
    await settle();
    expect([told.statuses.length, relay.sockets[0]?.isClosed, vi.getTimerCount()]).toEqual([2, true, 0]);
  });
});
