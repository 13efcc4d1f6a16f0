import type { Bytes } from '@relay/protocol/wire';
import { sha256 } from '@relay/protocol/wire';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import type { TestBlob } from './client.ts';
import { buyTicket, drawTokens, uploadBlobs } from './client.ts';
import { makeDatabase, sql } from './database.ts';
import type { TestCircle, TestMember } from './member.ts';
import { logIn, makeCircle } from './member.ts';
import { makeTurnSecrets, removeTurnSecrets } from './turn.ts';
import { untilReady } from './until.ts';

/** Every kind of caller that the authorization table knows. */
export const callers = [
  'nobody',
  'owner',
  'another member',
  'expired session',
  'revoked member',
  'other circle',
  'wrong origin',
] as const;
/** One of them. */
export type CallerKind = (typeof callers)[number];

/** What a caller has in hand. */
export interface Caller {
  circle: TestCircle;
  member: TestMember;
  token?: Bytes;
  /** A ticket for the owner's mailbox that it bought. */
  ticket?: Bytes;
  /** A ticket for its own mailbox. */
  ticketToSelf?: Bytes;
  /** Blind tokens that it drew, 100 bytes each; one for each attempt. */
  blindToken?: Bytes;
  otherToken?: Bytes;
  /** Sent as the `Origin` header. */
  origin?: string;
}

/** A relay with one caller of each kind. */
export interface Stage {
  url: string;
  databaseUrl: string;
  owner: TestMember;
  callers: Record<CallerKind, Caller>;
  /** A session of a member who is none of the callers. */
  thirdToken: Bytes;
  /** Puts a new blob into the owner's mailbox. */
  addBlob(): Promise<TestBlob>;
  close(): Promise<void>;
}

/** Sets the stage. */
export async function openStage(): Promise<Stage> {
  const circle = await makeCircle(6);
  const [owner, another, expired, revoked, stranger, third] = circle.members as [
    TestMember,
    TestMember,
    TestMember,
    TestMember,
    TestMember,
    TestMember,
  ];
  const databaseUrl = await makeDatabase(circle);
  const turnSecretsFile = await makeTurnSecrets();
  const relay = await startRelay({ databaseUrl, turnSecretsFile });
  const elsewhere = await openElsewhere();
  await untilReady(relay.url);

  const arrive = async (member: TestMember): Promise<Caller> => {
    const token = await logIn(relay.url, circle, member);
    const ticket = await buyTicket(relay.url, token, owner.keyHash);
    const ticketToSelf = await buyTicket(relay.url, token, member.keyHash);
    const [blindToken, otherToken] = (await drawTokens(relay.url, token)) as [Bytes, Bytes];
    return { circle, member, token, ticket, ticketToSelf, blindToken, otherToken };
  };
  const kinds: Record<CallerKind, Caller> = {
    nobody: { circle, member: stranger },
    owner: await arrive(owner),
    'another member': await arrive(another),
    'expired session': await arrive(expired),
    'revoked member': await arrive(revoked),
    'other circle': elsewhere.caller,
    'wrong origin': { ...(await arrive(owner)), origin: 'https://elsewhere.example' },
  };
  await sql(databaseUrl, 'DELETE FROM member WHERE key_hash = ANY ($1)', [
    [revoked.keyHash, stranger.keyHash],
  ]);
  // Revoking voided what everybody had drawn; those who may draw again.
  for (const kind of ['owner', 'another member', 'expired session', 'wrong origin'] as const) {
    const caller = kinds[kind];
    const [blindToken, otherToken] = await drawTokens(relay.url, caller.token as Bytes);
    Object.assign(caller, { blindToken, otherToken });
  }
  await endSession(databaseUrl, kinds['expired session'].token as Bytes);
  const ownerToken = await logIn(relay.url, circle, owner);

  return {
    url: relay.url,
    databaseUrl,
    owner,
    callers: kinds,
    thirdToken: await logIn(relay.url, circle, third),
    addBlob: async () => (await uploadBlobs(relay.url, ownerToken, owner.keyHash, 1))[0] as TestBlob,
    close: async () => {
      await relay.close();
      await elsewhere.relay.close();
      await removeTurnSecrets(turnSecretsFile);
    },
  };
}

/** Lets a session have ended, as time would. */
export async function endSession(databaseUrl: string, token: Bytes): Promise<void> {
  await sql(databaseUrl, 'UPDATE session SET expiry_minute = 1 WHERE token_hash = $1', [await sha256(token)]);
}

/** A member of another circle with what its own relay gave it. */
async function openElsewhere(): Promise<{ relay: Relay; caller: Caller }> {
  const circle = await makeCircle(2);
  const relay = await startRelay({ databaseUrl: await makeDatabase(circle) });
  await untilReady(relay.url);
  const member = circle.members[0] as TestMember;
  const token = await logIn(relay.url, circle, member);
  const ticket = await buyTicket(relay.url, token, member.keyHash);
  const [blindToken, otherToken] = (await drawTokens(relay.url, token)) as [Bytes, Bytes];
  return { relay, caller: { circle, member, token, ticket, ticketToSelf: ticket, blindToken, otherToken } };
}
