/** Drawing and spending blind tokens at real relay processes on one real database (SPEC.md §22). */
import { beginDraw, finishDraw } from '@relay/protocol';
import type { Bytes } from '@relay/protocol/wire';
import {
  b64,
  decodeToken,
  encodeToken,
  issueBatch,
  makeOprfKeyPair,
  ROUTES,
  randomBytes,
  ticketAnswer,
} from '@relay/protocol/wire';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/database/pools.ts';
import { startRelay } from '../../src/testing.ts';
import type { TicketRepository } from '../../src/tickets/repository.ts';
import { createTicketRepository } from '../../src/tickets/repository.ts';
import { DAY_MS } from '../../src/time.ts';
import {
  askIssuerKey,
  bearer,
  drawTokens,
  makeBlob,
  outcome,
  postBytes,
  spendToken,
  upload,
} from '../support/client.ts';
import { sql } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn } from '../support/member.ts';
import { startRelayProcess } from '../support/process.ts';
import type { TokenStage } from '../support/tokens.ts';
import { count, next, openTokenStage, spend } from '../support/tokens.ts';

const stages: TokenStage[] = [];
const openStage = async (perDay?: number): Promise<TokenStage> => {
  const opened = await openTokenStage(perDay);
  stages.push(opened);
  return opened;
};
let stage: TokenStage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  for (const { relay } of stages) await relay.close();
});

test('a token buys one ticket for one mailbox, without any other word on the request', async () => {
  const response = await spendToken(stage.relay.url, next(stage), stage.owner.keyHash);
  const { ticket, blobs } = ticketAnswer.parse(await response.json());
  expect(blobs).toBe(32);
  expect((await upload(stage.relay.url, ticket, (await makeBlob()).frame)).status).toBe(204);
  const { rows } = await sql(stage.databaseUrl, 'SELECT mailbox FROM blob');
  expect(rows.map(({ mailbox }) => b64(mailbox))).toEqual([b64(stage.owner.keyHash)]);
});

test('a token is spent once, also where another process has the second request', async () => {
  const other = await startRelayProcess(stage.databaseUrl);
  onTestFinished(() => void other.child.kill('SIGKILL'));
  const token = next(stage);
  expect(await spend(stage, token)).toBe('200');
  const elsewhere = async () => outcome(await spendToken(other.url, token, stage.owner.keyHash));
  expect([await spend(stage, token), await elsewhere()]).toEqual(['409 token_spent', '409 token_spent']);
});

test('a spent token says nothing of recipients: whatever it asks for, it is spent', async () => {
  const token = next(stage);
  expect(await spend(stage, token)).toBe('200');
  const full = await startRelay({ databaseUrl: stage.databaseUrl, mailboxMaxBlobs: 32 });
  onTestFinished(() => full.close());
  for (const [{ url }, recipient] of [
    [stage.relay, randomBytes(32)],
    [full, stage.owner.keyHash],
  ] as const)
    expect(await outcome(await spendToken(url, token, recipient))).toBe('409 token_spent');
});

test('of fifty requests with one token at two processes exactly one gets a ticket', async () => {
  const other = await startRelayProcess(stage.databaseUrl);
  onTestFinished(() => void other.child.kill('SIGKILL'));
  const token = next(stage);
  const before = [await count(stage, 'ticket'), await count(stage, 'spent_token')] as const;
  const urls = Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? stage.relay.url : other.url));
  const outcomes = await Promise.all(
    urls.map(async (url) => outcome(await spendToken(url, token, stage.owner.keyHash))),
  );
  expect(outcomes.filter((one) => one === '200')).toHaveLength(1);
  expect(outcomes.filter((one) => one === '409 token_spent')).toHaveLength(49);
  expect(await count(stage, 'ticket')).toBe(before[0] + 1);
  expect(await count(stage, 'spent_token')).toBe(before[1] + 1);
});

test('of fifty sales for one token that all found it unspent exactly one is made, whichever process has it', async () => {
  const databases = [openDatabase(stage.databaseUrl), openDatabase(stage.databaseUrl)] as const;
  onTestFinished(() => Promise.all(databases.map((each) => each.close())).then(() => undefined));
  const [one, two] = databases.map(createTicketRepository) as [TicketRepository, TicketRepository];
  const { epoch } = await askIssuerKey(stage.relay.url);
  const token = { epoch, nonceHash: randomBytes(32) };
  const before = await count(stage, 'ticket');
  const ticket = () => ({
    ticketHash: randomBytes(32),
    mailbox: stage.owner.keyHash,
    remaining: 32,
    expiryMinute: 2_000_000_000,
  });
  const sold = await Promise.all(
    Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? one : two).sell(token, ticket())),
  );
  expect(sold.toSorted()).toEqual(['sold', ...Array(49).fill('spent')]);
  expect(await count(stage, 'ticket')).toBe(before + 1);
});

