import { bytesText } from '../../render/bytes.ts';
import type { Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { findingsOf } from '../finding.ts';

const { ok, unseen, warning, fault } = findingsOf('disk');
const BLOB = 65_536;
const TICKET_BLOBS = 32;
const GIB = 1_073_741_824;
/** PostgreSQL writes no more below this. */
const LEAST = GIB;
/** Images of an upgrade need this much. */
const UPGRADE = 3 * GIB;
const LEAST_INODES = 20_000;
/** A blob lives 60 to 108 hours, so at most so many days of them are there at once. */
const DAYS_ALIVE = 5;
/** What a blob takes with its row and index, over its own size. */
const OVERHEAD = 1.15;
const MEGABYTE = 1_048_576;
/** Frees what no build and no container needs. `docker system prune` would take what has run and ended too. */
const PRUNE = 'docker image prune; docker builder prune';

/** Writes what is alive into a new file and removes the old one. VACUUM alone frees only what is empty at the end of the file. */
const GIVE_BACK = `docker compose exec -T postgres psql --username=postgres --dbname=relay --command='VACUUM FULL blob'`;

/** Room on the disk, and what may grow into it. */
export function diskFindings(facts: Facts): Finding[] {
  const disk = facts.host?.disk;
  if (disk === undefined) {
    return facts.host === undefined
      ? []
      : [unseen('The free space where Docker keeps its data could not be seen.')];
  }
  const { freeBytes, totalBytes, freeInodes } = disk;
  const findings: Finding[] = [room(freeBytes, totalBytes)];
  if (freeInodes !== undefined && freeInodes < LEAST_INODES) {
    findings.push(
      fault(
        `Only ${freeInodes} files more can be made on it, however large.`,
        'It counts as full when none can be made.',
        PRUNE,
      ),
    );
  }
  if (facts.database.fault === undefined) findings.push(...growth(facts, freeBytes));
  return findings;
}

function room(free: number, total: number): Finding {
  const finding = `${bytesText(free)} of ${bytesText(total)} are free.`;
  const mend = `${PRUNE}; make admin ARGS="blobs expire-now" if the worker was down; or add disk`;
  if (free < LEAST) {
    return fault(
      finding,
      'The database stops taking messages when it is full. Nothing acknowledged is lost.',
      mend,
    );
  }
  return free < UPGRADE ? warning(finding, 'The images of an upgrade may not fit.', mend) : ok(finding);
}

function growth({ database, settings }: Facts, free: number): Finding[] {
  if (database.fault !== undefined) return [];
  const { blobs, expired, bytes, busiestDay, members } = database;
  const findings: Finding[] = [];
  // At the pace of the busiest day that is stored, and as if every day were such.
  const steady = busiestDay * DAYS_ALIVE * BLOB * OVERHEAD;
  const grows = Math.max(0, steady - bytes);
  if (free >= LEAST && grows > free - LEAST) {
    findings.push(
      fault(
        `At the pace of the busiest day that is stored, the database grows by ${bytesText(Math.round(grows))} more.`,
        'That does not fit: the disk will be full within days.',
        'set MAILBOX_MAX_BLOBS and TOKENS_PER_MEMBER_PER_DAY in .env to less, then make up; or add disk',
      ),
    );
  } else
    findings.push(
      ok(
        `The database takes ${bytesText(bytes)}; at its busiest pace it needs ${bytesText(Math.round(grows))} more.`,
      ),
    );
  const stored = (blobs + expired) * BLOB * OVERHEAD;
  if (bytes > 2 * stored + GIB) {
    findings.push(
      warning(
        `The database takes ${bytesText(bytes)} for ${bytesText(Math.round(stored))} of blobs.`,
        'PostgreSQL keeps the room of blobs that expired and uses it again for new ones, before it takes more. Nothing need be done.',
        // Both are there until the new file is whole.
        free - LEAST > stored
          ? `where something else needs that room: ${GIVE_BACK}. Until it has ended members neither send nor fetch; their clients try again`
          : `none needed; giving it back takes ${bytesText(Math.round(stored))} more until it has ended, for which disk must be added first`,
      ),
    );
  }
  const most = members * Math.min(mailboxLimit(settings), tokenLimit(settings)) * OVERHEAD;
  if (most > bytes + free - LEAST) {
    findings.push(
      warning(
        `If every member filled what the limits allow, ${bytesText(Math.round(most))} would be needed.`,
        'The limits do not protect the disk from members who fill it on purpose.',
        'set MAILBOX_MAX_BLOBS in .env to less (make up names a figure that fits), then make up',
      ),
    );
  }
  return findings;
}

function mailboxLimit(settings: Facts['settings']): number {
  return Number(settings.MAILBOX_MAX_BLOBS || 32_768) * BLOB;
}

/** Tokens can be saved up for 8 days, and what was sent lives for some; .env.example says 12 days in all. */
function tokenLimit(settings: Facts['settings']): number {
  return (
    Number(settings.TOKENS_PER_MEMBER_PER_DAY || 3_072) * 12 * TICKET_BLOBS * (BLOB / MEGABYTE) * MEGABYTE
  );
}
