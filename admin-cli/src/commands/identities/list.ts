import { AdminCommand } from '../../command.ts';
import { databaseFlag } from '../../database-flag.ts';

/** `relay-admin identities list`. */
export default class List extends AdminCommand {
  static override summary = 'List the members that the relay serves.';
  static override description =
    'Shows the beginning of each key’s fingerprint and the number of blobs in its mailbox. That is all the relay knows of a ' +
    'member: names are in the identity files alone.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = { ...databaseFlag };

  async run() {
    const { flags } = await this.parse(List);
    const { membersJson, membersText } = await import('../../render/members.ts');
    const { withMemberStore } = await import('../../services/member-store.ts');

    const members = await withMemberStore(flags['database-url'], (store) => store.listMembers());
    this.show(membersText(members));
    return { members: membersJson(members) };
  }
}
