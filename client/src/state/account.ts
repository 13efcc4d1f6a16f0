/** The life of an open identity on this page. */
import type { ReceiptBody } from '@relay/protocol';
import type { CircleView } from '../crypto/vault.ts';
import type { LinkStatus } from '../transport/link.ts';
import type { Assembly } from './assembly.ts';
import { assemble } from './assembly.ts';
import type { Entry } from './book.ts';
import { contactsOf, namedContact } from './circle.ts';
import { connectionOf } from './connection.ts';
import { faultOf } from './fault.ts';
import { codeOf } from './intake.ts';
import type { AppState, Fault } from './model.ts';
import { deliveriesOf } from './outbox/deliveries.ts';
import { restoreRecord } from './outbox/restoring.ts';
import { panic } from './panic.ts';
import { readMark } from './settings/setting-document.ts';
import { DAMAGED_SETTINGS, SettingsKeeper } from './settings/settings-keeper.ts';
import { Soon } from './soon.ts';
import type { World } from './world.ts';

/** Drawing more often than this would only cost time while a mailbox is read. Milliseconds. */
const DRAW_WHILE_LOADING_MS = 120;
/** How soon the progress of files is shown: each of thousands of chunks tells of it. Milliseconds. */
const PROGRESS_MS = 200;
/** How often it is looked whether messages ended, and when this member was here. Milliseconds. */
const TICK_MS = 5 * 60_000;

/** What an account needs of the world. */
export interface AccountParts extends World {
  /** Why the outbox is not kept, if so. */
  storageFault: Fault | undefined;
  /** Parts of the state that changed. */
  show(change: Partial<AppState>): void;
}

/** An open identity at work. */
export class Account {
  readonly #parts: AccountParts;
  readonly #settings: SettingsKeeper;
  readonly #work: Assembly;
  /** Something was kept here before: what is not marked as read there is unread. */
  readonly #hasMarks: boolean;
  #storageFault: Fault | undefined;
  #loaded = false;
  #loading: AppState['loading'];
  readonly #drawing = new Soon(() => this.#parts.show(this.#drawn()));
  readonly #drawingCalls = new Soon(() => this.#showCalls());
  #ticking: ReturnType<typeof setInterval> | undefined;
  #stopped = false;

