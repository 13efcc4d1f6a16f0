/** Credentials for the relay for calls, fetched once for everything that needs them, and anew before they end. */
import type { IceServer } from '../../media/media.ts';
import type { TurnCredentials } from '../../transport/http.ts';
import type { After } from '../timer.ts';

/** How soon it is tried again to renew them. Milliseconds. */
const AGAIN_MS = 10_000;
/** Part of their life after which credentials are fetched anew. */
const RENEW_AFTER = 0.75;

/** What credentials need of the world. */
export interface CredentialsParts {
  /** @throws RelayError `turn_unavailable`, `rate_limited` and those of every request */
  fetch(): Promise<TurnCredentials>;
  now(): number;
  after: After;
  /** Credentials were fetched while they are kept fresh. */
  renewed(servers: readonly IceServer[]): void;
}

/** Keeps the credentials of a session. */
export class Credentials {
  readonly #parts: CredentialsParts;
  #servers: { servers: IceServer[]; renewAt: number } | undefined;
  #fetching: Promise<IceServer[]> | undefined;
  #isKept = false;
  #renewal: (() => void) | undefined;

  constructor(parts: CredentialsParts) {
    this.#parts = parts;
  }

  /** Credentials that are good for a while. @throws RelayError */
  async servers(): Promise<IceServer[]> {
    const kept = this.#servers;
    if (kept !== undefined && this.#parts.now() < kept.renewAt) return kept.servers;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  /** Whether they are renewed by themselves before they end: in a call. */
  keep(isKept: boolean): void {
    this.#isKept = isKept;
    this.#renewal?.();
    this.#renewal = undefined;
    if (isKept) this.#renewAt(this.#servers?.renewAt ?? this.#parts.now());
  }

  #renewAt(time: number): void {
    // One that was under way while they were not kept for a moment comes back to another timer.
    this.#renewal?.();
    this.#renewal = this.#parts.after(Math.max(0, time - this.#parts.now()), () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const { now, renewed } = this.#parts;
    const servers = await this.servers().catch(() => undefined);
    if (!this.#isKept) return;
    if (servers !== undefined) renewed(servers);
    this.#renewAt(servers === undefined ? now() + AGAIN_MS : (this.#servers?.renewAt ?? now() + AGAIN_MS));
  }

  async #fetch(): Promise<IceServer[]> {
    const { urls, username, credential, expiresIn } = await this.#parts.fetch();
    const servers = [{ urls: [...urls], username, credential }];
    this.#servers = { servers, renewAt: this.#parts.now() + expiresIn * RENEW_AFTER * 1_000 };
    return servers;
  }
}
