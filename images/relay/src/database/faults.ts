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
  if (typeof error !== 'object' || error === null) return false;
  for (const key of ['code', 'originalCode']) {
    const code: unknown = Reflect.get(error, key);
    if (typeof code === 'string' && (NETWORK.has(code) || SQLSTATE.test(code) || PRISMA.has(code)))
      return true;
  }
  const message: unknown = Reflect.get(error, 'message');
  if (typeof message === 'string' && WORDS.test(message)) return true;
  const meta: unknown = Reflect.get(error, 'meta');
  const inner = [
    Reflect.get(error, 'cause'),
    typeof meta === 'object' && meta !== null ? Reflect.get(meta, 'driverAdapterError') : undefined,
    ...(error instanceof AggregateError ? error.errors : []),
  ];
  return inner.some((part) => part !== error && isDatabaseAway(part));
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
