/** Credentials for the relay for calls, fetched once for everything that needs them, and anew before they end. */
import type { IceServer } from '../../media/media.ts';
import type { TurnCredentials } from '../../transport/http.ts';

/** Part of their life after which credentials are fetched anew. */
const RENEW_AFTER = 0.75;

/** What credentials need of the world. */
export interface CredentialsParts {
  /** @throws RelayError `turn_unavailable`, `rate_limited` and those of every request */
  fetch(): Promise<TurnCredentials>;
  now(): number;
}

/** Keeps the credentials of a session. */
export class Credentials {
  readonly #parts: CredentialsParts;
  #servers: { servers: IceServer[]; renewAt: number } | undefined;
  #fetching: Promise<IceServer[]> | undefined;

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

  async #fetch(): Promise<IceServer[]> {
    const { urls, username, credential, expiresIn } = await this.#parts.fetch();
    const servers = [{ urls: [...urls], username, credential }];
    this.#servers = { servers, renewAt: this.#parts.now() + expiresIn * RENEW_AFTER * 1_000 };
    return servers;
  }
}
