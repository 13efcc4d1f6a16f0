import type { IncomingMessage } from 'node:http';
import { RelayError, randomBytes } from '@relay/protocol/wire';
import { expect, test } from 'vitest';
import { createAccounts } from '../src/limits/accounts.ts';
import { createAddressOf, networkOf } from '../src/limits/address.ts';
import { createKnownSessions } from '../src/limits/known-sessions.ts';
import { createLatelyRefused } from '../src/limits/lately-refused.ts';
import { createLimiter, perMinute } from '../src/limits/limiter.ts';
import { createLimits } from '../src/limits/limits.ts';
import { createShares } from '../src/limits/shares.ts';

function requestFrom(remoteAddress: string, forwarded?: string): IncomingMessage {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

const secret = randomBytes(32);
const limited = expect.objectContaining({ code: 'rate_limited' });

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['64:ff9b::203.0.113.7', '64:ff9b:0:0'],
  ['', ''],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('a name of an address does not hold it, and is another in another process', () => {
  const name = createAddressOf(secret, [])(requestFrom('203.0.113.7'));
  expect(name).toMatch(/^[\w-]{16}$/);
  expect(createAddressOf(secret, [])(requestFrom('::ffff:203.0.113.7'))).toBe(name);
  expect(createAddressOf(randomBytes(32), [])(requestFrom('203.0.113.7'))).not.toBe(name);
});

test('what a request says of its address counts only where a trusted proxy sends it, and only what that proxy added', () => {
  const addressOf = createAddressOf(secret, ['10.0.0.0/8']);
  const direct = addressOf(requestFrom('203.0.113.7'));
  expect(addressOf(requestFrom('203.0.113.7', '198.51.100.1'))).toBe(direct);
  expect(addressOf(requestFrom('10.0.0.2', '203.0.113.7'))).toBe(direct);
  expect(addressOf(requestFrom('10.0.0.2', '198.51.100.1, 203.0.113.7'))).toBe(direct);
  expect(addressOf(requestFrom('10.0.0.2', '203.0.113.7, 10.0.0.3'))).toBe(direct);
  expect(createAddressOf(secret, [])(requestFrom('10.0.0.2', '203.0.113.7'))).not.toBe(direct);
});

function setUp() {
  const now = () => 1_000_000;
  const addresses = createLimiter(perMinute(3, 1), now);
  const members = createLimiter(perMinute(5, 1), now);
  const refused = createLatelyRefused(now);
  const underWay = createShares(40, 'Wait.', 1);
  const traffic = createLimiter({ burst: 100_000, refillSeconds: 0.000_001 }, now);
  const addressOf = createAddressOf(secret, []);
  const known = createKnownSessions();
  const open = createAccounts({
    ...{ addressOf, addresses, members, refused, known, traffic, underWay },
    turns: traffic,
  });
  return {
    addresses,
    members,
    open: (address = '203.0.113.7', token?: Uint8Array) => open(requestFrom(address), token),
  };
}

test('an address pays for what proves nothing', () => {
  const { open } = setUp();
  for (let i = 0; i < 3; i++) open();
  expect(() => open()).toThrow(limited);
  open('203.0.113.8');
});

test('a member pays for itself, wherever it is, and its address does not', () => {
  const { open } = setUp();
  const member = randomBytes(32);
  for (let i = 0; i < 5; i++) open(`203.0.113.${i % 2}`).chargeMember(member);
  const sixth = open();
  expect(() => sixth.chargeMember(member)).toThrow(limited);
  open().chargeMember(randomBytes(32));
  for (let i = 0; i < 3; i++) open();
});

test('a session that was proven here pays as its member from the beginning, whatever its address did, until it ends', () => {
  const { open } = setUp();
  const [member, token] = [randomBytes(32), randomBytes(32)];
  open().chargeMember(member, token);
  for (let i = 0; i < 3; i++) open();
  expect(() => open()).toThrow(limited);
  expect(() => open(undefined, randomBytes(32))).toThrow(limited);
  for (let i = 0; i < 4; i++) {
    const account = open(undefined, token);
    expect(account.payer).toMatch(/^member /);
    account.chargeMember(member, token);
  }
  // Also where nobody asks for the session: it is no way around a limit.
  expect(() => open(undefined, token)).toThrow(limited);
  expect(() => open('203.0.113.8', token)).toThrow(limited);
  open('203.0.113.8').disown(token);
  expect(open('203.0.113.8', token).payer).toMatch(/^address /);
});

test('of sessions that were proven, so many are known of each member, and nobody pushes out another one', () => {
  const known = createKnownSessions();
  const [one, other, kept] = [randomBytes(32), randomBytes(32), randomBytes(32)];
  known.note(kept, other);
  const tokens = Array.from({ length: 300 }, () => randomBytes(32));
  for (const token of tokens) known.note(token, one);
  expect(known.size()).toBe(129);
  expect(known.memberOf(kept)).toEqual(other);
  expect(known.memberOf(tokens[0] as Uint8Array)).toBeUndefined();
  expect(known.memberOf(tokens[299] as Uint8Array)).toEqual(one);
  for (const token of [kept, ...tokens]) known.forget(token);
  expect(known.size()).toBe(0);
});

test('what sockets have is whole in the one process that has them all, and what any process serves is shared out', () => {
  const settings = {
    relayProcesses: 2,
    trustedProxies: [],
    addressRequestsPerMinute: 60,
    memberRequestsPerMinute: 60,
    mailboxBlobsPerMinute: 64,
    socketsPerMember: 4,
    roomsPerMember: 4,
    signalsPerSecond: 20,
    turnCredentialsAtOnce: 4,
    megabytesPerSecond: 24,
  };
  const limits = createLimits(settings, secret, () => 1_000_000);
  const granted = (take: () => unknown) => {
    for (let count = 0; ; count++) {
      try {
        take();
      } catch {
        return count;
      }
    }
  };
  let address = 0;
  expect({
    sockets: granted(() => limits.sockets.take('one')),
    rooms: granted(() => limits.rooms.take('one')),
    signals: granted(() => limits.signals.take('one')),
    handshakes: granted(() => limits.handshakes.rate.take('one')),
    openHandshakes: granted(() => limits.handshakes.open.take('one')),
    members: granted(() => limits.members.take('one')),
    mailboxes: granted(() => limits.mailboxes.take('one')),
    turn: granted(() => limits.turn.take('one')),
    addresses: granted(() => limits.accounts(requestFrom('203.0.113.7'))),
    underWay: granted(() => {
      const account = limits.accounts(requestFrom(`198.51.100.${address++ % 9}`));
      account.chargeMember(new Uint8Array(32));
    }),
  }).toEqual({
    sockets: 4,
    rooms: 4,
    signals: 400,
    handshakes: 60,
    openHandshakes: 128,
    members: 30,
    mailboxes: 32,
    turn: 2,
    addresses: 30,
    underWay: 30,
  });
  const wide = createLimits({ ...settings, memberRequestsPerMinute: 10_000 }, secret, () => 1_000_000);
  const underWay = granted(() => wide.accounts(requestFrom('203.0.113.7')).chargeMember(new Uint8Array(32)));
  expect(underWay).toBe(128);
});

test('a ticket pays for itself, once', () => {
  const { open, addresses } = setUp();
  for (let i = 0; i < 20; i++) open().waive();
  const account = open();
  account.waive();
  account.waive();
  for (let i = 0; i < 3; i++) open();
  expect(() => open()).toThrow(limited);
  expect(addresses.size()).toBe(1);
});

test('what costs more takes more turns', () => {
  const { open } = setUp();
  const account = open();
  account.chargeMember(randomBytes(32));
  account.chargeMore(4);
  expect(() => account.chargeMore(1)).toThrow(limited);
});

test('several processes grant together what one would', () => {
  expect(perMinute(600, 1)).toEqual({ burst: 600, refillSeconds: 0.1 });
  expect(perMinute(600, 3)).toEqual({ burst: 200, refillSeconds: 0.3 });
});

test('a flood from ever new addresses fills no memory, and those who paid are not let off by a few', () => {
  const limiter = createLimiter(perMinute(1, 1), () => 1_000_000);
  for (let i = 0; i < 70_000; i++) limiter.take(`address ${i}`);
  expect(limiter.size()).toBe(65_536);
  expect(() => limiter.take('address 69999')).toThrow(limited);
});

test('shares are given back once, and members have their own', () => {
  const shares = createShares(2, 'Close a window.');
  const [one, two] = [randomBytes(32), randomBytes(32)];
  const giveBack = shares.take(one);
  shares.take(one);
  shares.take(two);
  expect(() => shares.take(one)).toThrow(limited);
  giveBack();
  giveBack();
  shares.take(one);
  expect(() => shares.take(one)).toThrow(
    expect.objectContaining({ message: 'Close a window.', retryAfter: 30 }),
  );
});

test('a session that was told to wait is told so again at no cost, until the wait is over', () => {
  const clock = { now: 1_000_000 };
  const refused = createLatelyRefused(() => clock.now);
  const [token, other] = [randomBytes(32), randomBytes(32)];
  refused.note(token, new RelayError('rate_limited', undefined, { retryAfter: 3 }));
  refused.note(other, new RelayError('unauthenticated'));
  expect(() => refused.check(token)).toThrow(
    expect.objectContaining({ code: 'rate_limited', retryAfter: 3 }),
  );
  refused.check(other);
  clock.now += 2_001;
  expect(() => refused.check(token)).toThrow(expect.objectContaining({ retryAfter: 1 }));
  clock.now += 999;
  refused.check(token);
  expect(refused.size()).toBe(0);
});

test('a flood of sessions that were told to wait fills no memory', () => {
  const refused = createLatelyRefused(() => 1_000_000);
  const fault = new RelayError('rate_limited', undefined, { retryAfter: 3 });
  for (let i = 0; i < 5_000; i++) refused.note(randomBytes(32), fault);
  expect(refused.size()).toBe(4_096);
});

test('an account remembers whom it refused, and its address does not pay for who asks again', () => {
  const { open } = setUp();
  const [member, token] = [randomBytes(32), randomBytes(32)];
  for (let i = 0; i < 5; i++) open().chargeMember(member, token);
  open().recall(token);
  expect(() => open().chargeMember(member, token)).toThrow(limited);
  for (let i = 0; i < 3; i++) expect(() => open().recall(token)).toThrow(limited);
  open().recall(randomBytes(32));
});

test('requests under way have a bound, which moves from the address to the member that is proven', () => {
  const { open } = setUp();
  const member = randomBytes(32);
  const accounts = Array.from({ length: 5 }, () => {
    const account = open();
    account.chargeMember(member);
    return account;
  });
  expect(new Set(accounts.map(({ payer }) => payer))).toEqual(
    new Set([`member ${Buffer.from(member).toString('hex')}`]),
  );
  const openWaived = () => {
    const account = open();
    account.waive();
    return account;
  };
  const addressed = Array.from({ length: 40 }, openWaived);
  const first = addressed[0] as (typeof addressed)[0];
  expect(first.payer).toMatch(/^address /);
  expect(() => open()).toThrow(
    expect.objectContaining({ code: 'rate_limited', retryAfter: 1, message: 'Wait.' }),
  );
  first.close();
  first.close();
  openWaived();
  expect(() => openWaived()).toThrow(limited);
});
