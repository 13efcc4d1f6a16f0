import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Appliance, cleanClone } from './support/appliance.ts';
import { identityOf, Member, makeCircle } from './support/circle.ts';
import { run, succeed } from './support/docker.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const main = new Appliance(inject('appliance'));
/** Beside the other appliance, so on ports of its own. */
const env = { RELAY_PORT: '4100', TURN_PORT: '3578', TURN_MIN_PORT: '54000', TURN_MAX_PORT: '54099' };
const project = 'relay-upgrade-test';

/** The last commit before what is here, of those that have an appliance at all. */
async function previousCommit(): Promise<string> {
  const dirty = (await succeed('git', ['status', '--porcelain'], { cwd: ROOT })).trim() !== '';
  const commits = await succeed('git', ['log', '--first-parent', '--format=%H', '-30'], { cwd: ROOT });
  for (const commit of commits
    .trim()
    .split('\n')
    .slice(dirty ? 0 : 1)) {
    const { code } = await run('git', ['cat-file', '-e', `${commit}:docker-compose.yml`], { cwd: ROOT });
    if (code === 0) return commit;
  }
  throw new Error('no earlier commit has an appliance; the clone may be too shallow for this test');
}

let old: Appliance;
let now: Appliance;

beforeAll(async () => {
  const folder = mkdtempSync('/var/tmp/relay-appliance-old-');
  const archive = join(folder, 'archive.tar');
  await succeed('git', ['archive', '--output', archive, await previousCommit()], { cwd: ROOT });
  await succeed('tar', ['-xf', archive, '-C', folder]);
  rmSync(archive);
  old = new Appliance({ folder, project, env });
  await old.wipe();
  now = new Appliance({ folder: await cleanClone(), project, env });
  // A migration of its own, so that there is something to bring up to date whatever the last commit changed.
  const migration = join(now.site.folder, 'images/relay/prisma/migrations/9999_test');
  mkdirSync(migration);
  writeFileSync(
    join(migration, 'migration.sql'),
    'CREATE TABLE "upgrade_test" ("only" BOOLEAN PRIMARY KEY);\n',
  );
});

afterAll(async () => {
  await now.destroy();
  rmSync(old.site.folder, { recursive: true, force: true });
  // The images of the other appliance are built from here again.
  await main.compose(['build', '--quiet']);
});

describe('an upgrade', () => {
  it('of the previous commit’s appliance keeps members, blobs and secrets', async () => {
    await old.up();
    const circle = await makeCircle();
    expect((await old.admin(['identities', 'seed', '-'], circle.seed)).code).toBe(0);
    const [one, two] = [
      new Member(old.relayUrl, await identityOf(circle, 1)),
      new Member(old.relayUrl, await identityOf(circle, 2)),
    ];
    const sent = await one.send(two.identity.member.keyHash, 20);
    const secrets = await old.exec('worker', 'cat', '/run/turn-secrets/secrets');

    const { code, stdout, stderr } = await now.make(['upgrade']);
    expect([code, `${stdout}${stderr}`]).toEqual([0, expect.any(String)]);
    await now.healthy();

    const found = await two.receive();
    expect(found.size).toBe(20);
    for (const [id, hash] of sent) expect(found.get(id)).toBe(hash);
    expect(await now.exec('worker', 'cat', '/run/turn-secrets/secrets')).toBe(secrets);
    const tables = await now.exec('postgres', 'psql', '-U', 'postgres', '-d', 'relay', '-Atc', '\\dt');
    expect(tables).toContain('upgrade_test');
  });

  it('that does not build leaves what runs alone', async () => {
    const before = (await now.container('relay')).Id;
    writeFileSync(join(now.site.folder, 'images/relay/Dockerfile'), 'FROM scratch\nRUN nothing\n');
    const { code, stdout, stderr } = await now.make(['upgrade']);
    expect([code !== 0, `${stdout}${stderr}`]).toEqual([
      true,
      expect.stringContaining('The old services still run, untouched.'),
    ]);
    await now.healthy();
    expect((await now.container('relay')).Id).toBe(before);
  });
});
