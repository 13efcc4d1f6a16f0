/** Headless clients of a circle's members. */

import type { VaultClient } from '../../src/crypto/spawn.ts';
import { Vault } from '../../src/crypto/vault.ts';
import type { Messenger, MessengerConfig, MessengerParts } from '../../src/state/messenger.ts';
import { createMessenger } from '../../src/state/messenger.ts';
import type { AppState, Conversation, MessageItem } from '../../src/state/model.ts';
import type { OutboxStore } from '../../src/storage/outbox-store.ts';
import { memoryOutboxStore } from '../../src/storage/outbox-store.ts';
import type { TestCircle } from './circle.ts';

/** A member's client without a face. */
export interface TestMember {
  messenger: Messenger;
  store: OutboxStore;
  state(): AppState;
  /** The conversation with the member of that number. */
  with(number: number): Conversation;
  /** The messages of a conversation, in order. */
  messages(number: number): MessageItem[];
  /** Texts of a conversation, in order, with `*` before the own ones; gaps as `(reason count)`. */
  texts(number: number): string[];
  send(number: number, text: string): Promise<void>;
  /** Waits until `check` holds for the state. */
  until(check: (state: AppState) => unknown, milliseconds?: number): Promise<void>;
  online(): Promise<void>;
  /** Waits until the relay has everything. */
  sent(): Promise<void>;
}

/** What differs from the usual. */
export interface MemberOptions {
  /** The store of an earlier client: this one is a reload of its page. */
  store?: OutboxStore;
  config?: Partial<MessengerConfig>;
  parts?: Partial<MessengerParts>;
}

/** Delays of the sent log that are none at all. */
export const AT_ONCE = { sentLogMinutes: [0, 0] } as const;

function shorten(item: Conversation['items'][number]): string {
  if (item.type === 'gap') return `(${item.reason} ${item.count})`;
  return `${item.own ? '*' : ''}${item.text ?? item.kindName}`;
}

/** Opens a member's client. */
export async function openMember(
  circle: TestCircle,
  number: number,
  { store = memoryOutboxStore(), config = {}, parts = {} }: MemberOptions = {},
): Promise<TestMember> {
  const messenger = createMessenger(
    { apiUrl: circle.url, allowInsecure: false, sentLogMinutes: [5, 30], ...config },
    {
      // In this process it answers at once where a worker answers later; nothing else differs.
      vault: new Vault() as unknown as VaultClient,
      openStore: async () => store,
      ownIdentity: async () => circle.files[number - 1]?.slice(),
      exclusively: (_name, work) => work(),
      now: () => Date.now(),
      ...parts,
    },
  );
  const state = () => messenger.store.getState();
  const conversation = (peer: number) => {
    const found = state().conversations.find((one) => one.peer.number === peer);
    if (found === undefined) throw new Error(`no conversation with member ${peer}`);
    return found;
  };
  const until: TestMember['until'] = (check, milliseconds = 20_000) =>
    new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        stop();
        const { connection, outboxCount, notices, loaded, conversations } = state();
        const shown = conversations.map(({ items }) => items.map((item) => shorten(item).slice(0, 40)));
        const seen = JSON.stringify({ connection, outboxCount, notices, loaded, shown });
        reject(new Error(`member ${number} never came to the state that was waited for: ${seen}`));
      }, milliseconds);
      const look = () => {
        if (!check(state())) return;
        clearTimeout(late);
        stop();
        resolve();
      };
      const stop = messenger.store.subscribe(look);
      look();
    });
  await messenger.start();
  return {
    messenger,
    store,
    state,
    with: conversation,
    messages: (peer) => conversation(peer).items.filter((item) => item.type === 'message'),
    texts: (peer) => conversation(peer).items.map(shorten),
    async send(peer, text) {
      const fault = await messenger.actions.sendText(conversation(peer).id, text);
      if (fault !== undefined) throw new Error(`${fault.code}: ${fault.message}`);
      // The state shows it in the next task.
      await new Promise((resolve) => setTimeout(resolve));
    },
    until,
    online: () => until(({ connection, loaded }) => connection.status === 'online' && loaded),
    sent: () => until(({ outboxCount }) => outboxCount === 0),
  };
}

/** Opens several members' clients and waits until they are online. */
export async function openOnline(circle: TestCircle, ...numbers: number[]): Promise<TestMember[]> {
  const members = await Promise.all(numbers.map((number) => openMember(circle, number)));
  await Promise.all(members.map((member) => member.online()));
  return members;
}

/** Closes clients, as closing their pages would. */
export async function closeAll(...members: TestMember[]): Promise<void> {
  await Promise.all(members.map(({ messenger }) => messenger.actions.lock()));
}
