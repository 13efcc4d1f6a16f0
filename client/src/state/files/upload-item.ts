/** An upload as the UI shows it. */
import { CHUNK_BYTES } from '@relay/protocol';
import { faultOf } from '../fault.ts';
import { mediaOf } from '../history/media.ts';
import type { Fault, UploadItem } from '../model.ts';
import type { UploadRow } from './upload-row.ts';

/** How far an upload is on this page. */
export interface UploadStanding {
  row: UploadRow;
  /** Frames that the relay does not have. */
  waiting: number;
  /** The original is at hand. */
  hasFile: boolean;
  /** Why it did not go on when it was tried last. */
  delay: Fault | undefined;
}

function phaseOf({ row, hasFile }: UploadStanding): UploadItem['phase'] {
  if (row.failed !== undefined) return 'failed';
  if (!row.isComplete && !hasFile) return 'unfinished';
  if (row.isPaused) return 'paused';
  return row.isComplete ? 'sending' : 'preparing';
}

/** Makes the item. */
export function uploadItem(standing: UploadStanding): UploadItem {
  const { row, waiting, delay } = standing;
  const { key, name, type, size, recipients, sealed, isComplete, failed } = row;
  const total = size * recipients.length;
  const gone = sealed * recipients.length - waiting;
  const fault = delay ?? (failed === undefined ? undefined : faultOf(failed));
  return {
    id: key,
    name,
    size,
    media: mediaOf(name, type),
    sent: isComplete && waiting === 0 ? total : Math.min(total, gone * CHUNK_BYTES),
    total,
    phase: phaseOf(standing),
    ...(fault === undefined ? {} : { fault }),
  };
}
