/** The life of an open identity on this page: its link to the relay, its mailbox, its outbox and its conversations. */
import type { ErrorCode } from '@relay/protocol';
import { checkRecordTime, isRelayError, RelayError } from '@relay/protocol';
import type { OpenedMessage, OpenedRecord } from '../crypto/opened.ts';
import type { VaultClient } from '../crypto/spawn.ts';
import type { CircleView } from '../crypto/vault.ts';
import type { OutboxStore } from '../storage/outbox-store.ts';
import type { RelayHttp } from '../transport/http.ts';
import type { LinkStatus } from '../transport/link.ts';
import { Link } from '../transport/link.ts';
import type { Circle } from './circle.ts';
import { circleOf } from './circle.ts';
import { deliveriesOf } from './delivery.ts';
import { faultOf } from './fault.ts';
import { LongTexts } from './long-text.ts';
import { Mailbox } from './mailbox.ts';
import type { AppState, Connection, Fault } from './model.ts';
import { Notices } from './notices.ts';
import { Outbox } from './outbox.ts';
import type { RestoringParts } from './restoring.ts';
import { restoreItem } from './restoring.ts';
import { Sender } from './sender.ts';
import { SentLog } from './sent-log.ts';

/** What an account needs of the world. */
export interface AccountParts {
  vault: VaultClient;
  view: CircleView;
  http: RelayHttp;
  store: OutboxStore;
  /** Why the outbox is not kept, if so. */
  storageFault: Fault | undefined;
  sentLogMinutes: readonly [number, number];
  now(): number;
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Parts of the state that changed. */
  show(change: Partial<AppState>): void;
}

const connectionOf = (status: LinkStatus): Connection =>
  'fault' in status ? { ...status, fault: faultOf(status.fault.code, status.fault.message) } : status;

const codeOf = (error: unknown): ErrorCode => (isRelayError(error) ? error.code : 'internal');

