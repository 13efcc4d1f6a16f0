/**
 * Which own messages expired unread, as far as it can be known. Nothing here asks the relay: it says what to ask, and takes the answer.
 * A relay that lies about what it holds can make a message look expired; it could as well withhold it.
 */
import { MAX_BLOB_LIFE_HOURS, MIN_BLOB_LIFE_HOURS } from '@relay/protocol';

const HOUR = 3_600_000;
/** Longest stay in an outbox, in hours (SPEC.md §8). */
const OUTBOX_HOURS = 24;
/** Blobs asked for at once: whoever asks for many old blobs stands out. */
const MAX_PROBES = 16;

/** An own message that the relay has acknowledged for some of its recipients. */
export interface SentMessage {
  /** Record hash, hexadecimal. */
  hash: string;
  /** When it was written, milliseconds. */
  at: number;
  sentTo: readonly SentBlob[];
}

/** Where a message went. */
export interface SentBlob {
  /** Hexadecimal key hash. */
  member: string;
  /** Hexadecimal blob id. */
  blob: string;
  /** When the relay acknowledged it, milliseconds, where this page saw it. */
  sentAt?: number;
}

/** What receipts say; `Receipts` is one. */
export interface ReceiptKnowledge {
  isShown: boolean;
  readBy(hash: string): ReadonlySet<string>;
  tells(member: string): boolean;
}

/** A blob to ask the relay for, by read capability. */
export interface Probe {
  member: string;
  blob: string;
}

/** Remembers what the relay said about old blobs. */
export class ExpiryWatch {
  readonly #receipts: ReceiptKnowledge;
  /** When a blob was asked for last, milliseconds. */
  readonly #askedAt = new Map<string, number>();
  readonly #absent = new Set<string>();
  #roundAt = Number.NEGATIVE_INFINITY;

  constructor(receipts: ReceiptKnowledge) {
    this.#receipts = receipts;
  }

  /**
   * Whether a message is gone from the relay, for one recipient, without a word that it was read. Only of members who ever sent
   * receipts: the silence of others says nothing.
   */
  isExpired(message: SentMessage, target: SentBlob, now: number): boolean {
    if (!this.#isUnread(message, target)) return false;
    const sentBy = target.sentAt ?? message.at + OUTBOX_HOURS * HOUR;
    return this.#absent.has(target.blob) || now > sentBy + MAX_BLOB_LIFE_HOURS * HOUR;
  }

  /**
   * Blobs that may have expired, to ask the relay whether they are still there: at most 16, those not asked for longest first, and none
   * within an hour of the last round. Each round is to be followed by {@link ExpiryWatch.answered}, unless it fails.
   */
  probes(messages: readonly SentMessage[], now: number): Probe[] {
    if (now < this.#roundAt + HOUR) return [];
    const candidates = messages.flatMap((message) =>
      message.sentTo
        .filter((target) => this.#mayHaveExpired(message, target, now))
        .map(({ member, blob }) => ({ member, blob })),
    );
    const due = new Map(candidates.map((probe) => [probe.blob, probe]));
    const asked = ({ blob }: Probe) => this.#askedAt.get(blob) ?? 0;
    const chosen = [...due.values()].toSorted((a, b) => asked(a) - asked(b)).slice(0, MAX_PROBES);
    if (chosen.length > 0) this.#roundAt = now;
    return chosen;
  }

  /**
   * Takes the relay's answer.
   * @param asked what was asked for
   * @param present ids, hexadecimal, of the blobs that were found
   */
  answered(asked: readonly Probe[], present: ReadonlySet<string>, now: number): void {
    for (const { blob } of asked) {
      this.#askedAt.set(blob, now);
      if (!present.has(blob)) this.#absent.add(blob);
    }
  }

  #isUnread({ hash }: SentMessage, { member }: SentBlob): boolean {
    const { isShown } = this.#receipts;
    return isShown && this.#receipts.tells(member) && !this.#receipts.readBy(hash).has(member);
  }

  #mayHaveExpired(message: SentMessage, target: SentBlob, now: number): boolean {
    const sentFrom = target.sentAt ?? message.at;
    return (
      now > sentFrom + MIN_BLOB_LIFE_HOURS * HOUR &&
      this.#isUnread(message, target) &&
      !this.isExpired(message, target, now)
    );
  }
}
