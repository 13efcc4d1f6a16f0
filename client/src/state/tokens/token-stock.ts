/**
 * The stock of blind tokens (SPEC.md §22.2): drawn in whole batches at first contact and topped up at random times, so that drawing does not tell when
 * something is sent.
 */
import type { IssuerKey, IssuerStatement } from '@relay/protocol';
import {
  equalBytes,
  fromHex,
  hex,
  isRelayError,
  issuerKeyHash,
  RelayError,
  TOKEN_BATCH,
  TOKEN_BYTES,
} from '@relay/protocol';
import type { VaultClient } from '../../crypto/spawn.ts';
import { faultOf } from '../fault.ts';
import type { Fault } from '../model.ts';
import { atPoissonTimes } from '../poisson.ts';
import type { After } from '../timer.ts';
import { turnTaker } from '../turns.ts';
import type { HeardIssuer, Suspicion } from './issuer-watch.ts';
import { memberSaid, relayTold, stillSaid } from './issuer-watch.ts';
import type { StockStoreParts } from './stock-store.ts';
import { StockStore } from './stock-store.ts';
import { suspicionText } from './suspicion-text.ts';
import { epochOf } from './token-document.ts';

const HOUR = 3_600_000;

/** How much is drawn, and when. */
export interface TokenPace {
  /** Batches of a full stock. Where nothing is kept it is one, since whatever is left over goes with the page. */
  batches: number;
  /** Mean time between two looks whether the stock is full, in minutes; they follow a Poisson process. */
  topUpMinutes: number;
}

/** Two batches carry six messages to nineteen members. */
const USUAL_PACE: TokenPace = { batches: 2, topUpMinutes: 15 };

/** What a draw is answered with. */
export interface DrawAnswer extends IssuerKey {
  evaluated: Uint8Array;
  proof: Uint8Array;
}

/** What the stock needs of the world. */
export interface TokenStockParts extends StockStoreParts {
  vault: StockStoreParts['vault'] & Pick<VaultClient, 'beginDraw' | 'finishDraw' | 'dropDraw'>;
  /** Asks the relay, without a session, for its keys, newest first. */
  fetchKeys(): Promise<readonly IssuerKey[]>;
  /** Has the relay evaluate a batch (2,048 bytes) for this member. */
  draw(request: Uint8Array): Promise<DrawAnswer>;
  now(): number;
  notice(fault: Fault, sender: string | undefined): void;
  after?: After;
  pace?: TokenPace;
}

/** The tokens of one member, on one page. */
export class TokenStock {
  readonly #parts: TokenStockParts;
  readonly #pace: TokenPace;
  readonly #kept: StockStore;
  readonly #inTurn = turnTaker();
  #cancel: (() => void) | undefined;
  /** Why nothing can be drawn for now, and until when. */
  #dry: { fault: RelayError; until: number } | undefined;
  #isStopped = false;

  constructor(parts: TokenStockParts) {
    this.#parts = parts;
    this.#pace = parts.pace ?? USUAL_PACE;
    this.#kept = new StockStore(parts);
  }

  /** How many are left, as far as this window knows. */
  get size(): number {
    return this.#kept.document.tokens.length;
  }

  /** What this member's messages say of the relay's key; undefined while the relay has told nothing. */
  statement(): IssuerStatement | undefined {
    const { keys, told } = this.#kept.document.issuer;
    const [newest] = keys;
    if (newest === undefined || told === undefined) return undefined;
    return { epoch: newest.epoch, hash: fromHex(newest.hash), hour: told };
  }

  /** Reads what an earlier page left. */
  async load(): Promise<void> {
    await this.#kept.change((document) => ({ document, result: undefined }));
  }

