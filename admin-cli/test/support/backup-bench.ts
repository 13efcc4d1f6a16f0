/** A relay that is backed up, and an empty one that the backup goes to. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StreamKeyPair } from '@relay/protocol';
import { makeStreamKeyPair } from '@relay/protocol';
import type { MadeBackup } from '../../src/services/make-backup.ts';
import { makeBackup } from '../../src/services/make-backup.ts';
import type { RestoredBackup, RestoreRequest } from '../../src/services/restore-backup.ts';
import { restoreBackup } from '../../src/services/restore-backup.ts';
import { temporaryDirectory } from './circle.ts';
import { fillRelay, newDatabase } from './relay-database.ts';

/** The `.env` that is backed up. */
export const SETTINGS = 'RELAY_DOMAIN=relay.example.org\n';

/** Nobody but root may give files away. */
export const owners = { of: async () => ({ uid: 0, gid: 0 }), give: async () => {} };

/** Databases, secrets and a key, for one test. */
export class BackupBench {
  readonly folder: string;
  /** What opens the backups; a passphrase takes seconds on purpose. */
  readonly key: StreamKeyPair;
  from: string;
  readonly to: string;

  private constructor(folder: string, key: StreamKeyPair, from: string, to: string) {
    [this.folder, this.key, this.from, this.to] = [folder, key, from, to];
  }

  static async open(): Promise<BackupBench> {
    const [from, to] = await Promise.all([newDatabase(), newDatabase()]);
    await fillRelay(from);
    const bench = new BackupBench(await temporaryDirectory(), await makeStreamKeyPair(false), from, to);
    await bench.#secretsFolder('secrets-to', 'turn of now');
    return bench;
  }

  get file(): string {
    return join(this.folder, 'relay.backup');
  }

  async make(options: { includeBlobs?: boolean; recipients?: string[] } = {}): Promise<MadeBackup> {
    const secrets = await this.#secretsFolder('secrets-from', 'turn of then');
    await writeFile(join(secrets, 'tor/relay/hs_ed25519_secret_key'), randomBytes(96));
    await writeFile(join(this.folder, 'settings'), SETTINGS);
    return makeBackup({
      file: this.file,
      databaseUrl: this.from,
      secrets,
      settings: join(this.folder, 'settings'),
      includeBlobs: options.includeBlobs ?? false,
      lock: { recipients: options.recipients ?? [this.key.recipient] },
    });
  }

  restore(options: Partial<RestoreRequest> = {}): Promise<RestoredBackup> {
    return restoreBackup({
      file: this.file,
      key: { identities: [this.key.identity] },
      databaseUrl: this.to,
      secrets: join(this.folder, 'secrets-to'),
      settingsTo: undefined,
      owners,
      ...options,
    });
  }

  /** The secret of the relay that is restored. */
  turnNow(): Promise<string> {
    return readFile(join(this.folder, 'secrets-to/turn/secrets'), 'utf8');
  }

  /** Changes it, as `turn rotate` does. */
  rotate(text: string): Promise<void> {
    return writeFile(join(this.folder, 'secrets-to/turn/secrets'), text);
  }

  /** A folder of secrets, one of each that a backup knows. */
  async #secretsFolder(name: string, text: string): Promise<string> {
    const root = join(this.folder, name);
    await mkdir(join(root, 'turn'), { recursive: true });
    await mkdir(join(root, 'tor/relay'), { recursive: true });
    await writeFile(join(root, 'turn/secrets'), text);
    return root;
  }
}
