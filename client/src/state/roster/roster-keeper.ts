/**
 * Keeps to the newest roster that anybody of the circle is known to use (SPEC.md §16). While somebody uses a newer one than this client has,
 * nothing is to be sent: it could go to a member that was replaced because its keys are in other hands.
 */
import type { ErrorCode } from '@relay/protocol';
import { isRelayError } from '@relay/protocol';
import type { VaultClient } from '../../crypto/spawn.ts';
import type { CircleView, RosterChange } from '../../crypto/vault.ts';
import { asFault, faultOf } from '../fault.ts';
import type { Contact, Fault, RosterState } from '../model.ts';
import type { KeptNews, NamedMember } from '../settings/setting-document.ts';
import type { After } from '../timer.ts';
import { after } from '../timer.ts';
import { membersInUse, newsOf } from './roster-news.ts';

/** First and longest wait before a newer roster is asked for again, in milliseconds. */
const RETRY_MS = [30_000, 600_000] as const;

const NOTHING_IS_SENT =
  'Until it is here, nothing is sent, so that nothing goes to a member who was replaced.';
const HELD = {
  asking: `Somebody of your circle uses a newer member list, which is being fetched. ${NOTHING_IS_SENT}`,
  absent: `Somebody of your circle uses a newer member list, which the relay does not serve. ${NOTHING_IS_SENT} Ask the operator to publish the roster update.`,
  old: `Somebody of your circle uses a newer member list, but the relay serves an older one. ${NOTHING_IS_SENT} Ask the operator to publish the newest roster update; if that was done, do not trust this relay.`,
  invalid: `Somebody of your circle uses a newer member list, but the one that the relay serves was not made for you. ${NOTHING_IS_SENT} Either you were replaced, or the relay serves something else: ask the one who keeps circle.key.`,
} as const;
const TWO_LISTS =
  'A member uses another member list than you under the same number. One of you was given a forged one: compare your safety numbers, and ask the one who keeps circle.key.';

/** What is kept over a reload; `SettingsKeeper` is one. */
export interface KeptRoster {
  readonly rosterUpdate: Uint8Array | undefined;
  setRosterUpdate(update: Uint8Array | undefined): void;
  readonly news: KeptNews | undefined;
  setNews(news: KeptNews | undefined): void;
}

/** What the keeper needs of the world. */
export interface RosterKeeperParts {
  vault: Pick<VaultClient, 'acceptRoster'>;
  kept: KeptRoster;
  /** Asks the relay for the roster update that it serves: 131,072 bytes, or undefined when there is none. */
  fetch(): Promise<Uint8Array | undefined>;
  /** Another roster is in use. What is held is released once this is done. */
  changed(change: RosterChange): Promise<void> | void;
  /** {@link RosterKeeper.isHeld}, its fault or the news have changed. */
  told(): void;
  /** Something to be noticed, about a member (hexadecimal key hash) where there is one. */
  notice(fault: Fault, sender: string | undefined): void;
  after?: After;
}

/** The roster in use, and whether it is the newest. */
export class RosterKeeper {
  readonly #parts: RosterKeeperParts;
  #view: CircleView;
  /** The highest serial that a member claims, above the one in use: by hash, who claims it. */
  #claim: { serial: number; hashes: Map<string, string> } | undefined;
  #fault = faultOf('roster_stale', HELD.asking);
  #asking = false;
  #askAgain = false;
  #tries = 0;
  #cancel: (() => void) | undefined;
  #isStopped = false;

  /** @param view of the identity file that was opened */
  constructor(parts: RosterKeeperParts, view: CircleView) {
    this.#parts = parts;
    this.#view = view;
  }

  /** The circle under the roster in use. */
  get view(): CircleView {
    return this.#view;
  }

  /** Whether nothing may be sent for now. */
  isHeld(): boolean {
    return this.#claim !== undefined;
  }

