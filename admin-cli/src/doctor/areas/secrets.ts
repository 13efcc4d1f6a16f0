import { durationText } from '../../render/duration.ts';
import type { Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { findingsOf } from '../finding.ts';
import type { SecretFileFacts } from '../host-facts.ts';

const { ok, unseen, warning, fault } = findingsOf('secrets');
const DAY = 86_400;
/** Passwords of the database are of use inside the appliance's own network alone. */
const OLD_PASSWORD = 730 * DAY;
/** A TURN secret that nobody means to rotate. */
const OLD_TURN = 90 * DAY;
const AGAIN = 'docker compose run --rm init';
const RELAY = 10_001;

/** What `init` makes, by path: mode, owner and group. */
const EXPECTED: readonly (readonly [string, string, number, number])[] = [
  ...['owner', 'relay', 'worker', 'admin'].map(
    (role) => [`postgres/${role}.password`, '400', 999, 999] as const,
  ),
  ...['migrate', 'relay', 'worker', 'admin'].map(
    (volume) => [`${volume}/database-url`, '400', RELAY, RELAY] as const,
  ),
  ['turn/secrets', '640', RELAY, 10_002],
];

/**
 * Age and modes of every secret.
 * @param period seconds between two rotations by the schedule; undefined where it is off or not known
 */
export function secretsFindings(facts: Facts, period: number | undefined): Finding[] {
  return [...turnSecrets(facts, period), ...files(facts)];
}

function turnSecrets({ turnSecrets: turn, now, settings }: Facts, period: number | undefined): Finding[] {
  if (turn.fault !== undefined) {
    const mend = `${AGAIN}, then make up`;
    return [fault(turn.fault, 'There are no credentials for calls, and the TURN server takes none.', mend)];
  }
  const minting = turn.secrets.find(({ state }) => state === 'minting');
  if (minting === undefined) return [];
  const age = Math.max(0, now - minting.mintFrom);
  const text = `The TURN secret in use is ${durationText(age)} old.`;
  if (settings.TURN_ROTATE_SCHEDULE === 'off') {
    return age < OLD_TURN
      ? [ok(`${text} It does not rotate by itself.`)]
      : [
          warning(
            `${text} It does not rotate by itself (TURN_ROTATE_SCHEDULE=off).`,
            'Who has seen it can use the TURN server until it changes.',
            'make admin ARGS="turn rotate"',
          ),
        ];
  }
  if (period !== undefined && age > 2 * period + DAY) {
    return [
      fault(
        `${text} By the schedule it should be ${durationText(period)} at most.`,
        'The worker does not rotate it: it does not run, or cannot write the file.',
        'make logs SERVICE=worker; by hand: make admin ARGS="turn rotate"',
      ),
    ];
  }
  return [ok(text)];
}

function files({ host, now }: Facts): Finding[] {
  if (host === undefined) return [];
  const { secrets } = host;
  if (secrets === undefined) return [unseen('Modes and ages of the other secrets could not be seen.')];
  const findings: Finding[] = [];
  for (const [path, mode, uid, gid] of EXPECTED) {
    const found = secrets.find((one) => one.path === path);
    if (found === undefined) {
      findings.push(fault(`${path} is missing.`, 'What needs it does not start.', `${AGAIN}, then make up`));
    } else if (found.mode !== mode || found.uid !== uid || found.gid !== gid) {
      findings.push(
        fault(
          `${path} has mode ${found.mode} and owner ${found.uid}:${found.gid}, not ${mode} and ${uid}:${gid}.`,
          'Others may read it, or what needs it cannot.',
          AGAIN,
        ),
      );
    }
  }
  const strangers = secrets.filter(
    ({ path }) =>
      !EXPECTED.some(([known]) => known === path) && !/^turn\/secrets\.(lock|new-|history)/.test(path),
  );
  for (const { path } of strangers) {
    findings.push(
      warning(
        `${path} is no secret of this version.`,
        'It may be the leftover of a repair, and hold a secret.',
        `${AGAIN} rm '/secrets/${path}'`,
      ),
    );
  }
  if (findings.length === 0)
    findings.push(ok(`All ${EXPECTED.length} secret files have the right owner and mode.`));
  return [...findings, ...passwords(secrets, now)];
}

function passwords(secrets: readonly SecretFileFacts[], now: number): Finding[] {
  const ages = secrets.flatMap(({ path, modified }) =>
    path.startsWith('postgres/') ? [now - modified] : [],
  );
  if (ages.length === 0) return [];
  const oldest = Math.max(0, ...ages);
  const text = `The oldest password of the database is ${durationText(oldest)} old.`;
  if (oldest < OLD_PASSWORD) return [ok(text)];
  return [
    warning(
      text,
      'It is of use inside the appliance’s own network alone.',
      "docker compose run --rm init sh -c 'rm /secrets/postgres/*.password /secrets/*/database-url' && docker compose up -d --force-recreate",
    ),
  ];
}
