/** Who pays for what, and by which name it is remembered. */
import type { IncomingMessage } from 'node:http';
import { hex, RelayError, randomBytes } from '@relay/protocol/wire';
import { expect, onTestFinished, test, vi } from 'vitest';
import { memoryInUse } from '../../../protocol/test/support/fuzz.ts';
import { createFairQueue } from '../src/limits/fair-queue.ts';
import { createKnownSessions } from '../src/limits/known-sessions.ts';
import { createLatelyRefused } from '../src/limits/lately-refused.ts';
import { createLimits } from '../src/limits/limits.ts';
import { createShares } from '../src/limits/shares.ts';

const limited = expect.objectContaining({ code: 'rate_limited' });
const gone = AbortSignal.abort();

function requestFrom(remoteAddress = '203.0.113.7'): IncomingMessage {
  return { socket: { remoteAddress }, headers: {} } as unknown as IncomingMessage;
}

function setUp(
  changes: { relayProcesses?: number; megabytesPerSecond?: number; addressRequestsPerMinute?: number } = {},
) {
  const clock = { now: 1_000_000 };
  const settings = {
    relayProcesses: 1,
    trustedProxies: [],
    addressRequestsPerMinute: 60,
    memberRequestsPerMinute: 60,
    mailboxBlobsPerMinute: 64,
    megabytesPerSecond: 1,
    socketsPerMember: 4,
    roomsPerMember: 4,
    signalsPerSecond: 20,
    turnCredentialsAtOnce: 4,
    ...changes,
  };
  const limits = createLimits(settings, randomBytes(32), () => clock.now);
  const open = (address?: string, token?: Uint8Array) => limits.accounts(requestFrom(address), token);
  return { clock, limits, open };
}

test('a turn is given back once: what others at the address took stays taken', () => {
  const { open } = setUp();
  for (let i = 0; i < 59; i++) open();
  const account = open();
  for (let i = 0; i < 3; i++) account.waive();
  open();
  expect(() => open()).toThrow(limited);
});

test('a session that was not told to wait gives its address nothing back', () => {
  const { open } = setUp();
  for (let i = 0; i < 60; i++) open().recall(randomBytes(32));
  expect(() => open()).toThrow(limited);
});

test('what is under way from one address leaves others what they have', () => {
  const { open } = setUp();
  const openWaived = (address: string) => open(address).waive();
  for (let i = 0; i < 256; i++) openWaived('203.0.113.7');
  expect(() => openWaived('203.0.113.7')).toThrow(limited);
  for (let i = 0; i < 256; i++) openWaived('203.0.113.8');
});

/** Whether so many bytes would have to wait; nobody waits for them here. */
const waits = (account: ReturnType<ReturnType<typeof setUp>['open']>, bytes: number) =>
  account.pace(bytes, gone).then(
    () => false,
    () => true,
  );

test('several processes let go of as many bytes together as one would, for a member in all its sessions', async () => {
  for (const relayProcesses of [1, 2]) {
    const { open } = setUp({ relayProcesses, megabytesPerSecond: 6 });
    const [member, tokens] = [randomBytes(32), [randomBytes(32), randomBytes(32)]];
    const accounts = tokens.map((token) => {
      const account = open(undefined, token);
      account.chargeMember(member, token);
      return account;
    });
    const [one, two] = accounts as [(typeof accounts)[0], (typeof accounts)[0]];
    const [most, rest] = [5_900_000 / relayProcesses, 200_000 / relayProcesses];
    expect([await waits(one, most), await waits(two, rest), await waits(open(), most)]).toEqual([
      false,
      true,
      false,
    ]);
  }
});

/** Whether a turn would have to wait; nobody waits for it here. */
const waitsForTurn = (account: ReturnType<ReturnType<typeof setUp>['open']>, turns?: number) =>
  account.turn(turns, gone).then(
    () => false,
    () => true,
  );

