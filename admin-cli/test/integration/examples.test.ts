import { randomBytes } from 'node:crypto';
import { copyFile, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '@relay/demo/postgres';
import { migrate } from '@relay/server/migrate';
import { startRelay } from '@relay/server/testing';
import { createSecrets, parseSecrets } from '@relay/server/turn';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { seedAllowlist, withMemberStore } from '../../src/services/index.ts';
import { temporaryDirectory } from '../support/circle.ts';
import { startCoturn } from '../support/coturn.ts';
import { allExamples, fitFor, makeWorkshop, NOT_RUN, runLine, withRealNames } from '../support/examples.ts';

// The examples of docs/admin.md, on a real database, relay and TURN server.
const EXAMPLES = await allExamples();
let workshop: string;

beforeAll(async () => {
  workshop = await mkdtemp(join(tmpdir(), 'relay-workshop-'));
  await makeWorkshop(workshop);
});
afterAll(() => rm(workshop, { recursive: true, force: true }));

/** A seeded database, and where it is wanted a relay on it. */
async function startStack(line: string, seed: string): Promise<Record<string, string>> {
  if (!/blobs|list|restore|revoke|identities seed|roster|status|top|doctor/.test(line)) return {};
  const url = await createDatabase(inject('postgresUrl'), `example_${randomBytes(6).toString('hex')}`);
  await migrate(url);
  await withMemberStore(url, (store) => seedAllowlist(store, { text: seed }));
  if (!/doctor/.test(line)) return { DATABASE_URL: url };
  const relay = await startRelay({ databaseUrl: url });
  onTestFinished(() => relay.close());
  return {
    DATABASE_URL: url,
    RELAY_PUBLIC_URL: `http://127.0.0.1:${relay.port}`,
    WEB_ORIGIN: 'http://localhost:5173',
  };
}

/** TURN secrets, and where it is wanted a server that takes them. */
async function startTurn(
  line: string,
  folder: string,
): Promise<{ env: Record<string, string>; tlsPort: number }> {
  const file = join(folder, 'turn-secrets');
  await createSecrets(file);
  if (!/turn test|doctor/.test(line)) return { env: { TURN_SECRETS_FILE: file }, tlsPort: 0 };
  const coturn = await startCoturn();
  for (const { secret } of parseSecrets(await readFile(file, 'utf8'))) await coturn.addSecret(secret);
  await copyFile(coturn.caFile, join(folder, 'ca.pem'));
  const env = { TURN_SECRETS_FILE: file, TURN_PORT: String(coturn.port), TURN_HOST: '127.0.0.1' };
  return { env, tlsPort: coturn.tlsPort };
}

const RUN = EXAMPLES.filter((line) => !(line in NOT_RUN));

test.each(RUN)('%s', async (line) => {
  const folder = join(await temporaryDirectory(), 'copy');
  await cp(workshop, folder, { recursive: true });
  await fitFor(line, folder);
  const seed = await readFile(join(workshop, 'allowed-keys-seed.json'), 'utf8');
  const turn = await startTurn(line, folder);
  const env = { ...turn.env, ...(await startStack(line, seed)) };
  const ran = await runLine(folder, withRealNames(line, seed, turn), env);
  expect(ran.code, `${ran.stdout}\n${ran.stderr}`).toBe(0);
  expect(ran.stderr).not.toContain('Error');
  if (line.includes('--json')) expect(JSON.parse(ran.stdout)).not.toHaveProperty('error');
});

test('every example is run, or is in the short list with its reason', () => {
  expect(EXAMPLES.length).toBeGreaterThan(40);
  expect(Object.keys(NOT_RUN).filter((line) => !EXAMPLES.includes(line))).toEqual([]);
  expect(Object.keys(NOT_RUN).length).toBeLessThan(13);
  expect(RUN.length + Object.keys(NOT_RUN).length).toBe(new Set(EXAMPLES).size);
});

test('an example that does not do what it says is noticed', async () => {
  const ran = await runLine(workshop, 'relay-admin identities inspect nowhere.bin', {});
  expect(ran.code).toBe(3);
});
