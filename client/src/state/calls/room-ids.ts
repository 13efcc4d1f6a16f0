/** Names the rooms of calls by their secrets; each is derived once. */
import { deriveRoom, hex } from '@relay/protocol';

/** The ids of rooms, as far as they are derived. */
export class RoomIds {
  readonly #changed: () => void;
  /** By secret, in hexadecimal; undefined while it is being derived. */
  readonly #ids = new Map<string, string | undefined>();

  /** @param changed a room has its id now */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /**
   * The id of a secret's room, hexadecimal.
   * @param secret 32 bytes
   * @returns undefined until it is derived; `changed` tells of it
   */
  idOf(secret: Uint8Array): string | undefined {
    const key = hex(secret);
    if (!this.#ids.has(key)) {
      this.#ids.set(key, undefined);
      void this.#derive(key, secret);
    }
    return this.#ids.get(key);
  }

  async #derive(key: string, secret: Uint8Array): Promise<void> {
    const { id } = await deriveRoom(secret);
    this.#ids.set(key, hex(id));
    this.#changed();
  }
}
