import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { PeerData, TurnServer } from '../../src/turn/index.ts';
import { restCredential, TurnClient } from '../../src/turn/index.ts';
import { caText, startCoturn } from '../support/coturn.ts';

const SECRET = randomBytes(32).toString('hex');

function credential(secret = SECRET) {
  return restCredential(secret, Math.floor(Date.now() / 1_000) + 600, randomBytes(6).toString('hex'));
}

async function settled(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'granted',
    (error: unknown) => error,
  );
}

test('over UDP, TCP and TLS: allocate, talk by channel and by indication, refresh, end', async () => {
  const coturn = await startCoturn();
  await coturn.addSecret(SECRET);
  const host = '127.0.0.1';
  const servers: TurnServer[] = [
    { host, port: coturn.port, transport: 'udp' },
    { host, port: coturn.port, transport: 'tcp' },
    { host: 'localhost', port: coturn.tlsPort, transport: 'tls', ca: await caText(coturn) },
    { host, port: coturn.tlsPort, transport: 'tls', insecure: true },
    { host: '::1', port: coturn.port, transport: 'udp' },
  ];
  for (const server of servers) {
    const [a, b] = await Promise.all([1, 2].map(() => TurnClient.open({ server, credential: credential() })));
    if (a === undefined || b === undefined) throw new Error('unreachable');
    const [forA, forB] = [await a.allocate(), await b.allocate()];
    expect(forA.lifetime).toBeGreaterThan(0);
    await a.bindChannel(0x4001, forB.relayed);
    await b.createPermission(forA.relayed);
    const first = new Promise<PeerData>((resolve) => {
      b.onData = resolve;
    });
    a.sendChannel(0x4001, Buffer.from('through a channel'));
    const received = await first;
    expect(received.peer).toEqual(forA.relayed);
    expect(Buffer.from(received.data).toString()).toBe('through a channel');
    const second = new Promise<PeerData>((resolve) => {
      a.onData = resolve;
    });
    b.send(forA.relayed, Buffer.from('and back'));
    const answer = await second;
    expect(answer.channel).toBe(0x4001);
    expect(Buffer.from(answer.data).toString()).toBe('and back');
    expect(await a.refresh(900)).toBe(900);
    expect(await a.refresh(0)).toBe(0);
    await Promise.all([a.close(), b.close()]);
    await b.close();
    const without = await TurnClient.open({ server, credential: credential() });
    expect(await settled(without.refresh(600))).toMatchObject({ fault: 'refused', code: 437 });
    await without.close();
    expect(await settled(without.refresh(600))).toMatchObject({ fault: 'closed', code: 0 });
  }
});

test('secrets come and go: old and new are both good, and an allocation outlives its secret', async () => {
  const coturn = await startCoturn();
  const server: TurnServer = { host: '127.0.0.1', port: coturn.port, transport: 'udp' };
  const [old, next] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
  const open = (secret?: string) =>
    TurnClient.open({ server, ...(secret === undefined ? {} : { credential: credential(secret) }) });
  await coturn.addSecret(old);
  const living = await open(old);
  await living.allocate();
  await coturn.addSecret(next);
  for (const secret of [old, next]) {
    const client = await open(secret);
    await client.allocate();
    await client.close();
  }
  await coturn.removeSecret(old);
  for (const secret of [old, SECRET, undefined]) {
    const client = await open(secret);
    expect(await settled(client.allocate())).toMatchObject({ fault: 'refused', code: 401 });
    await client.close();
  }
  expect(await living.refresh(600)).toBe(600);
  await living.close();
});