test('one has some turns at once, and then ten a second, as others have theirs', async () => {
  const { clock, open } = setUp();
  const [account, other] = [open(), open('203.0.113.8')];
  for (let i = 0; i < 30; i++) expect(await waitsForTurn(account), `turn ${i}`).toBe(false);
  expect(await waitsForTurn(account)).toBe(true);
  expect(await waitsForTurn(other, 30)).toBe(false);
  expect(await waitsForTurn(other)).toBe(true);
  clock.now += 200;
  expect(await waitsForTurn(other, 2)).toBe(false);
  expect(await waitsForTurn(other)).toBe(true);
});

test('turns come evenly, each in its time, as often as an operator lets an address ask', async () => {
  const { open } = setUp({ addressRequestsPerMinute: 12_000 });
  const account = open();
  await account.turn(30);
  const began = performance.now();
  const order: number[] = [];
  const takeTurn = async (n: number) => {
    await account.turn(20);
    order.push(n);
  };
  await Promise.all([1, 2, 3].map(takeTurn));
  // 60 turns at 200 a second; timers may be a little early.
  expect(performance.now() - began).toBeGreaterThan(290);
  expect(order).toEqual([1, 2, 3]);
});

test('turns that nobody waits for any more are given back', async () => {
  const { open } = setUp();
  const account = open();
  expect(await waitsForTurn(account, 29)).toBe(false);
  for (let i = 0; i < 100; i++) expect(await waitsForTurn(account, 2)).toBe(true);
  expect(await waitsForTurn(account)).toBe(false);
});

test('turns of what is paid for otherwise are given back, once', async () => {
  const { open } = setUp();
  const [account, same] = [open(), open()];
  expect(await waitsForTurn(account, 30)).toBe(false);
  expect(await waitsForTurn(same)).toBe(true);
  account.waive();
  account.waive();
  expect(await waitsForTurn(same, 30)).toBe(false);
  expect(await waitsForTurn(same)).toBe(true);
});

test('a turn that is more than ten seconds away is refused, and leaves the line as it was', async () => {
  const { clock, open } = setUp();
  const account = open();
  await account.turn(30);
  for (let i = 0; i < 3; i++)
    await expect(account.turn(101)).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 11 });
  clock.now += 100;
  expect(await waitsForTurn(account)).toBe(false);
  expect(await waitsForTurn(account, 100)).toBe(true);
});

test('several processes give out as many credentials for calls, in a while, as one would', () => {
  for (const relayProcesses of [1, 2]) {
    const { clock, limits } = setUp({ relayProcesses });
    const granted = () => {
      for (let count = 0; ; count++) {
        try {
          limits.turn.take('one');
        } catch {
          return count * relayProcesses;
        }
      }
    };
    expect(granted()).toBe(4);
    clock.now += 60_000;
    expect(granted()).toBe(2);
  }
});

test('no name that is kept in memory is an address, or opens anything', () => {
  const set = vi.spyOn(Map.prototype, 'set');
  onTestFinished(() => set.mockRestore());
  const { limits, open } = setUp();
  const tokens = [randomBytes(32), randomBytes(32)] as const;
  open(undefined, tokens[0]).chargeMember(randomBytes(32), tokens[0]);
  createKnownSessions().note(tokens[0], randomBytes(32));
  const refused = createLatelyRefused(() => 0);
  refused.note(tokens[1], new RelayError('rate_limited'));
  limits.handshakes.rate.take(limits.addressOf(requestFrom()));
  const kept = set.mock.calls.flat().map((part) => String(part));
  expect(kept.length).toBeGreaterThan(5);
  const plain = tokens.flatMap((token) => [hex(token), Buffer.from(token).toString('base64url')]);
  for (const text of ['203.0.113', ...plain]) expect(kept.filter((name) => name.includes(text))).toEqual([]);
});

test('of those who came and went nothing is kept: a flood from ever new addresses fills no memory', async () => {
  const shares = createShares(2, 'Wait.');
  const clock = { now: 0 };
  const queue = createFairQueue({ all: 2, each: 2 }, () => clock.now);
  const flood = async (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      shares.take(`address ${i}`)();
      clock.now += 2_000;
      (await queue.enter(`address ${i}`))();
    }
    return memoryInUse();
  };
  const before = await flood(0, 1_000);
  // A name and its place in a map would be some hundred bytes each.
  expect((await flood(1_000, 200_000)) - before).toBeLessThan(8_000_000);
});