  /** What is shown of it; `contactOf` names members, also those that no roster lists any more. */
  state(contactOf: (member: NamedMember) => Contact): RosterState {
    const news = newsOf(this.#parts.kept.news, this.#view, contactOf);
    return {
      serial: this.#view.rosterSerial,
      isNewerThanFile: this.#view.rosterSerial > this.#view.fileSerial,
      ...(news === undefined ? {} : { news }),
      ...(this.isHeld() ? { held: this.#fault } : {}),
    };
  }

  /** Takes up the update that an earlier page accepted; one that the file has overtaken, or that is damaged, is forgotten. */
  async restore(): Promise<void> {
    const { kept, vault } = this.#parts;
    if (kept.rosterUpdate === undefined) return;
    try {
      await this.#use(await vault.acceptRoster(kept.rosterUpdate));
    } catch (error) {
      if (!isRelayError(error, 'roster_stale') && !isRelayError(error, 'roster_update_invalid')) throw error;
      kept.setRosterUpdate(undefined);
    }
  }

  /**
   * Notes the roster that the sender of an opened message uses.
   * @param hash hexadecimal
   * @param sender hexadecimal key hash. A former member is not heard: whoever has its keys could keep everybody from writing
   */
  heard(serial: number, hash: string, sender: string): void {
    if (this.#view.members.find(({ id }) => id === sender)?.isFormer !== false) return;
    const { rosterSerial, rosterHash } = this.#view;
    if (serial === rosterSerial && hash !== rosterHash)
      this.#parts.notice(faultOf('roster_invalid', TWO_LISTS), sender);
    if (serial <= rosterSerial || serial < (this.#claim?.serial ?? 0)) return;
    if (serial === this.#claim?.serial) {
      this.#claim.hashes.set(hash, sender);
      return;
    }
    this.#claim = { serial, hashes: new Map([[hash, sender]]) };
    this.#hold('roster_stale', HELD.asking);
    this.#tries = 0;
    void this.ask();
  }

  /** Asks the relay now: after connecting, and when this member wants it. */
  async ask(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#asking) {
      this.#askAgain = true;
      return;
    }
    this.#asking = true;
    try {
      do {
        this.#askAgain = false;
        await this.#askOnce();
      } while (this.#askAgain && !this.#isStopped);
    } finally {
      this.#asking = false;
      this.#askLater();
    }
  }

  /** {@link RosterKeeper.ask} after the connection was made anew, with the waits from the first again. */
  connected(): void {
    this.#tries = 0;
    void this.ask();
  }

  /** The news were seen. */
  dismissNews(): void {
    this.#parts.kept.setNews(undefined);
    this.#parts.told();
  }

  /** Ends all activity. */
  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  async #askOnce(): Promise<void> {
    const { fetch, vault, kept } = this.#parts;
    try {
      const update = await fetch();
      if (this.#isStopped) return;
      if (update === undefined) return this.#hold('roster_stale', HELD.absent);
      const change = await vault.acceptRoster(update);
      if (this.#isStopped) return;
      kept.setRosterUpdate(update);
      kept.setNews({
        serial: change.view.rosterSerial,
        before: kept.news?.before ?? membersInUse(this.#view),
      });
      await this.#use(change);
      if (this.isHeld()) this.#hold('roster_stale', HELD.old);
    } catch (error) {
      if (this.#isStopped) return;
      if (isRelayError(error, 'roster_stale')) this.#hold('roster_stale', HELD.old);
      else if (isRelayError(error, 'roster_update_invalid')) this.#refuse();
      else this.#show(asFault(error));
    }
  }

  /** What was served is none of this member's: worth a word even when nothing says that there is a newer roster. */
  #refuse(): void {
    if (this.isHeld()) this.#hold('roster_update_invalid', HELD.invalid);
    else this.#parts.notice(faultOf('roster_update_invalid'), undefined);
  }

  /** Goes on with another roster, and releases what it was held for. */
  async #use(change: RosterChange): Promise<void> {
    const { view } = change;
    this.#view = view;
    await this.#parts.changed(change);
    const claim = this.#claim;
    if (claim !== undefined && claim.serial <= view.rosterSerial) {
      this.#claim = undefined;
      for (const [hash, sender] of claim.hashes) this.heard(claim.serial, hash, sender);
    }
    this.#parts.told();
  }

  #hold(code: ErrorCode, message: string): void {
    this.#show(faultOf(code, message));
  }

  #show(fault: Fault): void {
    this.#fault = fault;
    if (this.isHeld()) this.#parts.told();
  }

  #askLater(): void {
    if (!this.isHeld() || this.#isStopped) return;
    const [first, longest] = RETRY_MS;
    const wait = Math.min(first * 2 ** this.#tries++, longest);
    this.#cancel = (this.#parts.after ?? after)(wait, () => void this.ask());
  }
}