  /** The relay can be reached, for the first time or again: looks at its keys, and draws a stock where there is none. */
  connected(): void {
    this.#dry = undefined;
    void this.#look(true).catch(() => {});
    const { after } = this.#parts;
    this.#cancel ??= atPoissonTimes(
      this.#pace.topUpMinutes,
      () => void this.#look(false).catch(() => {}),
      after,
    );
  }

  /**
   * Takes a token out of the stock, for good. Where there is none left, a batch is drawn first.
   * @returns 100 bytes
   * @throws RelayError `tokens_exhausted`, `issuer_key`, or whatever keeps the relay from being asked
   */
  async take(): Promise<Uint8Array> {
    for (;;) {
      const token = await this.#takeKept();
      if (token !== undefined) return token;
      if (this.#dry !== undefined && this.#parts.now() < this.#dry.until) throw this.#dry.fault;
      await this.#inTurn(async () => {
        // Whoever waited for its turn may find what another one drew.
        if (this.size === 0) await this.#draw(1);
      });
    }
  }

  /** The relay does not take tokens of this epoch: what else was drawn under it goes. */
  async refused(epoch: number): Promise<void> {
    await this.#kept.change((document) => ({
      document: { ...document, tokens: document.tokens.filter((token) => epochOf(token) !== epoch) },
      result: undefined,
    }));
    await this.#askKeys();
  }

  /** Takes what a member (hexadecimal key hash) says of the relay's key. */
  async heard(issuer: HeardIssuer, sender: string): Promise<void> {
    const hour = this.#hour;
    const judged = memberSaid(this.#kept.document.issuer, issuer, hour);
    if (judged !== 'ask') return this.#suspect(judged, sender);
    try {
      await this.#askKeys();
    } catch {
      // What cannot be asked now is said again with the next message.
      return;
    }
    this.#suspect(stillSaid(this.#kept.document.issuer, issuer, hour), sender);
  }

  /** Ends all activity. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    await this.#kept.settled();
  }

  get #hour(): number {
    return Math.floor(this.#parts.now() / HOUR);
  }

  #takeKept(): Promise<Uint8Array | undefined> {
    return this.#kept.change(({ tokens: [token, ...tokens], issuer }) => ({
      document: { tokens, issuer },
      result: token,
    }));
  }

  /** Looks at the relay's keys, and fills the stock up: at first contact when it is empty, later wherever a whole batch is missing. */
  #look(isContact: boolean): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isStopped) return;
      if (isContact || this.#kept.document.issuer.told !== this.#hour) await this.#askKeys();
      const full = this.#kept.isKept ? this.#pace.batches : 1;
      const missing = Math.floor((full * TOKEN_BATCH - this.size) / TOKEN_BATCH);
      if (isContact ? this.size === 0 : missing > 0) await this.#draw(isContact ? missing : 1);
    });
  }

  async #draw(batches: number): Promise<void> {
    try {
      // One window draws at a time; what it draws is there for the others.
      await this.#parts.exclusively('relay-token-draw', async () => {
        await this.load();
        for (let i = 0; i < batches && this.size <= (batches - 1) * TOKEN_BATCH; i++) await this.#drawOne();
      });
    } catch (error) {
      throw this.#describe(error);
    }
  }

  /** What stands between this member and more tokens, in words for it. */
  #describe(error: unknown): unknown {
    if (!isRelayError(error)) return error;
    if (error.code === 'issuer_key') this.#parts.notice(faultOf('issuer_key'), undefined);
    else if (error.code !== 'rate_limited') return error;
    const { retryAfter = 60 } = error;
    const fault =
      error.code === 'issuer_key' ? error : new RelayError('tokens_exhausted', undefined, { retryAfter });
    this.#dry = { fault, until: this.#parts.now() + Math.min(retryAfter * 1_000, HOUR) };
    return fault;
  }

  async #drawOne(): Promise<void> {
    const { vault, draw } = this.#parts;
    const { handle, request } = await vault.beginDraw();
    let answer: DrawAnswer;
    let key: IssuerKey;
    try {
      key = await this.#askKeys();
      answer = await draw(request);
      // It may have rolled between the two.
      if (answer.epoch !== key.epoch) key = await this.#askKeys();
    } catch (error) {
      await vault.dropDraw(handle);
      throw error;
    }
    if (answer.epoch !== key.epoch || !equalBytes(answer.publicKey, key.publicKey)) {
      await vault.dropDraw(handle);
      throw new RelayError('issuer_key');
    }
    const joined = await vault.finishDraw(handle, key, answer.evaluated, answer.proof);
    const drawn = Array.from({ length: TOKEN_BATCH }, (_, i) =>
      joined.slice(i * TOKEN_BYTES, (i + 1) * TOKEN_BYTES),
    );
    await this.#kept.change((document) => ({
      document: { ...document, tokens: [...document.tokens, ...drawn] },
      result: undefined,
    }));
  }

  /** Asks for the keys, drops tokens that none of them is for, and notices what is odd. @returns the newest */
  async #askKeys(): Promise<IssuerKey> {
    const told = [...(await this.#parts.fetchKeys())].sort((a, b) => b.epoch - a.epoch);
    const [newest] = told;
    if (newest === undefined) throw new RelayError('relay_protocol');
    const keys = await Promise.all(
      told.map(async (key) => ({ epoch: key.epoch, hash: hex(await issuerKeyHash(key)) })),
    );
    const suspicion = await this.#kept.change(({ tokens, issuer }) => {
      const judged = relayTold(issuer, keys, this.#hour);
      const usable = tokens.filter((token) => keys.some(({ epoch }) => epoch === epochOf(token)));
      return { document: { tokens: usable, issuer: judged.memory }, result: judged.suspicion };
    });
    this.#suspect(suspicion, undefined);
    return newest;
  }

  #suspect(suspicion: Suspicion | undefined, sender: string | undefined): void {
    if (suspicion === undefined) return;
    this.#parts.notice(faultOf('issuer_differs', suspicionText(suspicion, sender !== undefined)), sender);
  }
}
