import { RelayError } from '@relay/protocol';
import type { FileSink } from '../model.ts';

const REFUSED = 'The file could not be written to disk. Look whether there is room, or choose another place.';

/** A sink whose faults are in words for a person, with a code: what a disk says names neither. */
export function checkedSink(sink: FileSink): FileSink {
  const checked = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (cause) {
      throw new RelayError('storage_unavailable', REFUSED, { cause });
    }
  };
  return {
    write: (bytes) => checked(() => sink.write(bytes)),
    close: () => checked(() => sink.close()),
    abort: () => sink.abort(),
  };
}
