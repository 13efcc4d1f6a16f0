/** Members of a stack's circle are replaced, as whoever keeps `circle.key` does it. */
import { readFileSync } from 'node:fs';
import { withMemberStore } from '@relay/admin-cli/services';
import type { Bytes, CircleKey, IdentityContent } from '@relay/protocol';
import {
  deriveMemberKeys,
  openRoster,
  randomBytes,
  readCircleKey,
  readIdentityFile,
  sealRosterUpdate,
  signingKeyPair,
  signRoster,
  writeIdentityFile,
} from '@relay/protocol';
import type { Stack } from './stack.ts';

/** What comes of a replacement. */
export interface Replacement {
  /** For `relay-admin roster publish`: 131,072 bytes. */
  update: Bytes;
  /** The identity file of the new holder of the number. */
  replaced: Uint8Array;
  /** A member's identity file, with the new roster. */
  updated(number: number): Promise<Uint8Array>;
}

/** Whoever keeps the circle's key, with what was made of it so far. */
export class CircleKeeper {
  readonly #stack: Stack<string>;
  #circle: CircleKey | undefined;

  constructor(stack: Stack<string>) {
    this.#stack = stack;
  }

  /**
   * Gives a member a new key, in a roster with the next serial, and tells the relay to serve the new key too.
   * @param secret the new circle secret, 32 bytes
   */
  async replace(number: number, secret: Uint8Array = randomBytes(32)): Promise<Replacement> {
    const circle = this.#circle ?? (await readCircleKey(readFileSync(this.#stack.circleKeyPath)));
    const before = await openRoster(circle.signedRoster);
    const { publicKey, privateKey } = await signingKeyPair(circle.seed);
    const seed = randomBytes(32);
    const { bundle, keyHash } = await deriveMemberKeys(seed);
    const serial = before.serial + 1;
    const members = before.members.map((one) => (one.number === number ? { ...one, bundle } : one));
    const content = { circlePublicKey: publicKey, serial, circleSecret: secret, members };
    const signedRoster = await signRoster(content, privateKey);
    const secrets = [{ serial, secret }, ...circle.secrets];
    this.#circle = { ...circle, secrets, signedRoster };
    const keyHashes = [...before.members.map((one) => one.keyHash), keyHash];
    await withMemberStore(this.#stack.databaseUrl, (store) =>
      store.seed({ circleId: before.circleId, keyHashes }, { prune: false }),
    );
    const renew = (identity: IdentityContent) => writeIdentityFile({ ...identity, secrets, signedRoster });
    return {
      update: await sealRosterUpdate(signedRoster, secret),
      replaced: await renew({ circlePublicKey: publicKey, number, seed, secrets, signedRoster }),
      updated: async (other) => renew(await readIdentityFile(this.#stack.identity(other))),
    };
  }

  /** The circle secret in use, 32 bytes. */
  async secret(): Promise<Uint8Array> {
    const { secrets } = this.#circle ?? (await readCircleKey(readFileSync(this.#stack.circleKeyPath)));
    return secrets[0]?.secret ?? new Uint8Array();
  }
}
