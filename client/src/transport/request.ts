/** One HTTP request to the relay, with faults as codes. */
import { concat, errorAnswer, fromUtf8, RelayError } from '@relay/protocol';

/** Silence after which a request is given up, in milliseconds. */
export const SILENCE_MS = 30_000;

/** The same for a question of a few bytes: it would have been answered long ago. */
export const SHORT_SILENCE_MS = 10_000;

/** The way to the network. */
export interface Carrier {
  fetcher: typeof fetch;
  /** Silence after which a request is given up, in milliseconds. */
  silenceMs: number;
  /** Ends every request. */
  signal: AbortSignal;
}

/** What a request carries besides its path. */
export interface RequestParts {
  /** POST unless given. */
  method?: 'GET' | 'POST';
  /** Authorization header. */
  authorization?: string;
  json?: unknown;
  binary?: Uint8Array;
  /** Statuses of success: 200 unless given. Any other comes from something that is no relay. */
  success?: readonly number[];
}

/** Ends a request that has been silent for too long. */
class SilenceTimer {
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Silence begins. */
  listen(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(), this.#milliseconds);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** Bytes that say what is wrong, at most. */
const MOST_OF_A_FAULT = 65_536;

/** The text of an answer. @throws RangeError when it goes on for longer than any fault is told */
async function shortText({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const reader = body?.getReader(); reader !== undefined; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST_OF_A_FAULT) {
      await reader.cancel();
      throw new RangeError('no fault of a relay');
    }
    pieces.push(value);
  }
  return fromUtf8(concat(...pieces));
}

const unreachable = (cause: unknown) => new RelayError('relay_unreachable', undefined, { cause });

async function faultOf(response: Response): Promise<RelayError> {
  const seconds = Number(response.headers.get('retry-after'));
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? { retryAfter: seconds } : {};
  try {
    const { error } = errorAnswer.parse(JSON.parse(await shortText(response)));
    return new RelayError(error.code, error.message, retryAfter);
  } catch (cause) {
    // Something before the relay answered: a proxy whose relay is down, or a server that is no relay.
    const code = response.status >= 500 ? 'unavailable' : 'relay_protocol';
    return new RelayError(code, undefined, { cause, ...retryAfter });
  }
}

/**
 * Sends a request and yields its answer's bytes as they arrive; the first step of the generator waits for the status.
 * @throws RelayError the relay's own code, `relay_unreachable`, `unavailable` or `relay_protocol`
 */
export async function* streamRequest(
  { fetcher, silenceMs, signal }: Carrier,
  url: string,
  parts: RequestParts,
): AsyncGenerator<Uint8Array> {
  const silence = new SilenceTimer(silenceMs);
  silence.listen();
  try {
    const ends = AbortSignal.any([silence.signal, signal]);
    const response = await fetcher(url, init(parts, ends)).catch((cause: unknown) => {
      throw unreachable(cause);
    });
    if (!(parts.success ?? [200]).includes(response.status)) throw await faultOf(response);
    if (response.body === null) return;
    const reader = response.body.getReader();
    try {
      for (;;) {
        silence.listen();
        const { done, value } = await reader.read().catch((cause: unknown) => {
          throw unreachable(cause);
        });
        if (done) return;
        // Whoever reads may take its time.
        silence.stop();
        yield value;
      }
    } finally {
      await reader.cancel().catch(() => {});
    }
  } finally {
    silence.stop();
  }
}

function init(
  { method = 'POST', authorization, json, binary }: RequestParts,
  signal: AbortSignal,
): RequestInit {
  const headers = new Headers();
  if (authorization !== undefined) headers.set('authorization', authorization);
  if (json !== undefined) headers.set('content-type', 'application/json');
  if (binary !== undefined) headers.set('content-type', 'application/octet-stream');
  const body = json === undefined ? binary?.slice() : JSON.stringify(json);
  return {
    method,
    headers,
    signal,
    cache: 'no-store',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    redirect: 'error',
    ...(body === undefined ? {} : { body }),
  };
}
