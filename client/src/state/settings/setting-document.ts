/** The one document in which a member's small settings are kept: its form inside a sealed setting of the local store. */
import type { CborValue } from '@relay/protocol';
import { decodeCbor, encodeCbor, fromHex, hex, isLabel } from '@relay/protocol';
import { z } from 'zod';
import type { Settings } from '../model.ts';

/** A member as the news of a roster name it, also when no roster lists it any more. */
export interface NamedMember {
  /** Hexadecimal key hash. */
  id: string;
  number: number;
  label: string;
}

/** A roster update that was not acknowledged yet: everything since `before` is news. */
export interface KeptNews {
  /** Of the roster in use. */
  serial: number;
  /** The members as they were known before, by number. */
  before: readonly NamedMember[];
}

/** Everything that is kept. Key hashes and marks in hexadecimal. */
export interface SettingDocument {
  settings: Settings;
  /** By key hash. */
  nicknames: ReadonlyMap<string, string>;
  /** Key hashes. */
  verified: ReadonlySet<string>;
  /** By mark ({@link readMark}): the hour in which it was read, from the Unix epoch. */
  read: ReadonlyMap<string, number>;
  /** As the relay served it, 131,072 bytes. */
  rosterUpdate: Uint8Array | undefined;
  news: KeptNews | undefined;
  /** The hour in which this member was here last, from the Unix epoch. */
  seenHour: number | undefined;
}

/** What is in force where nothing is kept. */
export const EMPTY_DOCUMENT: SettingDocument = {
  settings: {
    theme: 'system',
    readReceipts: false,
    keepOnDevice: true,
    coverTraffic: false,
    directCalls: false,
    pushToTalk: false,
    echoCancellation: true,
    noiseSuppression: true,
  },
  nicknames: new Map(),
  verified: new Set(),
  read: new Map(),
  rosterUpdate: undefined,
  news: undefined,
  seenHour: undefined,
};

const MARK_BYTES = 8;

/** What is kept of a record's hash to mark it as read: its first 8 bytes, hexadecimal. */
export function readMark(hash: string): string {
  return hash.slice(0, 2 * MARK_BYTES);
}

const fixedBytes = (n: number) => z.instanceof(Uint8Array).refine(({ length }) => length === n);
const keyHash = fixedBytes(32).transform(hex);
const whole = z.number().int().nonnegative();
const label = z.string().refine(isLabel);

const choices = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  readReceipts: z.boolean().default(false),
  keepOnDevice: z.boolean(),
  coverTraffic: z.boolean().default(false),
  directCalls: z.boolean().default(false),
  pushToTalk: z.boolean().default(false),
  echoCancellation: z.boolean().default(true),
  noiseSuppression: z.boolean().default(true),
});

const shape = z.object({
  settings: choices,
  nicknames: z.array(z.tuple([keyHash, label])).default([]),
  verified: z.array(keyHash).default([]),
  read: z.array(z.tuple([fixedBytes(MARK_BYTES).transform(hex), whole])).default([]),
  rosterUpdate: z.instanceof(Uint8Array).optional(),
  news: z.object({ serial: whole, before: z.array(z.tuple([keyHash, whole, label])) }).optional(),
  seenHour: whole.optional(),
});

const keysOf = (value: unknown) => (value instanceof Object ? Object.keys(value) : []);
const unknownKeys = (value: unknown, known: z.ZodObject) =>
  keysOf(value).filter((key) => !Object.hasOwn(known.shape, key));

/** What is kept of a document: all of it, or the little that says to keep nothing. */
export function encodeDocument(document: SettingDocument): Uint8Array {
  const { settings, nicknames, verified, read, rosterUpdate, news, seenHour } = document;
  const { theme, keepOnDevice } = settings;
  if (!keepOnDevice) return encodeCbor({ settings: { theme, keepOnDevice } });
  const parts: { [key: string]: CborValue } = {
    settings: { ...settings },
    nicknames: [...nicknames].map(([id, text]) => [fromHex(id), text]),
    verified: [...verified].map(fromHex),
    read: [...read].map(([mark, hour]) => [fromHex(mark), hour]),
  };
  if (rosterUpdate !== undefined) parts.rosterUpdate = rosterUpdate;
  if (news !== undefined) {
    const before = news.before.map(({ id, number, label: text }) => [fromHex(id), number, text]);
    parts.news = { serial: news.serial, before };
  }
  if (seenHour !== undefined) parts.seenHour = seenHour;
  return encodeCbor(parts);
}

/**
 * Reads a document.
 * @returns the document without the keys that this version does not know, and the names of those
 * @throws Error when it is damaged
 */
export function decodeDocument(plaintext: Uint8Array): { document: SettingDocument; unknown: string[] } {
  const value = decodeCbor(plaintext);
  const { nicknames, verified, read, news, rosterUpdate, seenHour, settings } = shape.parse(value);
  const inner = (value as { settings: unknown }).settings;
  return {
    document: {
      settings,
      nicknames: new Map(nicknames),
      verified: new Set(verified),
      read: new Map(read),
      rosterUpdate: rosterUpdate?.slice(),
      news: news && {
        serial: news.serial,
        before: news.before.map(([id, number, text]) => ({ id, number, label: text })),
      },
      seenHour,
    },
    unknown: [...unknownKeys(value, shape), ...unknownKeys(inner, choices).map((key) => `settings.${key}`)],
  };
}
