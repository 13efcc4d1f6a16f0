/**
 * The closed set of error codes (SPEC.md §17) and the message each one shows unless a caller says more.
 * A message says what happened and what to do; none carries a secret, a key hash or a blob id.
 */
export const ERROR_MESSAGES = {
  // Codes that travel.
  bad_request: 'The request does not have the shape this route takes. See protocol/SPEC.md.',
  protocol_unsupported: 'This relay does not speak that protocol version. Update the client or the relay.',
  unauthenticated:
    'The relay does not accept this session or does not know this identity. Connect again; if it stays so, ask the operator whether the identity was added or replaced.',
  challenge_invalid: 'The challenge is unknown, used or too old. Ask for a new one.',
  origin_mismatch: 'The proof names an origin that is not one of this relay’s. Check the relay address.',
  ticket_invalid: 'The upload ticket is unknown, expired or spent. Ask for a new one.',
  token_invalid: 'The token was not drawn from this relay, or its time is over. Draw new ones.',
  token_spent: 'The token was spent before. Spend another one.',
  origin_refused:
    'This relay does not accept pages of this origin. Ask the operator to add it to WEB_ORIGIN.',
  not_found: 'There is no such route.',
  recipient_unknown:
    'The relay has no mailbox for this member. Ask the operator whether the member was replaced.',
  blob_conflict: 'A blob with this id but other bytes is already there. Seal the message again.',
  payload_too_large: 'The body is larger than this route takes.',
  unsupported_media_type: 'Send JSON as application/json and binary bodies as application/octet-stream.',
  rate_limited: 'Too many requests. Wait as long as Retry-After says.',
  internal: 'The relay met an unexpected fault. Try again later.',
  unavailable: 'The relay cannot serve right now. Try again in a moment.',
  turn_unavailable:
    'This relay has no TURN server for calls, or cannot make credentials for it. Ask the operator.',
  mailbox_full: 'The recipient’s mailbox is full. It empties as messages expire or are deleted.',
  session_ended: 'The session has ended. Prove your key again.',
  room_refused: 'The proof for this room does not hold, or is too old. Join again.',
  room_full: 'This call has no room for more windows. Close one of them, or try again later.',
  seat_taken: 'This seat is taken already. Take another one.',
  seat_unknown: 'This seat is empty: its window has left the call.',
  // Codes that never travel.
  identity_foreign: 'This is not a Relay identity file.',
  identity_version: 'This identity file is of another version. Update the client.',
  identity_truncated: 'The identity file is cut short. Copy it again from its source.',
  identity_corrupt: 'The identity file is damaged. Copy it again from its source.',
  identity_inconsistent:
    'The identity file contradicts its own roster. Do not use it; ask for a new one in person.',
  identity_locked: 'The identity file is protected by a passphrase. Enter it.',
  identity_passphrase: 'The passphrase does not open this identity file. Try again.',
  circle_key_invalid: 'This is not an intact circle.key file.',
  allowlist_invalid: 'This is not an intact allowed-keys-seed.json file.',
  circle_mismatch: 'This belongs to another circle than the one that is set up.',
  file_exists: 'The file exists already and is not overwritten.',
  roster_invalid: 'The roster is malformed or not signed by the circle key.',
  roster_stale: 'The roster update is not newer than the roster in use.',
  roster_update_invalid: 'The roster update cannot be opened by this member.',
  blob_size: 'A blob is exactly 65,536 bytes.',
  blob_unrecognised: 'No member of the circle can have made this blob id.',
  blob_forged: 'The blob was not made by the member its id names, or was changed on the way.',
  blob_malformed: 'The blob is authentic but its content is malformed.',
  record_invalid: 'The record is malformed.',
  record_time: 'The record’s time is outside the possible life of a message.',
  chunk_forged: 'A chunk of the file was changed on the way.',
  file_mismatch: 'The file does not have the announced content.',
  text_too_long: 'The text is longer than 1 MiB. Send it as a file.',
  name_invalid:
    'A name has no line breaks or other control characters, and a limited length. Shorten it or type it again.',
  file_too_large: 'The relay has no room for this file. Send a smaller one, or wait until messages expire.',
  file_changed:
    'This is not the file whose sending was begun. Choose the same one, or cancel and send this one anew.',
  conversation_closed:
    'This group has ended or goes on as another one. Nothing can be written here any more.',
  signal_forged: 'A signal of the call was not made by the member its seat names, or was changed on the way.',
  signal_malformed: 'A signal of the call is authentic but its content is malformed.',
  signal_order: 'A signal of the call came twice or out of its order, and was not followed.',
  signal_unlisted: 'Somebody who is not on the list of this call tried to take part, and was not answered.',
  description_refused:
    'A member’s description of its media was refused: it must name exactly one certificate, and connect with that one.',
  call_over: 'This call has ended.',
  call_busy: 'This window is in a call already. Leave it first.',
  calls_unreachable:
    'The relay for calls does not answer. Your network may block it; ask the operator if it stays so.',
  calls_unsupported: 'This browser cannot make calls. Use a current Firefox, Chromium or Safari.',
  media_denied: 'The browser may not use this device. Allow it in the address bar, then try again.',
  media_missing: 'There is no such device. Plug it in or choose another one.',
  media_taken: 'Another program uses this device. Close it there, or choose another one.',
  issuer_key:
    'The relay’s answer was not made with the token key that it shows to everybody. Nothing was taken from it.',
  issuer_differs:
    'The relay shows different token keys to different members, so it can tell who sends what it takes. Ask the operator.',
  tokens_exhausted:
    'This identity has used all that the relay lets it send today. What waits leaves by itself, after midnight UTC at the latest.',
  relay_insecure:
    'The relay address is plain HTTP and not on this machine: others could see and alter what you exchange with it. Use https.',
  relay_unreachable: 'The relay does not answer. Check the address and your connection.',
  relay_protocol:
    'The relay’s answer is not what the protocol says. It may be of another version, or not a relay.',
  storage_unavailable:
    'This browser does not let the page keep its outbox. Unsent messages are lost when the page closes.',
} as const;

/** One of the closed set of error codes (SPEC.md §17). */
export type ErrorCode = keyof typeof ERROR_MESSAGES;

/** Every code, for schemas. */
export const ERROR_CODES = Object.keys(ERROR_MESSAGES) as [ErrorCode, ...ErrorCode[]];

/** Seconds that anybody is told to wait, at most: a day. A browser's timer that is set to a month goes off at once. */
export const MAX_RETRY_AFTER = 86_400;

/** The one error class that crosses Relay's layers: a code from the closed set, and words for a person. */
export class RelayError extends Error {
  readonly code: ErrorCode;
  /** Seconds after which a retry makes sense, where that is known. */
  readonly retryAfter: number | undefined;

  /**
   * @param code what went wrong
   * @param message replaces the code's own message when there is more to say
   * @param options `cause` keeps the underlying fault for logs; `retryAfter` in seconds
   */
  constructor(
    code: ErrorCode,
    message: string = ERROR_MESSAGES[code],
    options: { cause?: unknown; retryAfter?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RelayError';
    this.code = code;
    const { retryAfter } = options;
    this.retryAfter = retryAfter === undefined ? undefined : Math.min(retryAfter, MAX_RETRY_AFTER);
  }
}

/** Whether `error` is a {@link RelayError}, of the given code when one is named. */
export function isRelayError(error: unknown, code?: ErrorCode): error is RelayError {
  return error instanceof RelayError && (code === undefined || error.code === code);
}