/** An open identity at work. */
export class Account {
  readonly #parts: AccountParts;
  readonly #circle: Circle;
  readonly #link: Link;
  readonly #mailbox: Mailbox;
  readonly #outbox: Outbox;
  readonly #restoring: RestoringParts;
  readonly #sender: Sender;
  readonly #texts: LongTexts;
  readonly #notices: Notices;
  #storageFault: Fault | undefined;
  #loaded = false;
  #drawing: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  private constructor(parts: AccountParts, circle: Circle) {
    const { vault, http, view, now } = parts;
    this.#parts = parts;
    this.#circle = circle;
    this.#storageFault = parts.storageFault;
    this.#notices = new Notices([circle.self, ...circle.contacts]);
    this.#link = new Link(http, (origin, nonce) => vault.prove(origin, nonce), {
      status: (status) => this.#connection(status),
      resync: () => {
        this.#mailbox.resync();
        this.#texts.again();
      },
      blobs: (entries) => this.#mailbox.announced(entries),
    });
    this.#mailbox = new Mailbox({
      vault,
      list: () => this.#link.withSession((token) => http.listMailbox(token)),
      fetch: (ids) => this.#fetch(ids),
      opened: (message) => this.#opened(message),
      refused: (_id, code, sender) => this.#refused(code, sender),
      settled: () => this.#settled(),
    });
    const sentLog = new SentLog((records) => vault.seal(view.self, 'sentLog', records), parts.sentLogMinutes);
    this.#outbox = this.#makeOutbox(sentLog);
    this.#restoring = { vault, sentLog, self: view.self };
    const { circleId, self } = view;
    this.#sender = new Sender({ vault, circleId, self, sentLog, now, circle, outbox: this.#outbox });
    this.#texts = new LongTexts({
      vault,
      waiting: (id) => this.#outbox.blobOf(id),
      fetch: (ids) => this.#fetch(ids),
      read: (capabilities) => http.readBlobs(capabilities),
      changed: () => this.#draw(),
    });
  }

  /** Starts the work of an identity that the vault has opened. */
  static async start(parts: AccountParts): Promise<Account> {
    const account = new Account(parts, await circleOf(parts.view));
    await account.#restore();
    const { self, contacts } = account.#circle;
    parts.show({ self, contacts, ...account.#drawn() });
    account.#link.connect();
    return account;
  }

  /** Ends all activity; the outbox stays in its store. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#drawing);
    this.#link.stop();
    this.#mailbox.stop();
    this.#outbox.stop();
  }

  /** See `Actions.sendText`. */
  sendText(conversationId: string, text: string): Promise<Fault | undefined> {
    return this.#sender.sendText(conversationId, text);
  }

  /** See `Actions.retry`. */
  async retry(messageKey: string): Promise<void> {
    await this.#sender.retry(messageKey);
  }

  /** See `Actions.discard`. */
  discard(messageKey: string): Promise<void> {
    return this.#sender.discard(messageKey);
  }

  /** See `Actions.reconnect`. */
  reconnect(): void {
    this.#link.connect();
  }

  /** See `Actions.markRead`. */
  markRead(conversationId: string): void {
    const conversation = this.#circle.conversations.get(conversationId);
    if (conversation === undefined || conversation.unread === 0) return;
    conversation.unread = 0;
    this.#draw();
  }

  /** See `Actions.dismissNotice`. */
  dismissNotice(key: string): void {
    this.#notices.dismiss(key);
    this.#draw();
  }

  #makeOutbox(sentLog: SentLog): Outbox {
    const { vault, http, view, store, now, exclusively } = this.#parts;
    return new Outbox({
      store,
      sealLocal: (plaintext) => vault.sealLocal(plaintext),
      openLocal: (sealed) => vault.openLocal(sealed),
      buyTicket: (recipient) => this.#link.withSession((token) => http.buyTicket(token, recipient)),
      upload: (ticket, frame) => this.#link.watch(() => http.upload(ticket, frame)),
      exclusively: (work) => exclusively(`relay-outbox-${view.storeName}`, work),
      now,
      changed: () => this.#draw(),
      storageFailed: () => {
        this.#storageFault = faultOf('storage_unavailable');
        this.#draw();
      },
      // The log tells of what has arrived: a message that failed may still be discarded.
      holds: ({ id }) => {
        const told = new Set(sentLog.recordsOf(id));
        return this.#outbox.items.some(({ record }) => told.has(record));
      },
      refused: ({ purpose }, code) => {
        if (purpose === 'log') this.#refused(code, view.self);
      },
      leaving: ({ id, purpose }) => {
        if (purpose === 'log') sentLog.leaving(id);
      },
    });
  }

  /** Shows own messages that wait in the outbox since an earlier page. */
  async #restore(): Promise<void> {
    for (const item of await this.#outbox.load()) {
      try {
        const message = await restoreItem(this.#restoring, item);
        // Whatever its time: it is still here to be sent again or discarded.
        if (message !== undefined) this.#take(message, () => {});
      } catch (error) {
        this.#refused(codeOf(error), this.#parts.view.self);
      }
    }
  }

  #connection(status: LinkStatus): void {
    this.#outbox.setOnline(status.status === 'online');
    this.#parts.show({ connection: connectionOf(status) });
  }

  /** Fetches from the own mailbox. Only a stream that has not begun can be asked for again, under a new session. */
  async *#fetch(ids: readonly Uint8Array[]) {
    const { frames, first } = await this.#link.withSession(async (token) => {
      const stream = this.#parts.http.fetchBlobs(token, ids);
      return { frames: stream, first: await stream.next() };
    });
    try {
      if (first.done) return;
      yield first.value;
      yield* frames;
    } finally {
      await frames.return(undefined);
    }
  }

  #opened(message: OpenedMessage): void {
    if (!this.#stopped) this.#take(message, (record) => checkRecordTime(record, this.#parts.now()));
  }

  #take(message: OpenedMessage, check: (record: OpenedRecord) => void): void {
    for (const code of message.refused) this.#notices.add(code, message.sender);
    for (const record of message.records) {
      try {
        check(record);
        this.#accept(record);
      } catch (error) {
        this.#notices.add(codeOf(error), message.sender);
      }
    }
    this.#draw();
  }

  #accept(record: OpenedRecord): void {
    const conversation = this.#circle.conversations.get(record.conversation);
    if (conversation === undefined)
      throw new RelayError('record_invalid', 'A message belongs to a conversation this client cannot show.');
    void this.#texts.load(conversation, conversation.add(record, this.#loaded));
  }

  #refused(code: ErrorCode, sender: string | undefined): void {
    this.#notices.add(code, sender);
    this.#draw();
  }

  #settled(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    this.#parts.show({ loaded: true, ...this.#drawn() });
  }

  /** Shows everything soon; many changes at once are drawn together. */
  #draw(): void {
    if (this.#stopped || this.#drawing !== undefined) return;
    this.#drawing = setTimeout(() => {
      this.#drawing = undefined;
      this.#parts.show(this.#drawn());
    });
  }

  #drawn(): Partial<AppState> {
    const deliveries = deliveriesOf(this.#outbox);
    const now = this.#parts.now();
    const conversations = [...this.#circle.conversations.values()].map((conversation) =>
      conversation.view(deliveries, now),
    );
    const fault = this.#storageFault === undefined ? {} : { storageFault: this.#storageFault };
    return { conversations, outboxCount: deliveries.size, notices: this.#notices.list, ...fault };
  }
}
