import * as Flags from '@oclif/core/flags';
import { AdminCommand } from '../../command.ts';
import { secretsFileFlag } from '../../turn-flags.ts';

/** `relay-admin turn rotate`. */
export default class Rotate extends AdminCommand {
  static override summary = 'Replace the secret that TURN credentials are made with.';
  static override description =
    'Adds a new secret and lets the old one die when the last credential made with it has expired. Calls go on, and nobody is ' +
    'asked: nothing is lost. The worker does this by its schedule (TURN_ROTATE_SCHEDULE); by hand it is for a secret that ' +
    'somebody may have seen.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = {
    ...secretsFileFlag,
    ttl: Flags.integer({
      env: 'TURN_TTL_SECONDS',
      default: 3_600,
      min: 300,
      max: 86_400,
      noCacheDefault: true,
      helpValue: 'SECONDS',
      summary: 'How long the relay makes credentials good for.',
    }),
  };

  async run() {
    const { flags } = await this.parse(Rotate);
    const { rotatedJson, rotatedText } = await import('../../render/turn-secrets.ts');
    const { rotateSecrets } = await import('../../services/turn-secrets.ts');

    const rotation = await rotateSecrets(flags['secrets-file'], { ttlSeconds: flags.ttl });
    this.show(rotatedText(rotation));
    return rotatedJson(rotation);
  }
}
