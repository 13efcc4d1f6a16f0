/** Takes everything of a member away that a page can: at the relay and on this machine. */
import type { LocalStore } from '../storage/local-store.ts';
import type { Assembly } from './assembly.ts';
import { asFault } from './fault.ts';
import type { Fault } from './model.ts';
import type { SettingsKeeper } from './settings/settings-keeper.ts';

/** Ends sessions and empties the mailbox at the relay, then this machine's store; see `Actions.panic`. */
export async function panic(
  { calls, link, outbox, uploads }: Assembly,
  settings: SettingsKeeper,
  store: LocalStore,
): Promise<Fault | undefined> {
  // Settings are forgotten below, push to talk with them: no microphone is to be open then.
  calls?.calls.own.close();
  // What waits is not to be kept again once the store is empty.
  outbox.stop();
  uploads.stop();
  try {
    await link.withSession((token) => link.http.emptyMailbox(token));
    await link.withSession((token) => link.http.endSessions(token));
    return undefined;
  } catch (error) {
    return asFault(error);
  } finally {
    await settings.forget().catch(() => {});
    await store.clear().catch(() => {});
  }
}
