/** Errors of the network, when the database cannot be reached. */
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);

/**
 * SQLSTATE codes and classes under which the database as a whole cannot serve: connection faults, refused credentials, no such
 * database, tables that the migration has yet to make, read-only, out of disk, memory or connections, shutting down, I/O errors.
 */
const SQLSTATE = /^(08...|28...|3D000|42P01|25006|53...|57P0[1-5]|58...)$/;

/** Prisma's own codes for the same. */
const PRISMA = new Set([
  'P1000',
  'P1001',
  'P1002',
  'P1003',
  'P1008',
  'P1010',
  'P1017',
  'P2021',
  'P2024',
  'P2037',
]);

/** Faults that `pg` reports in words alone. */
const WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|The server does not support SSL)/;

/**
 * Whether a fault means that the database is away as a whole, so that the same request can succeed later: it, or what it wraps,
 * is one of the known connection and capacity faults.
 */
export function isDatabaseAway(error: unknown): boolean {
  return partsOf(error).some(
    (part) =>
      codesOf(part).some((code) => NETWORK.has(code) || SQLSTATE.test(code) || PRISMA.has(code)) ||
      WORDS.test(String(Reflect.get(part, 'message'))),
  );
}

/** Why a database cannot be worked with, as far as an operator mends each in another way. */
export type DatabaseProblem = 'login' | 'missing' | 'unmigrated' | 'forbidden' | 'full' | 'crowded' | 'away';

/** Codes by which a problem is known, those that say more before those that say less. */
const PROBLEMS: readonly (readonly [DatabaseProblem, RegExp])[] = [
  ['login', /^(28...|P1000|P1010)$/],
  ['missing', /^(3D000|P1003)$/],
  ['unmigrated', /^(42P01|P2021)$/],
  ['forbidden', /^(42501|25006)$/],
  ['full', /^53100$/],
  ['crowded', /^(53[234]00|P2037)$/],
];

/** What is the matter with a database, by a fault of it; `away` where it says no more. */
export function databaseProblem(error: unknown): DatabaseProblem {
  const codes = partsOf(error).flatMap(codesOf);
  return PROBLEMS.find(([, pattern]) => codes.some((code) => pattern.test(code)))?.[0] ?? 'away';
}

/** An error and all that it wraps. */
function partsOf(error: unknown): object[] {
  if (typeof error !== 'object' || error === null) return [];
  const meta: unknown = Reflect.get(error, 'meta');
  const inner = [
    Reflect.get(error, 'cause'),
    typeof meta === 'object' && meta !== null ? Reflect.get(meta, 'driverAdapterError') : undefined,
    ...(error instanceof AggregateError ? error.errors : []),
  ];
  return [error, ...inner.flatMap((part) => (part === error ? [] : partsOf(part)))];
}

function codesOf(part: object): string[] {
  return ['code', 'originalCode'].flatMap((key) => {
    const code: unknown = Reflect.get(part, key);
    return typeof code === 'string' ? [code] : [];
  });
}

/**
 * Whether the database refused a row because the member it belongs to is not there (any more).
 * @param error of `pg` or Prisma
 */
export function isMissingMember(error: unknown): boolean {
  return isForeignKeyFault(error) && constraintOf(error) !== ISSUER_KEY;
}

/** Whether the database refused a spent token because its issuer key is not there any more. @param error of `pg` */
export function isMissingKey(error: unknown): boolean {
  return isForeignKeyFault(error) && constraintOf(error) === ISSUER_KEY;
}

const ISSUER_KEY = 'spent_token_epoch_fkey';

function constraintOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, 'constraint') : undefined;
}

function isForeignKeyFault(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const code: unknown = Reflect.get(error, 'code');
  return code === '23503' || code === 'P2003';
}
