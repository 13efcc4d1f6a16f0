import { generateCircle, RelayError, writeIdentityFile } from '@relay/protocol';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Vault } from '../src/crypto/vault.ts';
import { NO_CALLS } from '../src/state/calls/closed.ts';
import type { MessengerConfig, MessengerParts } from '../src/state/messenger.ts';
import { createMessenger } from '../src/state/messenger.ts';
import type { AppState } from '../src/state/model.ts';
import { EMPTY_DOCUMENT } from '../src/state/settings/setting-document.ts';
import { memoryLocalStore } from '../src/storage/local-store.ts';

/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9';

function setUp(config: Partial<MessengerConfig> = {}, change: Partial<MessengerParts> = {}) {
  const vault = new Vault();
  const messenger = createMessenger(
    { apiUrl: NOWHERE, allowInsecure: false, sentLogMinutes: [5, 30], ...config },
    {
      vault: vault as never,
      openStore: async () => memoryLocalStore(),
      ownIdentity: async () => undefined,
      exclusively: (_name, work) => work(),
      now: () => Date.now(),
      ...change,
    },
  );
  const phases: string[] = [];
  messenger.store.subscribe(({ identity }) => {
    if (phases.at(-1) !== identity.phase) phases.push(identity.phase);
  });
  const state = () => messenger.store.getState();
  const isOpen = () => vault.sealLocal(Uint8Array.of(1)).then(Boolean, () => false);
  return { ...messenger, vault, phases, state, isOpen };
}

/** Wants a passphrase for every file; the real derivation takes seconds. */
class LockedVault extends Vault {
  override async open(given: Uint8Array, passphrase?: string) {
    if (passphrase === undefined) throw new RelayError('identity_locked');
    if (passphrase !== 'open sesame') throw new RelayError('identity_passphrase');
    return super.open(given);
  }
}

