import { AdminCommand } from '../../command.ts';
import { databaseFlag } from '../../database-flag.ts';

/** `relay-admin blobs expire-now`. */
export default class ExpireNow extends AdminCommand {
  static override summary = 'Remove what has expired, without waiting for the worker.';
  static override description =
    'The worker does this every ten minutes; by hand it is for when the worker is down and the disk is filling. What is alive ' +
    'stays. Running it again does no harm.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = { ...databaseFlag };

  async run() {
    const { flags } = await this.parse(ExpireNow);
    const { removedText } = await import('../../render/blobs.ts');
    const { progress } = await import('../../render/progress.ts');
    const { withMemberStore } = await import('../../services/member-store.ts');
    const { expireBlobs } = await import('../../services/stored-blobs.ts');

    const report = progress(process.stderr, { blobs: 'Removing expired blobs' });
    const removed = await withMemberStore(flags['database-url'], (store) =>
      expireBlobs(store, (done, total) => report('blobs', done, total)),
    );
    this.show(removedText(removed, 'expired'));
    return { removed };
  }
}
