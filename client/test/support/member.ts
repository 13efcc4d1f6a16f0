/** Headless clients of a circle's members. */

import type { VaultClient } from '../../src/crypto/spawn.ts';
import { Vault } from '../../src/crypto/vault.ts';
import type { Messenger, MessengerConfig, MessengerParts } from '../../src/state/messenger.ts';
import { createMessenger } from '../../src/state/messenger.ts';
import type { AppState, Conversation, Fault, Item, MessageItem } from '../../src/state/model.ts';
import type { LocalStore } from '../../src/storage/local-store.ts';
import { memoryLocalStore } from '../../src/storage/local-store.ts';
import type { TestCircle } from './circle.ts';

/** A group as the UI sees it. */
export type Group = Extract<Conversation, { kind: 'group' }>;

/** A member's client without a face. */
export interface TestMember {
  messenger: Messenger;
  store: LocalStore;
  state(): AppState;
  /** The direct conversation with the member of that number, or the notes. */
  with(number: number): Conversation;
  /** Whether this client knows the conversation of that id. */
  has(id: string): boolean;
  /** The group of that id. */
  group(id: string): Group;
  /** The messages of a conversation, in order; by the other member's number or the conversation's id. */
  messages(where: number | string): MessageItem[];
  /**
   * Texts of a conversation, in order, with `*` before the own ones; gaps as `(reason count)`, deleted ones as `(deleted)`, events as `(named name)`, `(left)`,
   * `(continued)`.
   */
  texts(where: number | string): string[];
  send(number: number, text: string): Promise<void>;
  sendTo(conversationId: string, text: string): Promise<void>;
  /** Does something that must not be refused. */
  act(doing: Promise<Fault | undefined>): Promise<void>;
  /** Waits until `check` holds for the state. */
  until(check: (state: AppState) => unknown, milliseconds?: number): Promise<void>;
  online(): Promise<void>;
  /** Waits until the relay has everything. */
  sent(): Promise<void>;
}

/** What differs from the usual. */
export interface MemberOptions {
  /** The store of an earlier client: this one is a reload of its page. */
  store?: LocalStore;
  config?: Partial<MessengerConfig>;
  parts?: Partial<MessengerParts>;
}

/** Delays of the sent log that are none at all. */
export const AT_ONCE = { sentLogMinutes: [0, 0] } as const;

function shorten(item: Item): string {
  if (item.type === 'gap') return `(${item.reason} ${item.count})`;
  if (item.type === 'event')
    return item.name === undefined ? `(${item.event})` : `(${item.event} ${item.name})`;
  if (item.type === 'call') return `(call ${item.outcome})`;
  if (item.kind === 'deleted') return `${item.own ? '*' : ''}(deleted)`;
  return `${item.own ? '*' : ''}${item.text ?? item.kindName}`;
}

/** Opens a member's client. */
export async function openMember(
  circle: TestCircle,
  number: number,
  { store = memoryLocalStore(), config = {}, parts = {} }: MemberOptions = {},
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
  const conversation = (where: number | string) => {
    const found = state().conversations.find((one) =>
      typeof where === 'string' ? one.id === where : one.kind !== 'group' && one.peer.number === where,
    );
    if (found === undefined) throw new Error(`member ${number} has no conversation ${where}`);
    return found;
  };
  const act = async (doing: Promise<Fault | undefined>) => {
    const fault = await doing;
    if (fault !== undefined) throw new Error(`${fault.code}: ${fault.message}`);
    // The state shows it in the next task.
    await new Promise((resolve) => setTimeout(resolve));
  };
  const until: TestMember['until'] = (check, milliseconds = 30_000) =>
    new Promise<void>((resolve, reject) => {
      // Made here, so that it says who waited.
      const never = new Error(`member ${number} never came to the state that was waited for`);
      const late = setTimeout(() => {
        stop();
        const { connection, outboxCount, notices, loaded, conversations, calls } = state();
        const shown = conversations.map(({ items }) => items.map((item) => shorten(item).slice(0, 40)));
        const { active, known } = calls;
        const inCall = active?.participants.map(({ contact, presence }) => [contact.number, presence]);
        const call = { phase: active?.phase, ending: active?.ending, inCall, known };
        never.message += `: ${JSON.stringify({ connection, outboxCount, notices, loaded, shown, call })}`;
        reject(never);
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
    has: (id) => state().conversations.some((one) => one.id === id),
    group(id) {
      const found = conversation(id);
      if (found.kind !== 'group') throw new Error(`conversation ${id} is no group`);
      return found;
    },
    messages: (where) => conversation(where).items.filter((item) => item.type === 'message'),
    texts: (where) => conversation(where).items.map(shorten),
    send: (peer, text) => act(messenger.actions.sendText(conversation(peer).id, text)),
    sendTo: (id, text) => act(messenger.actions.sendText(id, text)),
    act,
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
