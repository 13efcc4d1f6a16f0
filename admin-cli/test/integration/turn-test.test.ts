import { randomBytes } from 'node:crypto';
import { ownPort } from '@relay/demo/turn-server';
import { expect, test } from 'vitest';
import type { TurnCheck, TurnTarget } from '../../src/turn-test/index.ts';
import { testTurn } from '../../src/turn-test/index.ts';
import type { Coturn } from '../support/coturn.ts';
import { caText, HARDENED, isPassable, MAPPED, startCoturn } from '../support/coturn.ts';

const SECRET = randomBytes(32).toString('hex');
const ALLOWED = HARDENED.filter((rule) => rule.startsWith('allowed'));

function target(coturn: Coturn, changes: Partial<TurnTarget> = {}): TurnTarget {
  return {
    host: '127.0.0.1',
    port: coturn.port,
    tlsPort: coturn.tlsPort,
    transports: ['udp', 'tcp', 'tls'],
    secrets: { minting: SECRET, alive: [SECRET] },
    answerMs: 1_500,
    ...changes,
  };
}

async function hardened(rules?: readonly string[]): Promise<Coturn> {
  const coturn = await startCoturn(rules);
  await coturn.addSecret(SECRET);
  return coturn;
}

const failures = (checks: readonly TurnCheck[]) => checks.filter(({ held }) => !held).map(({ name }) => name);

test('a hardened server: each check holds, told one by one', async () => {
  const coturn = await hardened();
  const told: TurnCheck[] = [];
  const checks = await testTurn(target(coturn, { ca: await caText(coturn) }), (check) => told.push(check));
  expect(checks.filter(({ held }) => !held)).toEqual([]);
  expect(told).toEqual(checks);
  expect(checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['media over udp', 'media over tcp', 'media over tls', 'refuses a wrong secret']),
  );
  expect(checks.find(({ name }) => name === 'media over udp')?.reason).toMatch(/ of 300 packets came whole/);
  expect(JSON.stringify(checks)).not.toContain(SECRET);
});

test('a server without rules: each range it lets in is told', async () => {
  const coturn = await hardened(ALLOWED);
  const found = failures(await testTurn(target(coturn, { transports: ['udp'] })));
  expect(found).toEqual(
    expect.arrayContaining([
      'refuses peers in loopback',
      'refuses peers in private 10/8',
      'refuses peers in CGNAT 100.64/10',
      'refuses peers in cloud metadata',
      'refuses peers in IPv4-mapped private',
    ]),
  );
  expect(found.filter((name) => !name.startsWith('refuses peers in '))).toEqual([]);
});

test('the rules for IPv4 alone do not keep mapped addresses out of a coturn before 4.9', async () => {
  const coturn = await hardened(HARDENED.filter((rule) => rule !== MAPPED));
  const found = failures(await testTurn(target(coturn, { transports: ['tcp'] })));
  expect(found.filter((name) => !name.includes('IPv4-mapped'))).toEqual([]);
  expect(found.length > 0).toBe(await isPassable());
});

test('a server that lets anybody in', async () => {
  const coturn = await hardened([...HARDENED, MAPPED, 'no-auth']);
  const found = failures(await testTurn(target(coturn, { transports: ['udp'] })));
  expect(found).toEqual(
    expect.arrayContaining([
      'refuses no credential',
      'refuses a wrong secret',
      'refuses an expired credential',
    ]),
  );
});

test('a secret that the server does not know, in use and left over', async () => {
  const coturn = await hardened();
  const unknown = randomBytes(32).toString('hex');
  const left = target(coturn, {
    transports: ['udp'],
    secrets: { minting: SECRET, alive: [unknown, SECRET] },
  });
  expect(failures(await testTurn(left))).toEqual(['accepts each secret alive']);
  const inUse = await testTurn({ ...left, secrets: { minting: unknown, alive: [unknown] } });
  expect(failures(inUse)).toEqual(['allocate over udp', 'media over udp', 'refusals']);
  expect(inUse[0]).toMatchObject({ reason: expect.stringContaining('401') });
  expect(inUse[0]?.advice).toMatch(/secrets are not those of this file/);
});

test('ways that lead nowhere are told with what to do, and the others are tested all the same', async () => {
  const coturn = await hardened();
  const nobody = await ownPort();
  const untrusted = await testTurn(target(coturn));
  expect(failures(untrusted)).toEqual(['allocate over tls', 'media over tls']);
  expect(untrusted.find(({ name }) => name === 'allocate over tls')?.reason).toMatch(/certificate/);
  const plain = await testTurn(target(coturn, { tlsPort: nobody, transports: ['tls'] }));
  expect(plain[0]?.advice).toContain(`${nobody}/tcp`);
  const away = await testTurn(target(coturn, { port: nobody, transports: ['udp', 'tcp'] }));
  expect(failures(away)).toEqual([
    'allocate over udp',
    'media over udp',
    'allocate over tcp',
    'media over tcp',
    'refusals',
  ]);
  expect(await testTurn(target(coturn, { host: 'nowhere.invalid', transports: ['udp'] }))).toMatchObject([
    { held: false, reason: expect.stringContaining('no address') },
    {},
    {},
  ]);
});
