import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { Appliance, LASTING } from './support/appliance.ts';
import type { Acknowledged } from './support/circle.ts';
import { identityOf, Member, Uploader } from './support/circle.ts';
import { succeed } from './support/docker.ts';
import { allocate, ownAddress } from './support/turn.ts';
import { until } from './support/until.ts';

const appliance = new Appliance(inject('appliance'));
const circle = inject('circle');
const ENGINE = resolve(import.meta.dirname, 'engine/engine.sh');
/** Left by engine.sh where it started the engine. */
const OWN_ENGINE = join('/run/relay-engine', 'dockerd.pid');

let uploaders: Uploader[] = [];
afterEach(async () => {
  await Promise.all(uploaders.map((uploader) => uploader.stop()));
});

async function member(number: number): Promise<Member> {
  return new Member(appliance.relayUrl, await identityOf(circle, number));
}

/** Two members who upload to the third, whatever happens. */
async function beginUploads(): Promise<void> {
  const { keyHash } = (await identityOf(circle, 3)).member;
  uploaders = [new Uploader(await member(1), keyHash), new Uploader(await member(2), keyHash)];
  await until('uploads to flow', async () => uploaders.every(({ acknowledged }) => acknowledged.size > 3));
}

async function endUploads(): Promise<{ acknowledged: Acknowledged; failures: number }> {
  const all = await Promise.all(uploaders.map((uploader) => uploader.stop()));
  const failures = uploaders.reduce((sum, uploader) => sum + uploader.failures, 0);
  uploaders = [];
  return { acknowledged: new Map(all.flatMap((one) => [...one])), failures };
}

/** Uploads go on after what happened. */
async function flowAgain(): Promise<void> {
  const before = uploaders.map(({ acknowledged }) => acknowledged.size);
  await until('uploads to flow again', async () =>
    uploaders.every(({ acknowledged }, i) => acknowledged.size > (before[i] ?? 0) + 3),
  );
}

/** Each blob that was acknowledged is there, byte for byte; then the mailbox is emptied. */
async function expectAll(acknowledged: Acknowledged): Promise<void> {
  const three = await member(3);
  const found = await three.receive();
  const lost = [...acknowledged].filter(([id, hash]) => found.get(id) !== hash);
  expect(acknowledged.size).toBeGreaterThan(6);
  expect(lost).toEqual([]);
  await three.http.emptyMailbox(await three.session());
}

describe.each(LASTING)('%s killed while members upload', (service) => {
  it('comes back by itself, and every acknowledged blob is there', async () => {
    await appliance.healthy();
    await beginUploads();
    const before = await appliance.container(service);
    await appliance.kill(service);
    await until(`${service} to be started again`, async () => {
      const { State, Id } = await appliance.container(service);
      return Id === before.Id && State.StartedAt !== before.State.StartedAt && State.Status === 'running';
    });
    await appliance.healthy();
    await flowAgain();
    const { acknowledged, failures } = await endUploads();
    if (service === 'relay' || service === 'postgres') expect(failures).toBeGreaterThan(0);
    await expectAll(acknowledged);
  });
});

describe('the engine restarted', () => {
  // Left out on an engine that was there before, which may have other containers. In CI a test left out is a failure.
  it.runIf(existsSync(OWN_ENGINE))(
    'brings everything back, and every acknowledged blob is there',
    async () => {
      await appliance.healthy();
      await beginUploads();
      await succeed('bash', [ENGINE, 'restart']);
      await appliance.healthy();
      await flowAgain();
      const { acknowledged } = await endUploads();
      await expectAll(acknowledged);
      const one = await member(1);
      const { username, credential } = await one.http.turnCredentials(await one.session());
      const { client } = await allocate(ownAddress(), 3478, { username, credential });
      await client.close();
    },
  );
});

it('a stop and a start keep everything', async () => {
  const [one, three] = [await member(1), await member(3)];
  const sent = await one.send(three.identity.member.keyHash, 8);
  await appliance.compose(['down']);
  await appliance.up();
  await expectAll(sent);
});
