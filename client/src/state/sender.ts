/** Sends what a member writes, sends again what failed, and discards what shall not go. */
import { OUTBOX_HOURS } from '@relay/protocol';
import type { OpenedRecord } from '../crypto/opened.ts';
import type { Circle } from './circle.ts';
import type { DirectConversation } from './conversation.ts';
import { asFault, faultOf } from './fault.ts';
import type { Fault } from './model.ts';
import type { Outbox } from './outbox.ts';
import type { Outgoing, SendingParts } from './sending.ts';
import { composeText, logItems, resealText } from './sending.ts';
import { turnTaker } from './turns.ts';

const HOUR = 3_600_000;

/** What the sender needs of the world. */
export interface SenderParts extends SendingParts {
  circle: Circle;
  outbox: Outbox;
}

/** A failed message, and where it is. */
interface Failed {
  conversation: DirectConversation;
  record: OpenedRecord;
  /** Its rows of the outbox. */
  rows: string[];
}

/** Sends for one member, one message after the other. */
export class Sender {
  readonly #parts: SenderParts;
  readonly #inTurn = turnTaker();

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** See `Actions.sendText`. */
  sendText(conversationId: string, text: string): Promise<Fault | undefined> {
    return this.#inTurn(async () => {
      // Decoders take a byte order mark at the beginning for no part of the text; so it is none.
      const said = text.replace(/^\uFEFF+/, '');
      if (said.trim() === '') return faultOf('bad_request', 'There is nothing to send yet.');
      const conversation = this.#parts.circle.conversations.get(conversationId);
      if (conversation === undefined) return faultOf('recipient_unknown');
      return this.#send(conversation, () => composeText(this.#parts, conversation, said));
    });
  }

  /** See `Actions.retry`; does nothing for a message that has not failed. */
  retry(messageKey: string): Promise<Fault | undefined> {
    return this.#inTurn(async () => {
      const failed = this.#findFailed(messageKey);
      if (failed === undefined) return undefined;
      const { conversation, record, rows } = failed;
      const isLate = this.#parts.now() - record.at > OUTBOX_HOURS * HOUR;
      const fault = await this.#send(conversation, async () => {
        const text = textOf(conversation, record);
        // So old a record would be refused where it arrives: the same text goes in a new one.
        const outgoing =
          isLate && text !== undefined
            ? await composeText(this.#parts, conversation, text)
            : await resealText(this.#parts, record, conversation.peer.id, text);
        return { ...outgoing, replaces: [...outgoing.replaces, ...rows] };
      });
      if (isLate && fault === undefined) await this.#forget(failed);
      return fault;
    });
  }

  /** See `Actions.discard`; does nothing for a message that has not failed. */
  discard(messageKey: string): Promise<void> {
    return this.#inTurn(async () => {
      const failed = this.#findFailed(messageKey);
      if (failed !== undefined) await this.#forget(failed);
    });
  }

  async #send(
    conversation: DirectConversation,
    compose: () => Promise<Outgoing>,
  ): Promise<Fault | undefined> {
    try {
      const { record, items, replaces } = await compose();
      conversation.add(record, false);
      await this.#parts.outbox.add(items, replaces);
      return undefined;
    } catch (error) {
      return asFault(error);
    }
  }

  /** It never arrived: it leaves the outbox, the sent log and the sight. */
  async #forget({ conversation, record, rows }: Failed): Promise<void> {
    conversation.discard(record.hash);
    const changes = await this.#parts.sentLog.drop(record.hash);
    const items = changes.flatMap(({ blob }) => logItems(blob, this.#parts.now()));
    await this.#parts.outbox.add(items, [...rows, ...changes.flatMap(({ replaces }) => replaces)]);
  }

  #findFailed(hash: string): Failed | undefined {
    const { circle, outbox } = this.#parts;
    const own = outbox.items.filter(({ record }) => record === hash);
    if (!own.some(({ failed }) => failed !== undefined)) return undefined;
    for (const conversation of circle.conversations.values()) {
      const record = conversation.timeline.get(hash);
      if (record !== undefined) return { conversation, record, rows: own.map(({ id }) => id) };
    }
    return undefined;
  }
}

function textOf(conversation: DirectConversation, { hash, kind, body }: OpenedRecord): string | undefined {
  if (kind !== 'text') return undefined;
  if (typeof body === 'object' && body !== null && 'text' in body) return String(body.text);
  const loaded = conversation.texts.get(hash);
  return loaded !== undefined && 'text' in loaded ? loaded.text : undefined;
}
