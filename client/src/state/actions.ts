/** What the UI may ask of an open identity; without one, nothing happens. */
import type { Account } from './account.ts';
import { callActions } from './calls/call-actions.ts';
import { asFault, faultOf } from './fault.ts';
import type { Actions, Fault } from './model.ts';

/** Every action but those that open and close an identity. */
export type AccountActions = Omit<Actions, 'openIdentity' | 'lock'>;

const CLOSED: Fault = faultOf('identity_locked', 'No identity is open.');

/**
 * Makes the actions.
 * @param current the account that is open now
 * @param lock closes it
 */
export function accountActions(
  current: () => Account | undefined,
  lock: () => Promise<void>,
): AccountActions {
  const ask = async (act: (account: Account) => Promise<Fault | undefined>): Promise<Fault | undefined> => {
    const account = current();
    return account === undefined ? CLOSED : act(account);
  };
  const make = async <T>(act: (account: Account) => Promise<T>): Promise<T | { fault: Fault }> => {
    const account = current();
    return account === undefined ? { fault: CLOSED } : act(account);
  };
  /** The record of a message, with its files' machinery. */
  const withFile = async (
    key: string,
    act: (account: Account, record: FileRecord) => Promise<void> | void,
  ) => {
    const account = current();
    const found = account?.work.book.entryOf(key);
    if (account !== undefined && found !== undefined) await act(account, found.record);
  };

  return {
    ...callActions(() => current()?.work.calls),

    sendText: (id, text, options) => ask(({ work }) => work.sender.sendText(id, text, options)),
    editText: (key, text) => ask(({ work }) => work.gestures.editText(key, text)),
    react: (key, emoji) => ask(({ work }) => work.gestures.react(key, emoji)),
    deleteForEveryone: (key) => ask(({ work }) => work.gestures.deleteForEveryone(key)),
    deleteForMe: (key) => ask(({ work }) => work.gestures.deleteForMe(key)),
    retry: async (key) => current()?.work.sender.retry(key),
    discard: async (key) => current()?.work.sender.discard(key),
    markRead: (id) => current()?.markRead(id),

    checkRoom: (id, sizes) => ask(({ work }) => work.files.checkRoom(id, sizes)),
    sendFile: (id, file, about, options) => ask(({ work }) => work.files.send(id, file, about, options)),
    pauseUpload: (id) => current()?.work.uploads.pause(id),
    resumeUpload: (id, file) => ask(({ work }) => work.uploads.resume(id, file)),
    cancelUpload: async (id) => current()?.work.uploads.cancel(id),

    openFile: (key) => withFile(key, ({ work }, record) => work.downloads.open(record)),
    saveFile: (key, sink) => withFile(key, ({ work }, record) => work.downloads.save(record, sink)),
    pauseDownload: (key) => current()?.work.downloads.pause(key),
    resumeDownload: (key) => current()?.work.downloads.resume(key),
    cancelDownload: async (key) => current()?.work.downloads.cancel(key),

    createGroup: (name, members) => make(({ work }) => work.groups.create(name, members)),
    renameGroup: (id, name) => ask(({ work }) => work.groups.rename(id, name)),
    changeMembers: (id, members) => make(({ work }) => work.groups.change(id, members)),
    leaveGroup: (id) => ask(({ work }) => work.groups.leave(id)),

    setNickname: (id, nickname) => current()?.settings.setNickname(id, nickname),
    setVerified: (id, verified) => current()?.settings.setVerified(id, verified),
    changeSettings: (change) => current()?.settings.change(change),

    makeIdentityFile: (passphrase) =>
      make(async ({ vault }) => {
        try {
          return { file: await vault.makeIdentityFile(passphrase) };
        } catch (error) {
          return { fault: asFault(error) };
        }
      }),
    fetchRoster: async () => current()?.work.roster.ask(),
    dismissRosterNews: () => current()?.work.roster.dismissNews(),
    dismissAbsence: () => current()?.settings.dismissAbsence(),

    panic: () =>
      ask(async (account) => {
        const fault = await account.panic();
        await lock();
        return fault;
      }),

    reconnect: () => current()?.work.link.connect(),
    dismissNotice: (key) => current()?.dismissNotice(key),
  };
}

type FileRecord = NonNullable<ReturnType<Account['work']['book']['entryOf']>>['record'];
