import { setTimeout as sleep } from 'node:timers/promises';
import type { TurnCredential } from '@relay/admin-cli/turn-client';
import { restCredential } from '@relay/admin-cli/turn-client';
import { testTurn } from '@relay/admin-cli/turn-test';
import { b64 } from '@relay/protocol';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { Appliance } from './support/appliance.ts';
import { identityOf, Member } from './support/circle.ts';
import { run } from './support/docker.ts';
import type { Allocated } from './support/turn.ts';
import { allocate, echo, introduce, livingSecrets, ownAddress } from './support/turn.ts';
import { until } from './support/until.ts';

const appliance = new Appliance(inject('appliance'));
const circle = inject('circle');
const HOST = ownAddress();
const PORT = 3478;
const SECRETS = '/run/turn-secrets/secrets';

const open: Allocated[] = [];
afterEach(async () => {
  for (const { client } of open.splice(0)) await client.close();
});

async function allocated(credential: TurnCredential): Promise<Allocated> {
  const made = await allocate(HOST, PORT, credential);
  open.push(made);
  return made;
}

/** The answer of `POST /v1/turn` to a member, by a session of its own. */
async function credentials(number: number): Promise<TurnCredential & { urls: string[] }> {
  const member = new Member(appliance.relayUrl, await identityOf(circle, number));
  const { urls, username, credential } = await member.http.turnCredentials(await member.session());
  return { urls, username, credential };
}

/** The secrets that are there, oldest first. */
async function secretLines(): Promise<{ secret: string; mintFrom: number; dies: string }[]> {
  const [head, ...lines] = (await appliance.exec('worker', 'cat', SECRETS)).trim().split('\n');
  expect(head).toBe('relay-turn-secrets 1');
  return lines.map((line) => {
    const [secret = '', mintFrom = '', dies = ''] = line.split(' ');
    return { secret, mintFrom: Number(mintFrom), dies };
  });
}

const isRefused = { code: 401 };

