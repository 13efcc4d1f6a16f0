import { RelayError } from '@relay/protocol';
import { stripImageMetadata } from './image-metadata.ts';

/**
 * A file as it is sent: an image without its metadata.
 * @throws RelayError `file_changed` when the browser cannot read it any more
 */
export async function cleanFile(file: Blob): Promise<Blob> {
  try {
    return await stripImageMetadata(file);
  } catch (cause) {
    const message = 'The file can no longer be read. It was moved or changed.';
    throw new RelayError('file_changed', message, { cause });
  }
}
