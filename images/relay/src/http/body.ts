import type { IncomingMessage } from 'node:http';
import { MAX_JSON_BYTES, RelayError } from '@relay/protocol/wire';
import type { z } from 'zod';

/** What a route takes. */
export interface BodyLimits {
  /** Bytes at least; a shorter body is refused before it is read where its length is declared. */
  least: number;
  /** Bytes at most. */
  most: number;
}

/**
 * Reads a binary body into one buffer of the size it can have.
 *
 * @param limits sizes in bytes
 * @throws RelayError `unsupported_media_type`, `payload_too_large`, or `bad_request` for too few bytes or a body that ends early
 */
export function readBytes(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  return read(request, 'application/octet-stream', limits);
}

/**
 * Reads and parses a JSON body of at most 8,192 bytes.
 * @throws RelayError as {@link readBytes}, and `bad_request` for broken JSON or another shape
 */
export async function readJson<S extends z.ZodType>(
  request: IncomingMessage,
  schema: S,
): Promise<z.output<S>> {
  const bytes = await read(request, 'application/json', { least: 2, most: MAX_JSON_BYTES });
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new RelayError('bad_request', 'The body is not JSON.');
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new RelayError('bad_request');
  return parsed.data;
}

async function read(request: IncomingMessage, type: string, { least, most }: BodyLimits): Promise<Buffer> {
  const { headers } = request;
  const sent = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (sent !== type || (headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new RelayError('unsupported_media_type');
  }
  // Node refuses a declared length that is no number.
  const declared = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
  if (declared !== undefined) checkLength(declared, least, most);
  const buffer = Buffer.allocUnsafe(declared ?? most);
  const length = await fill(request, buffer);
  checkLength(length, least, most);
  return length === buffer.length ? buffer : buffer.subarray(0, length);
}

function checkLength(length: number, least: number, most: number): void {
  if (length > most) throw new RelayError('payload_too_large', `The body is larger than ${most} bytes.`);
  if (length < least) throw new RelayError('bad_request', `The body is shorter than ${least} bytes.`);
}

/** Resolves to the length of the body, which is more than the buffer's when it did not fit. */
function fill(request: IncomingMessage, buffer: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let filled = 0;
    request.on('data', (chunk: Buffer) => {
      const end = filled + chunk.length;
      // Once the answer is known the rest is read and dropped, so that the client gets to read the answer.
      if (end > buffer.length) resolve(end);
      else chunk.copy(buffer, filled);
      filled = end;
    });
    request.on('end', () => resolve(filled));
    const cut = () => {
      if (!request.complete) reject(new RelayError('bad_request', 'The body ended early.'));
    };
    request.on('error', cut);
    request.on('close', cut);
  });
}
