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
    const { withMemberStore } = await import('../../services/member-store.ts');

    const removed = await withMemberStore(flags['database-url'], (store) => store.removeBlobs('expired'));
    this.show(removedText(removed, 'expired'));
    return { removed };
  }
}
