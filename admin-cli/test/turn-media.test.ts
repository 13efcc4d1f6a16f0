import { expect, test } from 'vitest';
import type { PeerData, TransportAddress, TurnClient } from '../src/turn/index.ts';
import type { Party } from '../src/turn-test/media.ts';
import { exchangeMedia } from '../src/turn-test/media.ts';
import { isPrivate } from '../src/turn-test/peers.ts';
import { mediaVerdict } from '../src/turn-test/reach.ts';

const A: TransportAddress = { ip: '192.0.2.1', port: 1 };
const B: TransportAddress = { ip: '192.0.2.1', port: 2 };

/** What a network does to packets on their way there; those on the way back all arrive. */
type Way = (data: Uint8Array, number: number) => Partial<PeerData>[];

/** Two clients joined by a network instead of a server. */
function joined(way: Way): [Party, Party] {
  let sent = 0;
  const a = {
    onData: (_: PeerData) => {},
    bindChannel: async () => {},
    sendChannel: (_: number, data: Uint8Array) => {
      for (const came of way(data, sent++)) b.onData({ peer: A, data, ...came });
    },
  };
  const b = {
    onData: (_: PeerData) => {},
    createPermission: async () => {},
    send: (_: TransportAddress, data: Uint8Array) => a.onData({ channel: 0x4000, data }),
  };
  return [
    { client: a as unknown as TurnClient, relayed: A },
    { client: b as unknown as TurnClient, relayed: B },
  ];
}

const damaged = (data: Uint8Array) =>
  data.map((byte, index) => (index === data.length - 1 ? byte ^ 1 : byte));
const all: Way = () => [{}];

test.concurrent.each<[string, Way, boolean, RegExp]>([
  ['all whole', all, true, /^300 of 300 packets came whole, 0\.0 % were lost, 0 came wrong\.$/],
  ['some twice', (_, n) => (n % 10 === 0 ? [{}, {}] : [{}]), true, /^300 of 300/],
  ['a few lost', (_, n) => (n < 4 ? [] : [{}]), true, /^296 of 300 .* 1\.3 % were lost/],
  ['more lost', (_, n) => (n % 10 === 0 ? [] : [{}]), false, /^285 of 300 .* 5\.0 % were lost/],
  ['none', () => [], false, /^Nothing came by channel\.$/],
  [
    'one bit changed in one',
    (data, n) => (n === 9 ? [{ data: damaged(data) }] : [{}]),
    false,
    / 1 came wrong\.$/,
  ],
  ['one cut', (data, n) => (n === 9 ? [{ data: data.subarray(1) }] : [{}]), false, / 1 came wrong\.$/],
  ['one from another', (_, n) => (n === 9 ? [{ peer: B }] : [{}]), false, / 1 came wrong\.$/],
  [
    'one that nobody sent',
    (_, n) => (n === 9 ? [{}, { data: Buffer.of(1) }] : [{}]),
    false,
    / 1 came wrong\.$/,
  ],
])('media: %s', async (_, way, held, reason) => {
  const check = mediaVerdict('media', await exchangeMedia(...joined(way)));
  expect(check).toMatchObject({ held, reason: expect.stringMatching(reason) });
  expect(check.advice === undefined).toBe(held);
});

test('addresses of one network, and of all', () => {
  for (const ip of ['10.9.9.9', '172.31.0.1', '100.127.0.1', '169.254.1.1', '127.0.0.1', 'fd12::1', '::1']) {
    expect(isPrivate({ ip })).toBe(true);
  }
  for (const ip of ['172.32.0.1', '100.128.0.1', '192.169.0.1', '203.0.113.1', '2001:db8::1']) {
    expect(isPrivate({ ip })).toBe(false);
  }
});
