/** What can keep the demonstration from running; the message says what to do about it. */
export type DemoErrorCode =
  | 'bad_setting'
  | 'port_taken'
  | 'already_running'
  | 'child_ended'
  | 'not_ready'
  | 'other_circle'
  | 'turn_open'
  | 'turn_closed'
  | 'page_faulty'
  | 'message_lost';

/** Every expected failure of the demonstration, with a code from a closed list. Anything else is a bug. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
  readonly code: DemoErrorCode;

  constructor(code: DemoErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
