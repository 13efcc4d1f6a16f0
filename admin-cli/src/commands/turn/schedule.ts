import * as Flags from '@oclif/core/flags';
import { AdminCommand } from '../../command.ts';

/** `relay-admin turn schedule`. */
export default class Schedule extends AdminCommand {
  static override summary = 'Show when the TURN secrets rotate next.';
  static override description =
    'By TURN_ROTATE_SCHEDULE, which the worker follows; a turn that it misses it makes up for when it runs again.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'What another schedule would come to',
      command: '<%= config.bin %> <%= command.id %> --schedule "0 3 1 * *" --count 2',
    },
  ];
  static override flags = {
    schedule: Flags.string({
      env: 'TURN_ROTATE_SCHEDULE',
      default: '17 4 * * 1',
      noCacheDefault: true,
      helpValue: 'CRON',
      summary: 'A cron expression in UTC, or off.',
    }),
    count: Flags.integer({ default: 3, min: 1, max: 20, helpValue: 'N', summary: 'Turns to show.' }),
  };

  async run() {
    const { flags } = await this.parse(Schedule);
    const { scheduleJson, scheduleText } = await import('../../render/turn-schedule.ts');
    const { turnSchedule } = await import('../../services/turn-schedule.ts');

    const schedule = await turnSchedule(flags.schedule, flags.count);
    this.show(scheduleText(schedule));
    return scheduleJson(schedule);
  }
}
