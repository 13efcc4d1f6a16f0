import * as Args from '@oclif/core/args';
import { AdminCommand } from '../../command.ts';
import { databaseFlag } from '../../database-flag.ts';

/** `relay-admin roster publish`. */
export default class Publish extends AdminCommand {
  static override summary = 'Let the relay serve a roster update to its members.';
  static override description =
    'Replaces the update that the relay serves. It is sealed for the members, who accept it only when the circle’s key signed ' +
    'it and it is newer than what they have; the relay cannot read it.';
  static override examples = ['<%= config.bin %> <%= command.id %> roster-update.bin'];
  static override args = {
    file: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'A roster update, exactly 131,072 bytes.',
    }),
  };
  static override flags = { ...databaseFlag };

  async run() {
    const { args, flags } = await this.parse(Publish);
    const { readSmallFile } = await import('../../files/read-file.ts');
    const { withMemberStore } = await import('../../services/member-store.ts');
    const { publishRoster, requireRosterUpdate, UPDATE_FILE_LIMIT } = await import(
      '../../services/publish-roster.ts'
    );

    const update = await readSmallFile(args.file, UPDATE_FILE_LIMIT);
    requireRosterUpdate(update);
    await withMemberStore(flags['database-url'], (store) => publishRoster(store, update));
    this.show('The relay serves this roster update now. Members fetch it when they connect.\n');
    return { published: true, bytes: update.length };
  }
}
