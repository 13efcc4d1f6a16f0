/** Why a {@link TurnError} was thrown; `refused` alone comes from the server's own answer. */
export type TurnFault =
  | 'refused'
  | 'unresolved'
  | 'unreachable'
  | 'certificate'
  | 'silent'
  | 'broken'
  | 'closed';

/** What a TURN server, or the way to it, refused. */
export class TurnError extends Error {
  readonly fault: TurnFault;
  /** The number of the server's refusal (RFC 8489 §14.8, RFC 8656 §19), 300 to 699; 0 for any other fault. */
  readonly code: number;

  /**
   * @param fault what went wrong
   * @param message a sentence, without address or credential
   * @param options `code` for `refused`; `cause`
   */
  constructor(fault: TurnFault, message: string, options: { code?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'TurnError';
    this.fault = fault;
    this.code = options.code ?? 0;
  }
}

/** The names that RFC 8489 §14.8 and RFC 8656 §19 give to refusals. */
const NAMES: Record<number, string> = {
  300: 'Try Alternate',
  400: 'Bad Request',
  401: 'Unauthenticated',
  403: 'Forbidden',
  420: 'Unknown Attribute',
  437: 'Allocation Mismatch',
  438: 'Stale Nonce',
  440: 'Address Family not Supported',
  441: 'Wrong Credentials',
  442: 'Unsupported Transport Protocol',
  443: 'Peer Address Family Mismatch',
  486: 'Allocation Quota Reached',
  500: 'Server Error',
  508: 'Insufficient Capacity',
};

/** A refusal in words: the texts that servers send are theirs to choose, and may hold what must not be shown. */
export function refusal(code: number): TurnError {
  const name = NAMES[code];
  return new TurnError('refused', `The TURN server refused with ${name ? `${code} (${name})` : code}.`, {
    code,
  });
}
