import { counted } from '../../render/table.ts';
import { rounded } from '../../services/status.ts';
import type { Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { findingsOf } from '../finding.ts';

const { ok, warning, fault } = findingsOf('database');
/** So many wait for the worker between two of its turns, even when a whole circle's busiest hour expires. */
const MANY_EXPIRED = 20_000;

/** Whether the database answers, is that of this version, and is swept. */
export function databaseFindings({ database, host }: Facts): Finding[] {
  if (database.fault !== undefined) {
    const postgres = host?.services.find(({ name }) => name === 'postgres');
    const runs = postgres?.state === 'running';
    return [
      fault(
        database.fault,
        'The relay answers nobody: messages are neither taken nor given out. What it acknowledged before is on the disk.',
        host !== undefined && !runs
          ? 'docker compose up --detach'
          : 'make logs SERVICE=postgres, then docker compose restart postgres',
      ),
    ];
  }
  const { migrations, members, expired } = database;
  const findings = [ok(`It answers, and serves ${counted(members, 'member')}.`)];
  if (members === 0) {
    findings.push(
      warning(
        'No key is on the allowlist.',
        'Nobody can sign in.',
        'make admin ARGS="identities seed -" < allowed-keys-seed.json',
      ),
    );
  }
  if (migrations.misfit !== undefined) {
    findings.push(
      fault(
        migrations.misfit,
        'Programs and database are of different versions, so the next start may fail.',
        'git pull, then make upgrade',
      ),
    );
  } else if (migrations.pending.length > 0) {
    findings.push(
      fault(
        `It lacks ${counted(migrations.pending.length, 'migration')}: ${migrations.pending.join(', ')}.`,
        'Programs are newer than the database, and parts of them fail.',
        'make upgrade',
      ),
    );
  } else findings.push(ok('Every migration is there.'));
  if (expired > MANY_EXPIRED) {
    findings.push(
      warning(
        `About ${rounded(expired)} expired blobs wait to be removed.`,
        'The worker does not keep up, or does not run; nothing expired is given out.',
        'make admin ARGS="blobs expire-now", and see make logs SERVICE=worker',
      ),
    );
  }
  return findings;
}
