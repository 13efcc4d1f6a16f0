/** A member's client without its face: the web client's own code, with its vault in this process and its outbox in memory. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppState, Conversation, LocalStore, Messenger } from '@relay/client/headless';
import { createHeadlessMessenger, memoryLocalStore } from '@relay/client/headless';
import { DemoError } from './errors.ts';

const PATIENCE_MS = 30_000;
const PAUSE_MS = 20;

/** A member at work. Every wait throws DemoError `message_lost` when it takes too long. */
export class HeadlessMember {
  readonly label: string;
  readonly #messenger: Messenger;
  readonly #outbox: LocalStore;

  private constructor(messenger: Messenger, outbox: LocalStore) {
    this.#messenger = messenger;
    this.#outbox = outbox;
    this.label = messenger.store.getState().self?.label ?? '';
  }

  /**
   * Opens an identity and connects; resolves when the mailbox has been read.
   *
   * @param identity - the content of an identity file without passphrase
   * @param apiUrl - the relay's origin
   * @param now - its clock, in milliseconds from the Unix epoch
   */
  static async open(
    identity: Uint8Array,
    apiUrl: string,
    now: () => number = Date.now,
  ): Promise<HeadlessMember> {
    const outbox = memoryLocalStore();
    const messenger = createHeadlessMessenger(
      // The own copies leave at once: this client will not be there in half an hour.
      { apiUrl, allowInsecure: false, sentLogMinutes: [0, 0] },
      identity,
      { openStore: async () => outbox, now },
    );
    await messenger.start();
    const member = new HeadlessMember(messenger, outbox);
    await member.#until('did not get through to the relay', ({ connection, loaded }) => {
      return connection.status === 'online' && loaded;
    });
    return member;
  }

  /** What the client's UI may ask; its faults are returned. */
  get actions(): Messenger['actions'] {
    return this.#messenger.actions;
  }

  /** What the client's UI shows now. */
  get state(): AppState {
    return this.#messenger.store.getState();
  }

  /** Waits until something is shown. */
  until(check: (state: AppState) => boolean): Promise<void> {
    return this.#until('waits in vain', check);
  }

  /** Sends a text to the member with that label. */
  async send(label: string, text: string): Promise<void> {
    const fault = await this.#messenger.actions.sendText(this.#conversation(label).id, text);
    if (fault !== undefined)
      throw new DemoError('message_lost', `${this.label} could not send: ${fault.message}`);
  }

  /** Waits until a text of the member with that label is there. */
  async receive(label: string, text: string): Promise<void> {
    await this.#until(`did not receive what ${label} sent`, () =>
      this.#conversation(label).items.some(
        (item) => item.type === 'message' && !item.own && item.text === text,
      ),
    );
  }

  /** The texts exchanged with the member with that label, in order, with `*` before the own ones. */
  texts(label: string): string[] {
    return this.#conversation(label).items.flatMap((item) =>
      item.type === 'message' ? [`${item.own ? '*' : ''}${item.text ?? item.kindName}`] : [],
    );
  }

  /** Waits until the relay has everything, own copies included, and ends. */
  async close(): Promise<void> {
    try {
      await this.#until('could not deliver everything', async () => (await this.#outbox.keys()).length === 0);
    } finally {
      await this.#messenger.actions.lock();
    }
  }

  #conversation(label: string): Conversation {
    const found = this.#messenger.store
      .getState()
      .conversations.find((one) => one.kind !== 'group' && one.peer.label === label);
    if (found === undefined) throw new Error(`There is no member ${label}.`);
    return found;
  }

  async #until(complaint: string, check: (state: AppState) => boolean | Promise<boolean>): Promise<void> {
    const late = performance.now() + PATIENCE_MS;
    while (!(await check(this.#messenger.store.getState()))) {
      if (performance.now() > late) {
        const { identity, connection } = this.#messenger.store.getState();
        const fault =
          'fault' in connection ? connection.fault : 'fault' in identity ? identity.fault : undefined;
        throw new DemoError(
          'message_lost',
          `${this.label} ${complaint}${fault ? `: ${fault.message}` : '.'}`,
        );
      }
      await sleep(PAUSE_MS);
    }
  }
}