describe('credentials', () => {
  it('are made for a session, and for nobody else', async () => {
    const url = `${appliance.relayUrl}/v1/turn`;
    const none = await fetch(url, { method: 'POST' });
    const wrong = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${b64(new Uint8Array(32))}` },
    });
    expect([none.status, wrong.status]).toEqual([401, 401]);
    const { urls } = await credentials(1);
    expect(urls).toEqual(['turn:localhost:3478?transport=udp', 'turn:localhost:3478?transport=tcp']);
  });

  it('work with a stock client, through the relay and back', async () => {
    const { username, credential } = await credentials(1);
    const stock = (extra: string[], secret = credential) =>
      run('turnutils_uclient', [
        '-c',
        '-s',
        '-y',
        '-n',
        '20',
        '-m',
        '1',
        '-l',
        '170',
        '-u',
        username,
        '-w',
        secret,
        ...extra,
        HOST,
      ]);
    for (const transport of [[], ['-t']]) {
      const { stdout, stderr } = await stock(transport);
      expect(`${stdout}${stderr}`).toMatch(/tot_send_msgs=(\d+), tot_recv_msgs=\1/);
      expect(`${stdout}${stderr}`).toMatch(/Total lost packets 0/);
    }
    const refused = await stock([], `${credential.slice(1)}A`);
    expect(`${refused.stdout}${refused.stderr}`).toContain('Cannot complete Allocation');
  });

  it('reach the address that they name', async () => {
    const { urls, ...credential } = await credentials(1);
    const [, host = '', port] = /^turn:(.*):(\d+)\?transport=udp$/.exec(urls[0] ?? '') ?? [];
    const made = await allocate(host, Number(port), credential);
    open.push(made);
    expect(made.allocation.relayed.ip).toBe(HOST);
  });
});

describe('everything that must be refused', () => {
  it('is, and what members need is not', async () => {
    const checks = await testTurn({
      host: HOST,
      port: PORT,
      tlsPort: 5349,
      transports: ['udp', 'tcp'],
      secrets: await livingSecrets(appliance),
    });
    expect(checks.length).toBeGreaterThan(15);
    expect(checks.filter(({ held }) => !held)).toEqual([]);
  });

  it('is so by the appliance’s own test too', async () => {
    const { code, stdout } = await appliance.admin(['turn', 'test', '--host', HOST, '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, {}]);
  });

  it.each([
    [
      'a wrong secret',
      (secret: string) =>
        restCredential(
          secret.replace(/^./, (c) => (c === '0' ? '1' : '0')),
          soon(),
          'x',
        ),
    ],
    ['an expired credential', (secret: string) => restCredential(secret, soon() - 7_200, 'x')],
  ])('%s', async (_what, credential) => {
    const { secret = '' } = (await secretLines()).at(-1) ?? {};
    await expect(allocated(credential(secret))).rejects.toMatchObject(isRefused);
    await expect(allocated(restCredential(secret, soon(), 'x'))).resolves.toBeDefined();
  });
});

function soon(): number {
  return Math.floor(Date.now() / 1000) + 3_600;
}

describe('rotation', () => {
  it('under two living allocations: they go on, new ones come by the new secret, and later only by that', async () => {
    const before = await credentials(1);
    const [a, b] = [await allocated(before), await allocated(await credentials(2))];
    await introduce(a, b);
    await echo(a, b, 'before the rotation');

    const { code, stdout } = await appliance.admin(['turn', 'rotate', '--json']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('{')]);
    const lines = await secretLines();
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines.map(({ dies }) => dies).filter((dies) => dies === '-')).toHaveLength(1);
    const newest = lines.at(-1)?.secret ?? '';
    await echo(b, a, 'during the rotation');

    // The relay goes over to it, and coturn knows it already.
    const after = await until('a credential by the new secret', async () => {
      // A member gets only so many.
      await sleep(2_000);
      const made = await credentials(1);
      const own = restCredential(
        newest,
        Number(made.username.split(':')[0]),
        made.username.split(':')[1] ?? '',
      );
      return own.credential === made.credential ? made : undefined;
    });
    await expect(allocated(after)).resolves.toBeDefined();
    await expect(allocated(before)).resolves.toBeDefined();

    // As when its time has come.
    const old = new Date(Date.now() - 1_000).getTime() / 1000;
    await appliance.exec(
      'worker',
      'sh',
      '-c',
      `sed -i -E 's/^([0-9a-f]+ [0-9]+) [0-9]+$/\\1 ${Math.floor(old)}/' ${SECRETS}`,
    );
    await until('the old secret to be refused', () =>
      allocate(HOST, PORT, before).then(
        async ({ client }) => client.close().then(() => false),
        ({ code: refusal }) => refusal === 401,
      ),
    );
    expect(await a.client.refresh(600)).toBeGreaterThan(0);
    await introduce(a, b);
    await echo(a, b, 'after the old secret died');
    await expect(allocated(after)).resolves.toBeDefined();
  });

  it('says how the secrets stand, and never what they are', async () => {
    const { code, stdout } = await appliance.admin(['turn', 'status']);
    expect(code).toBe(0);
    for (const { secret } of await secretLines()) expect(stdout).not.toContain(secret.slice(0, 16));
  });
});

it('writes down no address and no pseudonym', async () => {
  const credential = await credentials(1);
  await allocated(credential);
  const said = await appliance.compose(['logs', '--no-color', 'coturn', 'relay']);
  expect(said).toContain('turn: serving on port');
  expect(said).toContain('"listening"');
  expect(said).not.toContain(HOST);
  expect(said).not.toContain('127.0.0.1');
  expect(said).not.toContain(credential.username.split(':')[1]);
});

it('gives none to a member whose key was revoked', async () => {
  const member = new Member(appliance.relayUrl, await identityOf(circle, 3));
  const token = await member.session();
  await member.http.turnCredentials(token);
  const without = JSON.parse(circle.seed) as { keys: string[] };
  const third = b64(member.identity.member.keyHash);
  const rest = { ...without, keys: without.keys.filter((hash) => hash !== third) };
  expect(rest.keys).toHaveLength(2);
  const pruned = await appliance.admin(['identities', 'seed', '-', '--prune', '--yes'], JSON.stringify(rest));
  expect([pruned.code, pruned.stderr]).toEqual([0, expect.any(String)]);
  await expect(member.http.turnCredentials(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  await expect(member.session()).rejects.toMatchObject({ code: 'unauthenticated' });
  expect((await appliance.admin(['identities', 'seed', '-'], circle.seed)).code).toBe(0);
  await expect(member.session()).resolves.toBeDefined();
});
