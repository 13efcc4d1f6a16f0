/** Puts the client together: one store for the UI to read, and the actions it may ask for. */
import { isRelayError, RelayError } from '@relay/protocol';
import type { StoreApi } from 'zustand/vanilla';
import { createStore } from 'zustand/vanilla';
import type { VaultClient } from '../crypto/spawn.ts';
import { spawnVault } from '../crypto/spawn.ts';
import { browserMedia } from '../media/browser-media.ts';
import type { Media } from '../media/media.ts';
import { indexedLocalStore } from '../storage/indexed-local-store.ts';
import type { LocalStore } from '../storage/local-store.ts';
import { memoryLocalStore } from '../storage/local-store.ts';
import { relayOrigin, wayTo } from '../transport/address.ts';
import { RelayHttp } from '../transport/http.ts';
import { fetchOwnIdentity } from '../transport/identity-file.ts';
import { Account } from './account.ts';
import { accountActions } from './actions.ts';
import { NO_CALLS } from './calls/closed.ts';
import type { CoverPace } from './cover/cover-traffic.ts';
import { asFault } from './fault.ts';
import type { Actions, AppState, Fault } from './model.ts';
import { EMPTY_DOCUMENT } from './settings/setting-document.ts';
import type { After } from './timer.ts';
import type { TokenPace } from './tokens/token-stock.ts';
import { turnTaker } from './turns.ts';

/** How a client is set up. */
export interface MessengerConfig {
  /** The relay's address. */
  apiUrl: string;
  /** Plain HTTP to another machine is allowed. */
  allowInsecure: boolean;
  /** Bounds of the delay of the sent log, in minutes (SPEC.md §10). */
  sentLogMinutes: readonly [number, number];
}

/** The parts that differ between a browser and a test. */
export interface MessengerParts {
  vault: VaultClient;
  openStore(name: string): Promise<LocalStore>;
  ownIdentity(): Promise<Uint8Array | undefined>;
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
  now(): number;
  /** Runs what waits for some time; by the timer of the platform unless given. */
  after?: After;
  /** What calls are made with; none can be made without. */
  media?: Media;
  /** This page was loaded by a reload. */
  isReload?: boolean;
  /** How many blind tokens are drawn, and when. */
  tokenPace?: TokenPace;
  /** How often cover traffic is made, where it is switched on. */
  coverPace?: CoverPace;
}

/** A client without its face. */
export interface Messenger {
  store: StoreApi<AppState>;
  actions: Actions;
  /** Opens the identity that the development server offers, where there is one. */
  start(): Promise<void>;
  /** The page is going away: calls are left without a word, so that a reload can go on with them. */
  pageHidden(): void;
}

const CLOSED: AppState = {
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
};

function isReload(): boolean {
  const [navigation] = performance.getEntriesByType('navigation');
  return (navigation as PerformanceNavigationTiming | undefined)?.type === 'reload';
}

/** The parts of a client in a browser. */
export function browserParts(): MessengerParts {
  return {
    vault: spawnVault(),
    openStore: indexedLocalStore,
    ownIdentity: () => fetchOwnIdentity(),
    exclusively: (name, work) => navigator.locks.request(name, work),
    now: () => Date.now(),
    media: browserMedia(),
    isReload: isReload(),
  };
}

/** Makes a client; nothing happens before {@link Messenger.start} or an action. */
export function createMessenger(config: MessengerConfig, parts: MessengerParts = browserParts()): Messenger {
  const store = createStore<AppState>(() => CLOSED);
  const inTurn = turnTaker();
  let account: Account | undefined;
  let file: Uint8Array | undefined;
  /** Counts what was asked for, so that only the last thing holds: a second file, or a lock, while a first file is opened. */
  let wishes = 0;
  /** What an account still has to keep needs the vault open. */
  let closing: Promise<unknown> = Promise.resolve();

  async function keep(name: string): Promise<{ kept: LocalStore; storageFault: Fault | undefined }> {
    try {
      return { kept: await parts.openStore(name), storageFault: undefined };
    } catch (error) {
      return { kept: memoryLocalStore(), storageFault: asFault(error) };
    }
  }

  function clear(identity: AppState['identity']): void {
    const leaving = account;
    closing = closing.then(() => leaving?.stop()).catch(() => {});
    account = undefined;
    // The looks stay as they were chosen, until the next identity says otherwise.
    const { theme } = store.getState().settings;
    store.setState({ ...CLOSED, settings: { ...CLOSED.settings, theme }, identity }, true);
  }

  function open(given: Uint8Array, passphrase: string | undefined): Promise<void> {
    const wish = ++wishes;
    clear({ phase: 'opening' });
    return inTurn(async () => {
      await closing;
      if (wish !== wishes) return;
      try {
        await start(given, passphrase, () => wish === wishes);
      } catch (error) {
        if (wish !== wishes) return;
        clear({ phase: 'opening' });
        await closing;
        await parts.vault.close();
        refuse(given, error);
      }
    });
  }

  async function start(
    given: Uint8Array,
    passphrase: string | undefined,
    isWanted: () => boolean,
  ): Promise<void> {
    const origin = relayOrigin(config.apiUrl, config.allowInsecure);
    const http = new RelayHttp(origin);
    const view = await parts.vault.open(given, passphrase);
    if (!isWanted()) return;
    const { kept, storageFault } = await keep(view.storeName);
    if (!isWanted()) return kept.close();
    const show = (change: Partial<AppState>) => {
      if (isWanted()) store.setState(change);
    };
    const { sentLogMinutes } = config;
    const started = await Account.start({
      ...parts,
      view,
      http,
      store: kept,
      storageFault,
      sentLogMinutes,
      show,
    });
    if (!isWanted()) return void (await started.stop());
    account = started;
    file = undefined;
    show({ identity: { phase: 'open' }, relay: { origin, way: wayTo(origin) } });
  }

  function refuse(given: Uint8Array, error: unknown): void {
    if (isRelayError(error, 'identity_locked') || isRelayError(error, 'identity_passphrase')) {
      file = given;
      const wrong = error.code === 'identity_passphrase' ? { fault: asFault(error) } : {};
      store.setState({ identity: { phase: 'passphrase', ...wrong } });
    } else {
      file = undefined;
      store.setState({ identity: { phase: 'absent', fault: asFault(error) } });
    }
  }

  const actions: Actions = {
    async openIdentity(input) {
      const given = input.file ?? file;
      if (given === undefined)
        refuse(new Uint8Array(), new RelayError('identity_foreign', 'Choose an identity file first.'));
      else await open(given, input.passphrase);
    },
    async lock() {
      wishes++;
      file = undefined;
      clear({ phase: 'absent' });
      await closing;
      await parts.vault.close();
    },
    ...accountActions(
      () => account,
      () => actions.lock(),
    ),
  };

  return {
    store,
    actions,
    pageHidden: () => account?.work.calls?.pageHidden(),
    async start() {
      const own = await parts.ownIdentity();
      if (own !== undefined && store.getState().identity.phase === 'absent') await open(own, undefined);
    },
  };
}
