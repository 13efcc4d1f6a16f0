/** A relay with a circle, one member's tokens, and a clock that tests can set. */
import type { Bytes } from '@relay/protocol/wire';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import { drawTokens, outcome, spendToken } from './client.ts';
import { makeDatabase, sql } from './database.ts';
import type { TestCircle, TestMember } from './member.ts';
import { logIn, makeCircle } from './member.ts';
import { untilReady } from './until.ts';

/** See above. */
export interface TokenStage {
  circle: TestCircle;
  databaseUrl: string;
  relay: Relay;
  /** Milliseconds from the Unix epoch. */
  clock: { now: number };
  /** A session of the first member, who drew `tokens`. */
  token: Bytes;
  tokens: Bytes[];
  /** The second member, who is written to. */
  owner: TestMember;
}

/** Opens one. @param perDay tokens that a member may draw in a day */
export async function openTokenStage(perDay = 3_072): Promise<TokenStage> {
  const circle = await makeCircle(4);
  const databaseUrl = await makeDatabase(circle);
  const clock = { now: Date.now() };
  const relay = await startRelay({ databaseUrl, tokensPerMemberPerDay: perDay, now: () => clock.now });
  await untilReady(relay.url);
  const [member, owner] = circle.members as [TestMember, TestMember];
  const token = await logIn(relay.url, circle, member);
  return { circle, databaseUrl, relay, clock, token, tokens: await drawTokens(relay.url, token), owner };
}

/** Takes a token that was not used yet. */
export const next = ({ tokens }: TokenStage): Bytes => tokens.pop() as Bytes;

/** What comes of asking for a ticket for the owner. */
export const spend = async ({ relay, owner }: TokenStage, token: Bytes): Promise<string> =>
  outcome(await spendToken(relay.url, token, owner.keyHash));

/** Rows of a table. */
export async function count({ databaseUrl }: TokenStage, table: string): Promise<number> {
  return (await sql(databaseUrl, `SELECT count(*)::integer AS n FROM ${table}`)).rows[0].n;
}
