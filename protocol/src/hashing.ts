/** SHA-256 in pieces: WebCrypto hashes only what is in memory as a whole, and a file may not be. */
import { sha256 } from '@noble/hashes/sha2.js';
import type { Bytes } from './wire/bytes.ts';

/** SHA-256 (FIPS 180-4) of bytes that come one piece after another. */
export class FileHasher {
  readonly #state = sha256.create();

  /**
   * Takes the next bytes, of any number.
   * @throws Error after {@link digest}
   */
  update(bytes: Uint8Array): void {
    this.#state.update(bytes);
  }

  /** The hash (32 bytes) of what was taken so far; more may follow. */
  snapshot(): Bytes {
    return this.#state.clone().digest().slice();
  }

  /** The hash (32 bytes) of all that was taken; nothing may follow. */
  digest(): Bytes {
    return this.#state.digest().slice();
  }
}
