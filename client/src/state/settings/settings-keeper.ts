/**
 * Keeps a member's small settings on its machine, as one sealed document, and shares it with the member's other windows: what each window
 * changes is applied to what is kept then, so that the last to write undoes nothing of the others.
 */
import { MIN_BLOB_LIFE_HOURS } from '@relay/protocol';
import type { VaultClient } from '../../crypto/spawn.ts';
import type { LocalStore } from '../../storage/local-store.ts';
import type { Settings } from '../model.ts';
import type { After } from '../timer.ts';
import { after } from '../timer.ts';
import { turnTaker } from '../turns.ts';
import { nicknameOf } from './nickname.ts';
import type { KeptNews, SettingDocument } from './setting-document.ts';
import { decodeDocument, EMPTY_DOCUMENT, encodeDocument, readMark } from './setting-document.ts';

export { readMark } from './setting-document.ts';

const HOUR = 3_600_000;
/** Changes within this time are written together. */
const WRITE_MS = 1_000;
/** Hours after which no record is taken any more (SPEC.md §8), so that its mark is of no use. */
const MARK_HOURS = 133;
/** The document's name in the store. */
const NAME = 'settings';

/** What is told when the settings cannot be read. */
export const DAMAGED_SETTINGS =
  'Your small settings on this machine (nicknames, verified marks, what was read) are damaged and were set aside. They begin anew with your next change.';

/** What went wrong with what is kept; none of it is worth stopping for. */
export type SettingsProblem =
  /** It cannot be read, and is ignored; the next change overwrites it. */
  | { kind: 'damaged' }
  /** It holds keys that this version does not know; they are not kept. */
  | { kind: 'unknown'; keys: string[] }
  /** The store did not answer; changes are tried again with the next one. */
  | { kind: 'unavailable' };

/** What the settings need of the world. */
export interface SettingsParts {
  store: Pick<LocalStore, 'setting' | 'setSetting'>;
  vault: Pick<VaultClient, 'sealLocal' | 'openLocal'>;
  /** Runs work while no other window of this member runs any. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  now(): number;
  report(problem: SettingsProblem): void;
  /** Something that the getters tell has changed, here or by another window. */
  changed(): void;
  after?: After;
}

type Change = (document: SettingDocument) => SettingDocument;

/** The settings of an open identity. */
export class SettingsKeeper {
  readonly #parts: SettingsParts;
  readonly #inTurn = turnTaker();
  #document = EMPTY_DOCUMENT;
  /** Made here and not written yet, oldest first. */
  #pending: Change[] = [];
  #cancel: (() => void) | undefined;
  #marks = { of: EMPTY_DOCUMENT.read, marks: new Set<string>() };
  #absentSince: number | undefined;
  #isDamaged = false;
  #isForgotten = false;

  private constructor(parts: SettingsParts) {
    this.#parts = parts;
  }

