import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ALLOWLIST_FILE, generateIdentities, identityFileName } from '@relay/admin-cli/services';
import { RelayHttp } from '@relay/client/headless';
import type { Identity } from '@relay/protocol';
import {
  BLOB_BYTES,
  b64,
  beginDraw,
  encodeToken,
  encodeUploadFrame,
  finishDraw,
  HASH_BYTES,
  loadIdentity,
  proveSession,
  randomBytes,
} from '@relay/protocol';

/** Blobs fetched in one request. */
const BATCH = 100;

/** A circle of the generator. */
export interface TestCircle {
  /** The content of allowed-keys-seed.json. */
  seed: string;
  /** The identity files, base64. */
  files: string[];
}

/** Makes a circle of three by the code of `relay-admin identities generate`. Its files are gone before this returns. */
export async function makeCircle(): Promise<TestCircle> {
  const folder = mkdtempSync('/var/tmp/relay-circle-');
  try {
    const directory = join(folder, 'circle');
    await generateIdentities({ directory, labels: ['One', 'Two', 'Three'] });
    const seed = readFileSync(join(directory, ALLOWLIST_FILE), 'utf8');
    const files = [1, 2, 3].map((n) => readFileSync(join(directory, identityFileName(n)), 'base64'));
    return { seed, files };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Opens the identity of a member, 1 to 3. */
export function identityOf(circle: TestCircle, number: number): Promise<Identity> {
  return loadIdentity(Uint8Array.from(Buffer.from(circle.files[number - 1] ?? '', 'base64')));
}

/** What was acknowledged: SHA-256 of each blob by its id, both as text. */
export type Acknowledged = Map<string, string>;

/** One blob of random bytes. */
interface Upload {
  id: string;
  hash: string;
  frame: Uint8Array;
}

function makeUpload(): Upload {
  const id = randomBytes(16);
  const blob = randomBytes(BLOB_BYTES);
  const frame = encodeUploadFrame({
    id,
    readHash: randomBytes(HASH_BYTES),
    deleteHash: randomBytes(HASH_BYTES),
    blob,
  });
  return { id: b64(id), hash: sha256(blob), frame };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A member at the wire: the client's own HTTP code, without its patience. */
export class Member {
  readonly http: RelayHttp;
  readonly identity: Identity;
  readonly #tokens: Uint8Array[] = [];

  constructor(url: string, identity: Identity, fetcher?: typeof fetch) {
    this.http = new RelayHttp(url, fetcher);
    this.identity = identity;
  }

  /** Proves the key; returns a session's token. */
  async session(): Promise<Uint8Array> {
    const { nonce } = await this.http.challenge();
    return (await this.http.openSession(nonce, await proveSession(this.identity, this.http.origin, nonce)))
      .token;
  }

  /** Buys a ticket with a blind token, which it draws where it has none. */
  async ticket(recipient: Uint8Array): Promise<Uint8Array> {
    if (this.#tokens.length === 0) {
      const draw = beginDraw();
      const grant = await this.http.drawTokens(await this.session(), draw.request);
      this.#tokens.push(...finishDraw(grant, draw, grant.evaluated, grant.proof).map(encodeToken));
    }
    return (await this.http.buyTicket(this.#tokens.pop() as Uint8Array, recipient)).ticket;
  }

  /** Uploads blobs of random bytes, at most 32. */
  async send(recipient: Uint8Array, count: number): Promise<Acknowledged> {
    const ticket = await this.ticket(recipient);
    const acknowledged: Acknowledged = new Map();
    for (let i = 0; i < count; i++) {
      const { id, hash, frame } = makeUpload();
      await this.http.upload(ticket, frame);
      acknowledged.set(id, hash);
    }
    return acknowledged;
  }

  /** All that the own mailbox holds. */
  async receive(): Promise<Acknowledged> {
    const token = await this.session();
    const ids = (await this.http.listMailbox(token)).map(({ id }) => id);
    const found: Acknowledged = new Map();
    for (let i = 0; i < ids.length; i += BATCH) {
      for await (const { id, blob } of this.http.fetchBlobs(token, ids.slice(i, i + BATCH))) {
        found.set(b64(id), sha256(blob));
      }
    }
    return found;
  }
}

/** Uploads on and on, through every outage, and knows what was acknowledged. */
export class Uploader {
  readonly acknowledged: Acknowledged = new Map();
  /** Attempts that failed. */
  failures = 0;
  readonly #done: Promise<void>;
  #isStopping = false;

  constructor(member: Member, recipient: Uint8Array) {
    this.#done = this.#work(member, recipient);
  }

  /** Ends after the upload under way; returns what was acknowledged. */
  async stop(): Promise<Acknowledged> {
    this.#isStopping = true;
    await this.#done;
    return this.acknowledged;
  }

  async #work(member: Member, recipient: Uint8Array): Promise<void> {
    while (!this.#isStopping) {
      try {
        const ticket = await member.ticket(recipient);
        for (let i = 0; i < 32 && !this.#isStopping; i++) {
          const { id, hash, frame } = makeUpload();
          await member.http.upload(ticket, frame);
          this.acknowledged.set(id, hash);
          await sleep(20);
        }
      } catch {
        this.failures++;
        await sleep(100);
      }
    }
  }
}