  private constructor(parts: AccountParts, settings: SettingsKeeper) {
    this.#parts = parts;
    this.#settings = settings;
    this.#hasMarks = settings.isKnown;
    this.#storageFault = parts.storageFault;
    this.#work = assemble(parts, settings, {
      connection: (status) => this.#connection(status),
      changed: () => this.#draw(),
      progressed: () => this.#draw(PROGRESS_MS),
      callsChanged: () => this.#drawingCalls.within(0),
      settled: () => this.#settled(),
      progress: (read, total) => this.#progress(read, total),
      storageFailed: () => this.#storageFailed(),
      isUnread: (hash) => this.#isUnread(hash),
      before: (entry) => this.#receiptsAlong(entry),
      receipt: (author, body) => void this.#sendReceipt(author, body),
      rosterChanged: ({ view }) => this.#takeRoster(view),
      rosterTold: () => this.#rosterTold(),
    });
  }

  /** Starts the work of an identity that the vault has opened. */
  static async start(parts: AccountParts): Promise<Account> {
    let account: Account | undefined;
    let damaged = false;
    const settings = await SettingsKeeper.load({
      ...parts,
      exclusively: (work) => parts.exclusively(`relay-settings-${parts.view.storeName}`, work),
      report: ({ kind }) => {
        if (kind === 'damaged') damaged = true;
      },
      changed: () => void account?.settingsChanged(),
    });
    account = new Account(parts, settings);
    if (damaged) account.#work.notices.addFault(faultOf('storage_unavailable', DAMAGED_SETTINGS), undefined);
    await account.#begin();
    return account;
  }

  /** Everything that acts for this member; see `Assembly`. */
  get work(): Assembly {
    return this.#work;
  }

  /** Small choices and what this member says of others. */
  get settings(): SettingsKeeper {
    return this.#settings;
  }

  /** See `Vault`. */
  get vault(): AccountParts['vault'] {
    return this.#parts.vault;
  }

  /** See `Actions.dismissNotice`. */
  dismissNotice(key: string): void {
    this.#work.notices.dismiss(key);
    this.#draw();
  }

  /** Ends all activity; the outbox stays in its store. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#drawing.cancel();
    clearInterval(this.#ticking);
    await this.#work.calls?.stop();
    this.#drawingCalls.cancel();
    const { link, outbox, receipts, stoppable, inTurn } = this.#work;
    link.stop();
    // Receipts that wait are kept with the outbox, and so is what is being written.
    receipts.flush();
    await inTurn(async () => {});
    await outbox.settled();
    for (const part of stoppable) await part.stop();
    await this.#settings.stop();
    this.#parts.store.close();
  }

  /** See `Actions.markRead`. */
  markRead(conversationId: string): void {
    const { book, receipts } = this.#work;
    const history = book.entries.get(conversationId)?.history;
    if (history === undefined || history.unread === 0) return;
    const hashes = history.markRead();
    this.#settings.addRead(hashes);
    // A call that was missed has nothing in it that its caller could hear was read.
    const records = hashes
      .flatMap((hash) => history.record(hash) ?? [])
      .filter(({ kind }) => kind !== 'call');
    receipts.read(records.map(({ author, conversation, hash }) => ({ author, conversation, hash })));
    this.#draw();
  }

  /** See `Actions.panic`. */
  panic(): Promise<Fault | undefined> {
    return panic(this.#work, this.#settings, this.#parts.store);
  }

  /** Does and shows what the settings say now. */
  async settingsChanged(): Promise<void> {
    this.#work.calls?.settingsChanged();
    await this.#takeView(this.#work.roster.view);
  }

  async #begin(): Promise<void> {
    await this.#takeView(this.#parts.view);
    await this.#work.roster.restore();
    await this.#work.tokens.load();
    await this.#restore();
    await this.#work.uploads.load();
    this.#parts.show(this.#drawn());
    this.#showCalls();
    this.#work.link.connect();
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Shows own messages that an earlier page left in the outbox, whatever their time: they can be sent again or discarded. */
  async #restore(): Promise<void> {
    const { outbox, intake, notices } = this.#work;
    const { self } = this.#parts.view;
    for (const letter of await outbox.load()) {
      for (const line of letter.records) {
        try {
          intake.accept(await restoreRecord(this.#parts.view, letter, line));
        } catch (error) {
          notices.add(codeOf(error), self);
        }
      }
    }
  }

  async #takeView(view: CircleView): Promise<void> {
    await this.#work.book.setContacts(contactsOf(view, this.#settings));
    this.#draw();
  }

  /** What others already wrote under another roster's circle secret can be read now. */
  async #takeRoster(view: CircleView): Promise<void> {
    await this.#takeView(view);
    if (this.#ticking === undefined) return;
    this.#work.notices.withdraw('blob_unrecognised', undefined);
    this.#work.mailbox.reconsider();
  }

  #rosterTold(): void {
    const { outbox, roster, uploads } = this.#work;
    outbox.setHeld(roster.isHeld());
    uploads.setHeld(roster.isHeld());
    this.#draw();
  }

  #connection(status: LinkStatus): void {
    const isOnline = status.status === 'online';
    this.#work.outbox.setOnline(isOnline);
    this.#work.uploads.setOnline(isOnline);
    this.#parts.show({ connection: connectionOf(status) });
  }

  #isUnread(hash: string): boolean {
    if (!this.#loaded && !this.#hasMarks) return false;
    return !this.#settings.readMarks().has(readMark(hash));
  }

  /** Receipts that wait for the same member ride along in the same blob. */
  async #receiptsAlong({ peer, kind }: Entry): Promise<void> {
    if (kind !== 'direct' || peer === undefined) return;
    for (const body of this.#work.receipts.flushFor(peer)) await this.#postReceipt(peer, body);
  }

  #sendReceipt(author: string, body: ReceiptBody): Promise<void> {
    return this.#work.inTurn(() => this.#postReceipt(author, body));
  }

  async #postReceipt(author: string, body: ReceiptBody): Promise<void> {
    const { book, poster } = this.#work;
    const entry = book.directWith(author);
    // Nobody is told who is in no roster any more.
    if (entry === undefined || book.recipientsOf(entry).length === 0) return;
    const read = body.read.map(([id, hashes]) => [id, hashes]);
    await poster.post(entry, { kind: 'receipt', body: { read } });
  }

  #storageFailed(): void {
    this.#storageFault = faultOf('storage_unavailable');
    this.#draw();
  }

  #progress(read: number, total: number): void {
    if (this.#loaded) return;
    this.#loading = { read, total };
    this.#draw();
  }

  #settled(): void {
    this.#settings.seen(this.#parts.now());
    if (this.#loaded) return;
    this.#loaded = true;
    // What comes from now on is not to wait for a drawing that was put off.
    this.#drawing.cancel();
    this.#loading = undefined;
    this.#parts.show({ loaded: true, ...this.#drawn() });
    void this.#work.prober.round();
  }

  #showCalls(): void {
    const { calls } = this.#work;
    if (!this.#stopped && calls !== undefined) this.#parts.show({ calls: calls.state });
  }

  #tick(): void {
    if (this.#loaded) this.#settings.seen(this.#parts.now());
    void this.#work.prober.round();
    this.#draw();
  }

  /** Shows everything soon; many changes at once are drawn together. */
  #draw(within = 0): void {
    if (!this.#stopped) this.#drawing.within(this.#loaded ? within : DRAW_WHILE_LOADING_MS);
  }

  #drawn(): Partial<AppState> {
    const { book, drawing, notices, outbox, roster } = this.#work;
    const deliveries = deliveriesOf(outbox);
    const { absentSince, settings } = this.#settings;
    return {
      self: book.contactOf(book.self),
      contacts: book.contacts.filter(({ isSelf, isFormer }) => !isSelf && !isFormer),
      conversations: drawing.conversations(deliveries),
      outboxCount: deliveries.size,
      notices: notices.list,
      roster: roster.state((member) => namedContact(book, member)),
      settings,
      loading: this.#loading,
      storageFault: this.#storageFault,
      absentSince,
    };
  }
}
