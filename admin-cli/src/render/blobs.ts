import type { BlobStats } from '../services/stored-blobs.ts';
import { bytesText } from './bytes.ts';
import { counted, table } from './table.ts';

/** What `blobs stats` prints. */
export function statsText({ days, blobs, bytes }: BlobStats): string {
  if (blobs === 0) return 'The relay stores no blobs.\n';
  const rows = days.map((day) => [day.day, String(day.blobs), bytesText(day.bytes)]);
  return `The relay stores ${counted(blobs, 'blob')}, ${bytesText(bytes)}.\n\n${table(['EXPIRE ON', 'BLOBS', 'SIZE'], rows)}`;
}

/** What `blobs wipe` asks. */
export function wipeQuestion({ blobs, bytes }: BlobStats): string {
  return (
    `This removes ${counted(blobs, 'blob')} (${bytesText(bytes)}): every message and file that the relay holds, also those that ` +
    'nobody has fetched yet. There is no way back.\n'
  );
}

/** What the commands that remove blobs print. */
export function removedText(removed: number, which: 'expired' | 'all'): string {
  if (removed === 0) return which === 'all' ? 'There was nothing to remove.\n' : 'Nothing had expired.\n';
  return `Removed ${counted(removed, which === 'all' ? 'blob' : 'expired blob')}.\n`;
}
