/**
 * The sent log (SPEC.md §10): this member's own records, sealed to itself, several to a blob, on their way only after a random delay so that
 * the relay cannot tell from them who has just sent something.
 */
import type { BodyRecord } from '@relay/protocol';
import { fitsOneBlob, randomBytes } from '@relay/protocol';
import type { Parcel } from '../crypto/parcel.ts';

const MINUTE = 60_000;

/** A line of the log. */
export interface LogLine extends BodyRecord {
  /** Hash of its record, hexadecimal. */
  hash: string;
}

/** A blob of the log that still waits. */
interface WaitingBlob {
  lines: readonly LogLine[];
  /** Milliseconds from the Unix epoch. */
  due: number;
}

/** What to put into the outbox, and what it replaces there. */
export interface LogChange {
  /** None when nothing is left to keep. */
  blob?: { parcel: Parcel; due: number };
  replaces: string[];
}

/** The log of one page load, and what earlier ones left in the outbox. */
export class SentLog {
  readonly #seal: (records: readonly BodyRecord[]) => Promise<Parcel>;
  readonly #delayMinutes: readonly [number, number];
  /** By blob id, hexadecimal. */
  readonly #waiting = new Map<string, WaitingBlob>();
  /** The blob that takes more. */
  #open: string | undefined;

  /**
   * @param seal seals records to this member itself
   * @param delayMinutes bounds of the delay; a fresh uniform one is drawn for each blob
   */
  constructor(
    seal: (records: readonly BodyRecord[]) => Promise<Parcel>,
    delayMinutes: readonly [number, number],
  ) {
    this.#seal = seal;
    this.#delayMinutes = delayMinutes;
  }

  /** Adds a line to the blob that waits, in place of an earlier one of the same record, or begins a new blob. */
  async add(line: LogLine, now: number): Promise<LogChange> {
    const id = this.#open;
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    const together = [...(waiting?.lines ?? []).filter(({ hash }) => hash !== line.hash), line];
    // A blob that is due is about to leave, and would take this line along with no delay at all.
    if (id === undefined || waiting === undefined || waiting.due <= now || !fits(together))
      return this.#begin([line], now);
    return (await this.#replace(id, together, waiting.due)) ?? this.#begin([line], now);
  }

  /** Takes the lines of a record out of whatever still waits. */
  async drop(record: string): Promise<LogChange[]> {
    const changes: LogChange[] = [];
    for (const [id, { lines, due }] of [...this.#waiting]) {
      const kept = lines.filter(({ hash }) => hash !== record);
      if (kept.length === lines.length) continue;
      if (kept.length === 0) {
        this.leaving(id);
        changes.push({ replaces: [id] });
      } else {
        const change = await this.#replace(id, kept, due);
        if (change !== undefined) changes.push(change);
      }
    }
    return changes;
  }

  /** Takes over a blob that an earlier page left. Nothing joins it. */
  restore(id: string, lines: readonly LogLine[], due: number): void {
    this.#waiting.set(id, { lines, due });
  }

  /** Hashes of the records in a blob that waits. */
  recordsOf(id: string): string[] {
    return this.#waiting.get(id)?.lines.map(({ hash }) => hash) ?? [];
  }

  /** A blob is leaving: nothing more joins it, and nothing is taken out. */
  leaving(id: string): void {
    this.#waiting.delete(id);
    if (this.#open === id) this.#open = undefined;
  }

  async #begin(lines: readonly LogLine[], now: number): Promise<LogChange> {
    const parcel = await this.#seal(lines.map(recordOf));
    const due = now + this.#delay();
    this.#waiting.set(parcel.id, { lines, due });
    this.#open = parcel.id;
    return { blob: { parcel, due }, replaces: [] };
  }

  /** Seals a blob that waits again, with other lines; nothing when it began to leave meanwhile. */
  async #replace(id: string, lines: readonly LogLine[], due: number): Promise<LogChange | undefined> {
    const parcel = await this.#seal(lines.map(recordOf));
    if (!this.#waiting.has(id)) return undefined;
    this.#waiting.delete(id);
    this.#waiting.set(parcel.id, { lines, due });
    if (this.#open === id) this.#open = parcel.id;
    return { blob: { parcel, due }, replaces: [id] };
  }

  /** Whole milliseconds. */
  #delay(): number {
    const [least, most] = this.#delayMinutes;
    const fraction = new DataView(randomBytes(4).buffer).getUint32(0) / 2 ** 32;
    return Math.round((least + fraction * (most - least)) * MINUTE);
  }
}

const recordOf = ({ content, private: part }: LogLine): BodyRecord => ({ content, private: part });

function fits(lines: readonly LogLine[]): boolean {
  // The size of a body depends on its roster's serial by a few bytes: the largest one counts.
  return fitsOneBlob({ roster: { serial: 2 ** 32, hash: new Uint8Array(32) }, records: lines.map(recordOf) });
}
