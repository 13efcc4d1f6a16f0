import * as Flags from '@oclif/core/flags';
import { AdminCommand } from '../command.ts';
import { databaseFlag } from '../database-flag.ts';
import { EXIT } from '../faults.ts';
import { secretsFileFlag } from '../turn-flags.ts';

/** `relay-admin doctor`. */
export default class Doctor extends AdminCommand {
  static override summary = 'Find out what is wrong, what it means, and what mends it.';
  static override description =
    'Looks at the engine, services, database and migrations, disk, clock, ports, the API and TURN over every transport, certificates, ' +
    'origins, secrets, and coturn’s version. On the server, run it as make doctor: that gathers what only the host sees, and speaks for ' +
    'itself where no container can run. What is away does not keep the rest from being looked at. Exits with 6 when there is a fault; ' +
    'warnings may be meant so. Nothing is changed, and nothing of members is shown.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --json',
    {
      description: 'On the server, with what the host sees',
      command: 'make doctor',
    },
    {
      description: 'In a crontab: silent while all is well',
      command: '17 * * * * cd /srv/relay && sh scripts/appliance/doctor.sh --quiet',
    },
  ];
  static override flags = {
    ...databaseFlag,
    ...secretsFileFlag,
    quiet: Flags.boolean({ char: 'q', summary: 'Print nothing unless there is a fault.' }),
    relay: Flags.string({
      helpValue: 'URL',
      summary:
        'The relay itself, past every proxy; loopback origins are then left out, as they are in a container.',
    }),
    'host-facts': Flags.string({
      helpValue: 'FILE',
      summary: 'What the host half gathered (scripts/appliance/doctor.sh), or - for standard input.',
    }),
  };

  async run() {
    const { flags } = await this.parse(Doctor);
    const { findingsFrom, gatherFacts, HOST_FACTS_LIMIT, parseHostFacts, realSources } = await import(
      '../doctor/index.ts'
    );
    const { readSmallText } = await import('../files/read-file.ts');
    const { doctorJson, doctorText } = await import('../render/doctor.ts');
    const { relayOrigin } = await import('../services/handover.ts');
    const { rotationPeriod } = await import('../services/turn-schedule.ts');

    const relay = flags.relay === undefined ? undefined : relayOrigin(flags.relay);
    const file = flags['host-facts'];
    const host = file === undefined ? undefined : parseHostFacts(await readSmallText(file, HOST_FACTS_LIMIT));
    const sources = realSources(flags['database-url'], flags['secrets-file']);
    const facts = await gatherFacts(sources, { host, env: process.env, relay });
    const findings = findingsFrom(facts, await rotationPeriod(facts.settings.TURN_ROTATE_SCHEDULE));
    this.show(doctorText(findings, flags.quiet));
    if (findings.some(({ level }) => level === 'fault')) process.exitCode = EXIT.checks;
    return doctorJson(facts, findings);
  }
}
