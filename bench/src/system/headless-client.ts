import type { AppState, Conversation, Messenger } from '@relay/client/headless';
import { createHeadlessMessenger } from '@relay/client/headless';

/** The client without its face, in this process, with its outbox in memory. */
export interface HeadlessClient {
  messenger: Messenger;
  /** Resolves as soon as `check` holds for the state. */
  until(check: (state: AppState) => boolean): Promise<void>;
  /** The conversation with the one other member. */
  conversation(): Conversation;
}

const LATE_MS = 30_000;
/** No sent log leaves while anything is measured. */
const SENT_LOG_MINUTES = [30, 30] as const;

/** Opens a member's client and waits until it is connected and has read its mailbox. */
export async function openClient(url: string, file: Uint8Array): Promise<HeadlessClient> {
  const messenger = createHeadlessMessenger(
    { apiUrl: url, allowInsecure: false, sentLogMinutes: SENT_LOG_MINUTES },
    file,
  );
  const { store } = messenger;
  const until = (check: (state: AppState) => boolean) =>
    new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        stop();
        reject(new Error('the client never got there'));
      }, LATE_MS);
      const look = () => {
        if (!check(store.getState())) return;
        clearTimeout(late);
        stop();
        resolve();
      };
      const stop = store.subscribe(look);
      look();
    });
  await messenger.start();
  await until(({ connection, loaded }) => connection.status === 'online' && loaded);
  return {
    messenger,
    until,
    conversation: () => {
      const found = store.getState().conversations.find(({ kind }) => kind === 'direct');
      if (!found) throw new Error('a client has a conversation with every other member');
      return found;
    },
  };
}
