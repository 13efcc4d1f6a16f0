import { expect, test } from 'vitest';
import { confirmed, gatherFacts, parseHostFacts } from '../src/doctor/index.ts';
import { HOST_LINES, hostWith, NOW } from './support/doctor-facts.ts';

test('facts of the host: another text is refused, and nothing in them moves a cursor', () => {
  expect(() => parseHostFacts('engine=26\n')).toThrow('make doctor');
  const odd = parseHostFacts(
    `${HOST_LINES[0]}\nengine=2\u001b[2J6\nservice=x\nfuture=1\ndisk=a b\nlistener=tcp\nsecret=1\n\n=\n`,
  );
  expect(odd.engine).toBe('2[2J6');
  expect([odd.services, odd.disk, odd.listeners, odd.secrets]).toEqual([[], undefined, undefined, undefined]);
});

test('gathering: a part that is away does not keep the rest from being seen; loopback and onions are not asked for', async () => {
  const asked: string[] = [];
  const facts = await gatherFacts(
    {
      now: () => NOW,
      database: async () => {
        throw Object.assign(new Error('connect ECONNREFUSED'), { syscall: 'connect' });
      },
      turnSecrets: async () => ({ now: NOW, secrets: [] }),
      api: async (origin) => {
        asked.push(origin);
        return { origin, status: 204 };
      },
      ownCertificate: async () => undefined,
      webOrigin: async (_relay, origin) => (origin.endsWith('1') ? false : undefined),
      turn: async ({ host: name }) => ({ host: name, checks: [] }),
    },
    {
      host: hostWith(
        ['set.RELAY_PUBLIC_URL', 'set.WEB_ORIGIN'],
        ['set.RELAY_PUBLIC_URL=http://localhost:4000, https://a.example,http://b.onion'],
      ),
      env: { WEB_ORIGIN: 'http://localhost:1,http://localhost:2' },
      relay: 'http://relay:4000',
    },
  );
  expect(asked.toSorted()).toEqual(['http://relay:4000', 'https://a.example']);
  expect(facts.database).toEqual({ fault: 'connect ECONNREFUSED' });
  expect(facts.webOrigins).toEqual([{ origin: 'http://localhost:1', accepted: false }]);
  expect(facts.turn).toEqual({ host: 'a.example', checks: [] });
});

test('what fails once and holds the next time is not told of; what fails twice is, as it failed last', async () => {
  const check = (held: boolean, reason = '') => ({ name: 'media over udp', held, reason });
  const after = async (...results: ReturnType<typeof check>[]) => {
    const left = [...results];
    const found = await confirmed(async () => [check(true), left.shift() ?? check(false, 'asked too often')]);
    return { found: found[1], left: left.length };
  };
  expect(await after(check(true), check(false))).toEqual({ found: check(true), left: 1 });
  expect(await after(check(false, 'lost'), check(true))).toEqual({ found: check(true), left: 0 });
  expect(await after(check(false, 'lost'), check(false, 'silent'))).toEqual({
    found: check(false, 'silent'),
    left: 0,
  });
});

test('a fault of the program itself is not taken for one of the relay', async () => {
  const broken = async () => {
    throw new TypeError('a bug');
  };
  const rest = {
    now: () => NOW,
    turnSecrets: broken,
    api: broken,
    webOrigin: broken,
    ownCertificate: broken,
    turn: broken,
  };
  await expect(
    gatherFacts({ ...rest, database: broken }, { host: undefined, env: {}, relay: undefined }),
  ).rejects.toThrow('a bug');
});

test('where the domain cannot be reached from here, the certificate is looked at from beside Caddy', async () => {
  const certificate = { validFrom: 0, validTo: NOW + 90, distrust: undefined };
  const asked: string[] = [];
  const nothing = async () => {
    throw Object.assign(new Error('x'), { syscall: 'x' });
  };
  const sources = {
    now: () => NOW,
    database: nothing,
    turnSecrets: nothing,
    turn: nothing,
    webOrigin: async () => undefined,
    api: async (origin: string) => ({ origin, status: undefined, problem: 'ENOTFOUND' }),
    ownCertificate: async (domain: string) => {
      asked.push(domain);
      return certificate;
    },
  };
  const env = { RELAY_PUBLIC_URL: 'https://a.example,https://b.example', RELAY_DOMAIN: 'a.example' };
  const own = { ...env, COMPOSE_FILE: 'docker-compose.yml:compose/tls.yml' };
  const facts = await gatherFacts(sources, { host: undefined, env: own, relay: 'http://relay:4000' });
  expect(facts.origins.map((one) => one.certificate)).toEqual([certificate, undefined]);
  // A proxy of one's own is asked by nobody else.
  await gatherFacts(sources, { host: undefined, env, relay: 'http://relay:4000' });
  expect(asked).toEqual(['a.example']);
});
