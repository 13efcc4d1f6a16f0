/** A stock of tokens between a store and an issuer that do as they are told; the arithmetic is real. */
import type { IssuerKey, OprfKeyPair } from '@relay/protocol';
import { decodeDraw, decodeToken, hex, isIssued, issueBatch, makeOprfKeyPair } from '@relay/protocol';
import { Vault } from '../../src/crypto/vault.ts';
import type { Fault } from '../../src/state/model.ts';
import type { TokenStockParts } from '../../src/state/tokens/token-stock.ts';
import { TokenStock } from '../../src/state/tokens/token-stock.ts';
import type { LocalStore } from '../../src/storage/local-store.ts';
import { memoryLocalStore } from '../../src/storage/local-store.ts';
import { TestClock } from './clock.ts';

const HOUR = 3_600_000;

/** An issuer in memory. */
export function fakeIssuer(epoch: number) {
  const issuer = {
    /** Newest first. */
    keys: [{ epoch, ...makeOprfKeyPair() }] as (OprfKeyPair & { epoch: number })[],
    asked: 0,
    drawn: 0,
    spent: new Set<string>(),
    roll: (next: number) => issuer.keys.unshift({ epoch: next, ...makeOprfKeyPair() }),
    fetchKeys: async (): Promise<IssuerKey[]> => {
      issuer.asked++;
      return issuer.keys.map(({ epoch: one, publicKey }) => ({ epoch: one, publicKey }));
    },
    draw: async (request: Uint8Array) => {
      issuer.drawn++;
      const [key] = issuer.keys as [OprfKeyPair & { epoch: number }];
      return { epoch: key.epoch, publicKey: key.publicKey, ...issueBatch(key, decodeDraw(request)) };
    },
    /** Spends a token as a relay does; false when it was spent before. @throws Error when it does not hold */
    spend: (bytes: Uint8Array): boolean => {
      const token = decodeToken(bytes);
      const key = issuer.keys.find((one) => one.epoch === token.epoch);
      if (key === undefined || !isIssued(key.secret, token)) throw new Error('a token that does not hold');
      const nonce = hex(token.nonce);
      if (issuer.spent.has(nonce)) return false;
      issuer.spent.add(nonce);
      return true;
    },
  };
  return issuer;
}

/** One turn after the other by name, as the locks of a browser. */
export function locks() {
  const last = new Map<string, Promise<unknown>>();
  return <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const result = (last.get(name) ?? Promise.resolve()).then(work);
    last.set(
      name,
      result.catch(() => {}),
    );
    return result;
  };
}

/** A stock with a clock at a whole hour. */
export function stockEdge(
  options: Partial<TokenStockParts> & {
    issuer?: ReturnType<typeof fakeIssuer>;
    store?: LocalStore;
    clock?: TestClock;
  } = {},
) {
  const {
    issuer = fakeIssuer(500_000),
    store = { ...memoryLocalStore(), isKept: true },
    clock = new TestClock(),
    ...parts
  } = options;
  const start = 500_000 * HOUR - clock.now();
  const told: [Fault, string | undefined][] = [];
  const plain = {
    sealLocal: async (bytes: Uint8Array) => bytes.map((byte) => byte ^ 0xa5),
    openLocal: async (bytes: Uint8Array) => bytes.map((byte) => byte ^ 0xa5),
  };
  const vault = new Vault();
  const stock = new TokenStock({
    store,
    vault: {
      ...plain,
      beginDraw: () => vault.beginDraw(),
      finishDraw: (...args) => vault.finishDraw(...args),
      dropDraw: (handle) => vault.dropDraw(handle),
    },
    exclusively: locks(),
    keeps: () => true,
    fetchKeys: issuer.fetchKeys,
    draw: issuer.draw,
    now: () => start + clock.now(),
    notice: (fault, sender) => told.push([fault, sender]),
    after: clock.after,
    pace: { batches: 1, topUpMinutes: 15 },
    ...parts,
  });
  return { stock, issuer, store, clock, told };
}
