/** A fresh circle for tests. */
import { expect } from 'vitest';
import type { Identity, IdentityContent, MessageBody, NewCircle, Pair } from '../../src/index.ts';
import { derivePair, generateCircle, isRelayError, openIdentity } from '../../src/index.ts';

/** Three members of one circle. */
export interface Members {
  circle: NewCircle;
  ada: Identity;
  bo: Identity;
  cleo: Identity;
}

/** Makes one, with the platform's own randomness. */
export async function makeMembers(): Promise<Members> {
  const circle = await generateCircle(['Ada', 'Bo', 'Cleo']);
  const open = (index: number) => {
    const content = circle.identities[index] as IdentityContent;
    return openIdentity({ ...content, seed: content.seed.slice() });
  };
  return { circle, ada: await open(0), bo: await open(1), cleo: await open(2) };
}

/** What `self` shares with `peer` under its newest circle secret. */
export async function pairOf(self: Identity, peer: Identity): Promise<Pair> {
  const [secret] = self.secrets;
  if (secret === undefined) throw new TypeError('no circle secret');
  return derivePair(self, peer.member, secret);
}

/** A body with the sender's roster and these contents. */
export function bodyOf(sender: Identity, ...contents: Uint8Array[]): MessageBody {
  const { serial, hash } = sender.roster;
  return { roster: { serial, hash }, records: contents.map((content) => ({ content, private: {} })) };
}

/** The code that a promise rejects with; its value or another error fails the test. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (isRelayError(error)) return error.code;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** {@link codeOf} for a function that throws at once. */
export function codeOfCall(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (isRelayError(error)) return error.code;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** A copy with one bit flipped. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

/** Requires that `run` is refused with one of the codes; any other error or a result fails the test. */
export async function refused(codes: string[], run: () => Promise<unknown> | unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    expect(isRelayError(error) ? error.code : error).toBeOneOf(codes);
    return;
  }
  throw new Error('accepted');
}

/** What comes of `run`; undefined where it is refused with one of the codes. Any other error fails the test. */
export async function takenOrRefused<T>(codes: string[], run: () => Promise<T> | T): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    expect(isRelayError(error) ? error.code : error).toBeOneOf(codes);
    return undefined;
  }
}