test('forged, foreign and malformed tokens get the same answer, for a mailbox that is there and one that is not', async () => {
  const own = makeOprfKeyPair();
  const { epoch } = await askIssuerKey(stage.relay.url);
  const draw = beginDraw();
  const made = issueBatch(
    own,
    draw.items.map(({ blinded }) => Uint8Array.from(blinded)),
  );
  const [forged] = finishDraw({ epoch, publicKey: own.publicKey }, draw, made.evaluated, made.proof);
  const sound = next(stage);
  const bit = sound.slice();
  bit[99] = (bit[99] as number) ^ 1;
  const otherEpoch = encodeToken({ ...decodeToken(sound), epoch: epoch + 1 });
  const bad = [
    encodeToken(forged as never),
    bit,
    otherEpoch,
    sound.slice(1),
    randomBytes(100),
    new Uint8Array(),
  ];
  const answers: string[] = [];
  for (const token of bad) {
    for (const recipient of [stage.owner.keyHash, randomBytes(32)]) {
      const response = await spendToken(stage.relay.url, token as Bytes, recipient);
      answers.push(`${response.status} ${await response.text()}`);
    }
  }
  const without = await fetch(stage.relay.url + ROUTES.tickets, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ recipient: b64(stage.owner.keyHash) }),
  });
  answers.push(`${without.status} ${await without.text()}`);
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toMatch(/^401 .*token_invalid/);
  expect(await spend(stage, sound)).toBe('200');
});

test('a token that got no ticket is not spent', async () => {
  const token = next(stage);
  const unknown = await spendToken(stage.relay.url, token, randomBytes(32));
  expect(await outcome(unknown)).toBe('404 recipient_unknown');
  const full = await startRelay({ databaseUrl: stage.databaseUrl, mailboxMaxBlobs: 32 });
  onTestFinished(() => full.close());
  expect(await outcome(await spendToken(full.url, token, stage.owner.keyHash))).toBe('507 mailbox_full');
  expect(await outcome(await spendToken(stage.relay.url, token, Uint8Array.of()))).toBe('400 bad_request');
  expect(await spend(stage, token)).toBe('200');
});

test('only members draw, whole batches, and nothing malformed', async () => {
  const { url } = stage.relay;
  const { request } = beginDraw();
  const draw = async (body: Bytes, headers = bearer(stage.token)) =>
    outcome(await postBytes(url + ROUTES.tokens, body, headers));
  expect(await draw(request, {})).toBe('401 unauthenticated');
  expect(await draw(request, bearer(randomBytes(32)))).toBe('401 unauthenticated');
  expect(await draw(request.slice(32))).toBe('400 bad_request');
  expect(await draw(Uint8Array.of(...request, 0))).toBe('413 payload_too_large');
  expect(await draw(new Uint8Array(request.length))).toBe('400 bad_request');
  expect(await draw(new Uint8Array(request.length).fill(255))).toBe('400 bad_request');
});

test('a member draws so much in a day, at all processes together, and again on the next', async () => {
  const limited = await openStage(3 * 64 + 63);
  const { clock, relay, circle, databaseUrl } = limited;
  const other = await startRelay({ databaseUrl, tokensPerMemberPerDay: 192, now: () => clock.now });
  onTestFinished(() => other.close());
  const again = async (url: string) =>
    postBytes(url + ROUTES.tokens, beginDraw().request, bearer(limited.token));
  expect(await outcome(await again(other.url))).toBe('200');
  expect(await outcome(await again(relay.url))).toBe('200');
  for (const { url } of [relay, other]) {
    const refused = await again(url);
    const untilMidnight = Math.ceil((DAY_MS - (clock.now % DAY_MS)) / 1000);
    expect(refused.headers.get('retry-after')).toBe(String(untilMidnight));
    expect(await outcome(refused)).toBe('429 rate_limited');
  }
  const third = await logIn(relay.url, circle, circle.members[2] as TestMember);
  expect(await drawTokens(relay.url, third)).toHaveLength(64);
  clock.now += DAY_MS;
  limited.token = await logIn(relay.url, circle, circle.members[0] as TestMember);
  expect(await outcome(await again(relay.url))).toBe('200');
});

test('a cookie beside a token changes nothing', async () => {
  const token = next(stage);
  const response = await spendToken(stage.relay.url, token, stage.owner.keyHash, { Cookie: 'member=1' });
  expect(await outcome(response)).toBe('200');
});