  /** Reads what is kept; without it, or when it cannot be read, everything is as at first. */
  static async load(parts: SettingsParts): Promise<SettingsKeeper> {
    const keeper = new SettingsKeeper(parts);
    const now = parts.now();
    try {
      const kept = await keeper.#read();
      if (kept === 'damaged') keeper.#isDamaged = true;
      else if (kept !== undefined) keeper.#document = kept;
    } catch {
      parts.report({ kind: 'unavailable' });
    }
    const seen = (keeper.#document.seenHour ?? Number.POSITIVE_INFINITY) * HOUR;
    if (now - seen > MIN_BLOB_LIFE_HOURS * HOUR) keeper.#absentSince = seen;
    return keeper;
  }

  /** This member was here before, as far as this machine knows. */
  get isKnown(): boolean {
    return this.#document.seenHour !== undefined;
  }

  /** The choices in force. */
  get settings(): Settings {
    return this.#document.settings;
  }

  /** Changes choices. When nothing is to be kept any more, what was kept is removed at once; this page goes on with it. */
  change(change: Partial<Settings>): void {
    const hadKept = this.settings.keepOnDevice;
    this.#make((document) => ({ ...document, settings: { ...document.settings, ...change } }));
    if (hadKept && !this.settings.keepOnDevice) void this.#write();
  }

  /** A member's nickname, by its key hash in hexadecimal. */
  nickname(id: string): string | undefined {
    return this.#document.nicknames.get(id);
  }

  /** Gives a nickname; one of which `nicknameOf` leaves nothing removes it. */
  setNickname(id: string, text: string): void {
    const nickname = nicknameOf(text);
    this.#make((document) => {
      const nicknames = new Map(document.nicknames);
      if (nickname === '') nicknames.delete(id);
      else nicknames.set(id, nickname);
      return { ...document, nicknames };
    });
  }

  /** Whether this member compared the safety number with the holder of that very key. */
  isVerified(id: string): boolean {
    return this.#document.verified.has(id);
  }

  /** See {@link SettingsKeeper.isVerified}. */
  setVerified(id: string, isVerified: boolean): void {
    this.#make((document) => {
      const verified = new Set(document.verified);
      if (isVerified) verified.add(id);
      else verified.delete(id);
      return { ...document, verified };
    });
  }

  /** Marks of what was read, as `readMark` makes them of record hashes. */
  readMarks(): ReadonlySet<string> {
    const { read } = this.#document;
    // Asked for at every record that arrives.
    if (this.#marks.of !== read) this.#marks = { of: read, marks: new Set(read.keys()) };
    return this.#marks.marks;
  }

  /** Marks records (hashes in hexadecimal) as read. */
  addRead(hashes: readonly string[]): void {
    const hour = Math.floor(this.#parts.now() / HOUR);
    const marks = hashes.map(readMark).filter((mark) => !this.#document.read.has(mark));
    if (marks.length === 0) return;
    this.#make((document) => {
      const current = [...document.read].filter(([, readHour]) => readHour >= hour - MARK_HOURS);
      return { ...document, read: new Map([...current, ...marks.map((mark) => [mark, hour] as const)]) };
    });
  }

  /** The roster update in use, as the relay served it: 131,072 bytes. */
  get rosterUpdate(): Uint8Array | undefined {
    return this.#document.rosterUpdate;
  }

  /** See {@link SettingsKeeper.rosterUpdate}. */
  setRosterUpdate(update: Uint8Array | undefined): void {
    this.#make((document) => ({ ...document, rosterUpdate: update }));
  }

  /** A roster update that was not acknowledged. */
  get news(): KeptNews | undefined {
    return this.#document.news;
  }

  /** See {@link SettingsKeeper.news}. */
  setNews(news: KeptNews | undefined): void {
    this.#make((document) => ({ ...document, news }));
  }

  /** When this member was here last, in milliseconds (a whole hour), where messages may have expired since; until dismissed. */
  get absentSince(): number | undefined {
    return this.#absentSince;
  }

  /** See {@link SettingsKeeper.absentSince}. */
  dismissAbsence(): void {
    this.#absentSince = undefined;
    this.#parts.changed();
  }

  /** Notes that this member's mailbox was read at that time; only the hour is kept. */
  seen(now: number): void {
    const hour = Math.floor(now / HOUR);
    // It comes by itself, and is not worth a document that somebody may still want to rescue.
    if (this.#isDamaged || (this.#document.seenHour ?? 0) >= hour) return;
    this.#make((document) => ({ ...document, seenHour: Math.max(hour, document.seenHour ?? 0) }));
  }

  /** Writes what is not written yet, and ends. */
  async stop(): Promise<void> {
    if (this.#pending.length > 0) await this.#write();
  }

  /** Removes everything that is kept, and keeps nothing more. */
  async forget(): Promise<void> {
    this.#isForgotten = true;
    this.#cancel?.();
    this.#pending = [];
    this.#document = EMPTY_DOCUMENT;
    this.#absentSince = undefined;
    this.#parts.changed();
    await this.#inTurn(() => this.#parts.exclusively(() => this.#parts.store.setSetting(NAME, undefined)));
  }

  #make(change: Change): void {
    if (this.#isForgotten) return;
    this.#document = change(this.#document);
    this.#pending.push(change);
    this.#cancel ??= (this.#parts.after ?? after)(WRITE_MS, () => void this.#write());
    this.#parts.changed();
  }

  /** What is kept now; undefined when nothing is. */
  async #read(): Promise<SettingDocument | 'damaged' | undefined> {
    const sealed = await this.#parts.store.setting(NAME);
    if (sealed === undefined) return undefined;
    try {
      const { document, unknown } = decodeDocument(await this.#parts.vault.openLocal(sealed));
      if (unknown.length > 0) this.#parts.report({ kind: 'unknown', keys: unknown });
      return document;
    } catch {
      this.#parts.report({ kind: 'damaged' });
      return 'damaged';
    }
  }

  #write(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    return this.#inTurn(() => this.#parts.exclusively(() => this.#writeNow())).catch(() =>
      this.#parts.report({ kind: 'unavailable' }),
    );
  }

  async #writeNow(): Promise<void> {
    const kept = await this.#read();
    const changes = [...this.#pending];
    const merged = changes.reduce((document, change) => change(document), this.#baseOf(kept));
    const sealed = await this.#parts.vault.sealLocal(encodeDocument(merged));
    await this.#parts.store.setSetting(NAME, sealed);
    // The store is cleared next; what was merged is not to be remembered either.
    if (this.#isForgotten) return;
    this.#isDamaged = false;
    // What came while this was being written is still to be written, and holds already.
    this.#pending = this.#pending.slice(changes.length);
    this.#document = this.#pending.reduce((document, change) => change(document), merged);
    this.#parts.changed();
  }

  /** What the changes of this window are made to: what is kept, as far as it tells. */
  #baseOf(kept: SettingDocument | 'damaged' | undefined): SettingDocument {
    if (kept === 'damaged') return this.#document;
    // Another window removed everything; what this one remembers is not to come back with the next mark.
    if (kept === undefined) return EMPTY_DOCUMENT;
    if (kept.settings.keepOnDevice) return kept;
    const { theme, keepOnDevice } = kept.settings;
    return { ...this.#document, settings: { ...this.#document.settings, theme, keepOnDevice } };
  }
}
