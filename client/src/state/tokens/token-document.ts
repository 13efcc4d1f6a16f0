/** The stock of tokens as it is kept: its form inside a sealed setting of the local store. */
import { decodeCbor, encodeCbor, fromHex, hex, readU32, TOKEN_BYTES } from '@relay/protocol';
import { z } from 'zod';

/** An issuer key that the relay told of. */
export interface KnownKey {
  epoch: number;
  /** `issuerKeyHash`, hexadecimal. */
  hash: string;
}

/** What a client knows of the relay's keys. */
export interface IssuerMemory {
  /** Those that the relay told of, newest first. */
  keys: readonly KnownKey[];
  /** The hour, from the Unix epoch, in which it told last which one is the newest. */
  told: number | undefined;
}

/** Everything that is kept. */
export interface TokenDocument {
  /** Tokens of 100 bytes, oldest first. */
  tokens: readonly Uint8Array[];
  issuer: IssuerMemory;
}

/** What there is at first. */
export const EMPTY_STOCK: TokenDocument = { tokens: [], issuer: { keys: [], told: undefined } };

const whole = z.number().int().nonnegative();
const fixedBytes = (n: number) => z.instanceof(Uint8Array).refine(({ length }) => length === n);
const shape = z.object({
  tokens: z.array(fixedBytes(TOKEN_BYTES)),
  keys: z.array(z.tuple([whole, fixedBytes(32).transform(hex)])),
  told: whole.optional(),
});

/** The epoch of a token. */
export function epochOf(token: Uint8Array): number {
  return readU32(token);
}

/** What is kept of a document. */
export function encodeStock({ tokens, issuer: { keys, told } }: TokenDocument): Uint8Array {
  return encodeCbor({
    tokens: [...tokens],
    keys: keys.map(({ epoch, hash }) => [epoch, fromHex(hash)]),
    ...(told === undefined ? {} : { told }),
  });
}

/** Reads a document. @throws Error when it is damaged */
export function decodeStock(plaintext: Uint8Array): TokenDocument {
  const { tokens, keys, told } = shape.parse(decodeCbor(plaintext));
  return {
    tokens: tokens.map((token) => token.slice()),
    issuer: { keys: keys.map(([epoch, hash]) => ({ epoch, hash })), told },
  };
}
