/** Asks the relay whether old messages that nobody said to have read are still there. */
import { fromHex, hex } from '@relay/protocol';
import type { VaultClient } from '../../crypto/spawn.ts';
import type { RelayHttp } from '../../transport/http.ts';
import type { Book } from '../book.ts';
import type { ExpiryWatch } from './expiry-watch.ts';

/** What asking needs of the world. */
export interface ProberParts {
  book: Book;
  watch: ExpiryWatch;
  vault: Pick<VaultClient, 'readCapabilities'>;
  http: Pick<RelayHttp, 'readBlobs'>;
  now(): number;
  /** Something was learnt. */
  changed(): void;
}

/** Asks in rounds; see {@link Prober.round}. */
export class Prober {
  readonly #parts: ProberParts;

  constructor(parts: ProberParts) {
    this.#parts = parts;
  }

  /** Asks for what is due. A round that fails is made up for by the next. */
  async round(): Promise<void> {
    const { watch, vault, http, now, changed } = this.#parts;
    const asked = watch.probes(this.#own(), now());
    if (asked.length === 0) return;
    try {
      const secrets = await vault.readCapabilities(
        asked.map(({ member, blob }) => ({ peer: member, ids: [blob] })),
      );
      const present = new Set<string>();
      const capabilities = secrets.map(({ id, secret }) => ({ id: fromHex(id), secret }));
      for await (const { id } of http.readBlobs(capabilities)) present.add(hex(id));
      // Without the right to ask, nothing was learnt.
      const answerable = new Set(secrets.map(({ id }) => id));
      const answered = asked.filter(({ blob }) => answerable.has(blob));
      watch.answered(answered, present, now());
      changed();
    } catch {
      // The relay is away.
    }
  }

  #own() {
    return [...this.#parts.book.entries.values()].flatMap(({ history }) =>
      history.timeline.records.filter((record) => history.isOwnDeletable(record)),
    );
  }
}
