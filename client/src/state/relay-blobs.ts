/** Fetching and deleting many blobs at the relay, in requests of a size that it takes (SPEC.md §13). */
import { MAX_IDS_PER_REQUEST } from '@relay/protocol';
import type { Link } from '../transport/link.ts';

function* slices<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < list.length; at += MAX_IDS_PER_REQUEST)
    yield list.slice(at, at + MAX_IDS_PER_REQUEST);
}

/**
 * Fetches from the own mailbox, at most 256 blobs. Only a stream that has not begun can be asked for again, under a new session.
 * @throws RelayError
 */
export async function* fetchOwnBlobs(link: Link, ids: readonly Uint8Array[]) {
  const { frames, first } = await link.withSession(async (token) => {
    const stream = link.http.fetchBlobs(token, ids);
    return { frames: stream, first: await stream.next() };
  });
  try {
    if (first.done) return;
    yield first.value;
    yield* frames;
  } finally {
    await frames.return(undefined);
  }
}

/** Deletes from the own mailbox, however many. @throws RelayError */
export async function deleteOwnBlobs(link: Link, ids: readonly Uint8Array[]): Promise<void> {
  for (const some of slices(ids)) await link.withSession((token) => link.http.deleteBlobs(token, some));
}

/** Deletes by capability from any mailbox, however many. @throws RelayError */
export async function deleteBlobs(
  link: Link,
  capabilities: readonly { id: Uint8Array; secret: Uint8Array }[],
): Promise<void> {
  for (const some of slices(capabilities)) await link.watch(() => link.http.deleteByCapability(some));
}
