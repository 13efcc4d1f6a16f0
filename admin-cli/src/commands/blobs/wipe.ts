import { AdminCommand } from '../../command.ts';
import { databaseFlag } from '../../database-flag.ts';
import { ownTerminal } from '../../terminal/ask.ts';
import { yesFlag } from '../../yes-flag.ts';

/** `relay-admin blobs wipe`. */
export default class Wipe extends AdminCommand {
  static override summary = 'Remove every blob: all messages and files that the relay holds.';
  static override description =
    'Also those that nobody has fetched yet; senders’ clients are not told. Members, settings and secrets stay, and the relay ' +
    'goes on meanwhile. There is no way back, so it asks first. Interrupted, it may be run again and goes on.';
  static override examples = [
    {
      description: 'From a script, without being asked',
      command: '<%= config.bin %> <%= command.id %> --yes',
    },
  ];
  static override flags = { ...databaseFlag, ...yesFlag };

  async run() {
    const { flags } = await this.parse(Wipe);
    const { removedText, wipeQuestion } = await import('../../render/blobs.ts');
    const { progress } = await import('../../render/progress.ts');
    const { withMemberStore } = await import('../../services/member-store.ts');
    const { wipeBlobs } = await import('../../services/stored-blobs.ts');
    const { confirm } = await import('../../terminal/confirm.ts');

    const report = progress(process.stderr, { blobs: 'Removing blobs' });
    const removed = await withMemberStore(flags['database-url'], (store) =>
      wipeBlobs(store, {
        confirm: (stats) => confirm(wipeQuestion(stats), flags.yes, ownTerminal),
        onProgress: (done, total) => report('blobs', done, total),
      }),
    );
    this.show(removedText(removed, 'all'));
    return { removed };
  }
}