describe('a messenger', () => {
  let plain: Uint8Array[];
  beforeAll(async () => {
    const { identities } = await generateCircle(['Alice', 'Bob']);
    plain = await Promise.all(identities.map((identity) => writeIdentityFile(identity)));
  });
  const file = (index = 0) => (plain[index] as Uint8Array).slice();

  it('opens the identity that is offered, and only that', async () => {
    const { start, state, actions } = setUp({}, { ownIdentity: async () => file() });
    await start();
    expect(state().identity).toEqual({ phase: 'open' });
    expect(state().self?.label).toBe('Alice');
    expect(state().contacts.map(({ label }) => label)).toEqual(['Bob']);
    expect(
      state()
        .conversations.flatMap((one) => (one.kind === 'group' ? [] : [one.peer.label]))
        .toSorted(),
    ).toEqual(['Alice', 'Bob']);
    expect(state().self?.fingerprint).toMatch(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
    await actions.lock();

    const none = setUp();
    await none.start();
    expect(none.state().identity).toEqual({ phase: 'absent' });
  });

  it.each<[string, (good: Uint8Array) => Uint8Array]>([
    ['identity_foreign', () => new Uint8Array(100)],
    ['identity_version', (good) => good.fill(0x32, 7, 8)],
    ['identity_truncated', (good) => good.subarray(0, 500)],
    ['identity_corrupt', (good) => good.fill(0, 300, 310)],
  ])('says %s in words, and stays closed', async (code, spoil) => {
    const { actions, state, isOpen } = setUp();
    await actions.openIdentity({ file: spoil(file()) });
    expect(state().identity).toMatchObject({ phase: 'absent', fault: { code } });
    expect(await isOpen()).toBe(false);
    await actions.openIdentity({ file: file() });
    expect(state().identity).toEqual({ phase: 'open' });
    await actions.lock();
  });

  it('asks for a passphrase, and need not be given the file again', async () => {
    const { actions, state } = setUp({}, { vault: new LockedVault() as never });
    await actions.openIdentity({ file: file() });
    expect(state().identity).toEqual({ phase: 'passphrase' });
    await actions.openIdentity({ passphrase: 'wrong' });
    expect(state().identity).toMatchObject({ phase: 'passphrase', fault: { code: 'identity_passphrase' } });
    await actions.openIdentity({ passphrase: 'open sesame' });
    expect(state().identity).toEqual({ phase: 'open' });
    await actions.lock();
    await actions.openIdentity({ passphrase: 'open sesame' });
    expect(state().identity).toMatchObject({ phase: 'absent', fault: { code: 'identity_foreign' } });
  });

  it('goes nowhere over plain HTTP, and opens no key for it', async () => {
    const { actions, state, isOpen } = setUp({ apiUrl: 'http://relay.example' });
    await actions.openIdentity({ file: file() });
    expect(state().identity).toMatchObject({ phase: 'absent', fault: { code: 'relay_insecure' } });
    expect(await isOpen()).toBe(false);
  });

  it('works without storage, and says so', async () => {
    const openStore = async () => {
      throw new RelayError('storage_unavailable');
    };
    const { actions, state } = setUp({}, { openStore });
    await actions.openIdentity({ file: file() });
    expect(state()).toMatchObject({
      identity: { phase: 'open' },
      storageFault: { code: 'storage_unavailable' },
    });
    await actions.lock();
  });

  it('opens the last of two files that are given at once', async () => {
    const stores = [memoryLocalStore(), memoryLocalStore()];
    const close = stores.map((store) => vi.spyOn(store, 'close'));
    const { actions, state } = setUp({}, { openStore: async () => stores.shift() ?? memoryLocalStore() });
    await Promise.all([actions.openIdentity({ file: file(0) }), actions.openIdentity({ file: file(1) })]);
    expect([state().identity.phase, state().self?.label]).toEqual(['open', 'Bob']);
    await actions.openIdentity({ file: file(0) });
    expect([state().identity.phase, state().self?.label]).toEqual(['open', 'Alice']);
    expect(close[0]).toHaveBeenCalledOnce();
    await actions.lock();
    expect(close[1]).toHaveBeenCalledOnce();
  });

  it('stays locked when it is locked while a file is opened', async () => {
    const { actions, state, phases, isOpen } = setUp();
    const opening = actions.openIdentity({ file: file() });
    await actions.lock();
    await opening;
    expect(phases).toEqual(['opening', 'absent']);
    expect(state().contacts).toEqual([]);
    expect(await isOpen()).toBe(false);
  });

  it.each(['opened', 'read'])('stays locked when it is locked while its store is %s', async (moment) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const wait = (now: string) => {
      if (now === moment) reached.resolve();
      return now === moment ? promise : Promise.resolve();
    };
    const store = memoryLocalStore();
    const close = vi.spyOn(store, 'close');
    vi.spyOn(store, 'keys').mockImplementation(() => wait('read').then(() => []));
    const fetched = vi.spyOn(globalThis, 'fetch');
    const { actions, state, isOpen } = setUp({}, { openStore: () => wait('opened').then(() => store) });
    const opening = actions.openIdentity({ file: file() });
    await reached.promise;
    await actions.lock();
    resolve();
    await opening;
    expect(close).toHaveBeenCalledOnce();
    if (moment === 'opened') expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
    expect(state()).toMatchObject({ identity: { phase: 'absent' }, contacts: [], conversations: [] });
    expect(state().self).toBeUndefined();
    expect(await isOpen()).toBe(false);
  });

  it('shows nothing any more once it is locked, also of what was under way', async () => {
    const { actions, state, store } = setUp();
    await actions.openIdentity({ file: file() });
    const [conversation] = state().conversations;
    await Promise.all([actions.sendText(conversation?.id ?? '', 'secret'), actions.lock()]);
    const seen: AppState[] = [];
    store.subscribe((next) => seen.push(next));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(seen).toEqual([]);
    expect(state()).toEqual({
      identity: { phase: 'absent' },
      contacts: [],
      connection: { status: 'connecting' },
      loaded: false,
      conversations: [],
      outboxCount: 0,
      notices: [],
      roster: { serial: 0, isNewerThanFile: false },
      settings: EMPTY_DOCUMENT.settings,
      calls: NO_CALLS,
    });
  });

  it('does nothing for actions that come too late or name nothing, and throws never', async () => {
    const { actions, state } = setUp();
    expect(await actions.sendText('x', 'hello')).toMatchObject({ code: 'identity_locked' });
    await actions.openIdentity({ file: file() });
    expect(await actions.sendText('x', 'hello')).toMatchObject({ code: 'recipient_unknown' });
    await Promise.all([actions.retry('x'), actions.discard('x')]);
    actions.markRead('x');
    actions.dismissNotice('x');
    actions.reconnect();
    expect(state().identity).toEqual({ phase: 'open' });
    await actions.lock();
  });
});
