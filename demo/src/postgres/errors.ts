/** What can go wrong with the local PostgreSQL; the message says what to do about it. */
export type PostgresErrorCode =
  | 'no_binaries'
  | 'no_account'
  | 'unsafe_folder'
  | 'unreachable_folder'
  | 'in_use'
  | 'port_taken'
  | 'init_failed'
  | 'start_failed'
  | 'bad_name';

/** Every failure of this library, with a code from a closed list. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';
  readonly code: PostgresErrorCode;

  constructor(code: PostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
