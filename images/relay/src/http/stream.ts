import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Account } from '../limits/accounts.ts';

/** A reader that takes nothing for so long is cut off, so that it does not hold a database connection. */
const STALL_MS = 30_000;

/**
 * Answers with a stream of bytes at the pace of its reader. What fails before the first byte is thrown and can still be answered
 * as an error; what fails later cuts the response.
 *
 * @param account of whoever reads, as fast as it may
 * @param open starts the stream; the signal fires when the reader is gone
 */
export async function sendStream(
  response: ServerResponse,
  account: Pick<Account, 'pace'>,
  open: (gone: AbortSignal) => AsyncIterable<Uint8Array>,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.setTimeout(STALL_MS, () => response.destroy());
  response.setHeader('Content-Type', 'application/octet-stream');
  try {
    for await (const piece of open(gone.signal)) {
      await account.pace(piece.length, gone.signal);
      if (!response.write(piece)) await once(response, 'drain', { signal: gone.signal });
    }
    response.end();
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}
