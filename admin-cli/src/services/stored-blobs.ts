import { BLOB_BYTES } from '@relay/protocol/wire';
import type { AdminStore } from './member-store.ts';

const DAY_MS = 86_400_000;

/** Blobs that expire within one UTC day. */
export interface DayStats {
  /** `2026-11-29`. */
  day: string;
  blobs: number;
  bytes: number;
}

/** What is stored, by day of expiry, soonest first. */
export interface BlobStats {
  days: readonly DayStats[];
  blobs: number;
  bytes: number;
}

/**
 * Counts what is stored by day of expiry, and nothing finer.
 * @throws RelayError `unavailable`
 */
export async function blobStats(store: Pick<AdminStore, 'countByDay'>): Promise<BlobStats> {
  const days = (await store.countByDay()).map(({ day, blobs }) => ({
    day: new Date(day * DAY_MS).toISOString().slice(0, 10),
    blobs,
    bytes: blobs * BLOB_BYTES,
  }));
  const blobs = days.reduce((sum, day) => sum + day.blobs, 0);
  return { days, blobs, bytes: blobs * BLOB_BYTES };
}

/**
 * Removes every blob that has expired.
 * @param onProgress told as it goes on
 * @returns how many were removed
 * @throws RelayError `unavailable`
 */
export async function expireBlobs(
  store: Pick<AdminStore, 'totals' | 'removeBlobs'>,
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  const { expired } = await store.totals();
  // The worker may be at it too, and hours go by, so the sum may be less than was there before, or more.
  const removed = await store.removeBlobs('expired', (sum) => onProgress(sum, Math.max(sum, expired)));
  if (removed > 0) onProgress(removed, removed);
  return removed;
}

/** What {@link wipeBlobs} asks, and tells. */
export interface WipeOptions {
  /** Asked before anything is removed; throws to stop. */
  confirm(stats: BlobStats): Promise<void>;
  /** Told as it goes on. */
  onProgress(done: number, total: number): void;
}

/**
 * Removes every blob, fetched or not. Interrupted and run again, it goes on.
 * @returns how many were removed
 * @throws what `confirm` throws, before anything is removed; RelayError `unavailable`
 */
export async function wipeBlobs(
  store: Pick<AdminStore, 'countByDay' | 'removeBlobs'>,
  { confirm, onProgress }: WipeOptions,
): Promise<number> {
  const stats = await blobStats(store);
  if (stats.blobs === 0) return 0;
  await confirm(stats);
  // Members go on sending meanwhile, so the sum may pass what was there before.
  return store.removeBlobs('all', (sum) => onProgress(sum, Math.max(sum, stats.blobs)));
}
