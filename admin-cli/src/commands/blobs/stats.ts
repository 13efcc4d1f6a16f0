import { AdminCommand } from '../../command.ts';
import { databaseFlag } from '../../database-flag.ts';

/** `relay-admin blobs stats`. */
export default class Stats extends AdminCommand {
  static override summary = 'Count what the relay stores, by day of expiry.';
  static override description =
    'Nothing finer is shown: neither mailboxes nor hours. Every blob is 64 KiB. A blob’s day of expiry is 2 to 5 days after it ' +
    'came. What has expired is no longer given out, and removed by the worker within minutes.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = { ...databaseFlag };

  async run() {
    const { flags } = await this.parse(Stats);
    const { statsText } = await import('../../render/blobs.ts');
    const { withMemberStore } = await import('../../services/member-store.ts');
    const { blobStats } = await import('../../services/stored-blobs.ts');

    const stats = await withMemberStore(flags['database-url'], blobStats);
    this.show(statsText(stats));
    return stats;
  }
}
