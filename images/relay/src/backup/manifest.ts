/** What a backup says of itself, at its beginning. */
import { z } from 'zod';
import { ArchiveFault } from './archive.ts';
import { BACKUP_TABLES, isColumnName } from './tables.ts';

const hexadecimal = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const whole = z.number().int().nonnegative();

const shape = z.strictObject({
  /** Of this backup alone, random. */
  id: hexadecimal(32),
  /** The day on which it was made (UTC), such as 2026-11-26. */
  day: z.iso.date(),
  /** The circle, hexadecimal; null where none is set up. */
  circleId: hexadecimal(64).nullable(),
  members: whole,
  /** Stored blobs that are in it; 0 where they were left out. */
  blobs: whole,
  /** See `Dump.issuerEpoch`. */
  issuerEpoch: whole.nullable(),
  migrations: z
    .array(z.strictObject({ name: z.string().max(200), checksum: z.string().max(200) }))
    .max(1_000),
  tables: z.array(
    z.strictObject({
      table: z.enum(BACKUP_TABLES),
      columns: z.array(z.string().refine(isColumnName)).max(100),
    }),
  ),
  /** Names of the secret files in it. */
  files: z.array(z.string().max(100)).max(100),
  /** Whether the settings (`.env`) are in it. */
  settings: z.boolean(),
});

/** See the fields. */
export type Manifest = z.infer<typeof shape>;

/** The most bytes of a manifest. */
export const MANIFEST_LIMIT = 1 << 20;

/** Reads a manifest. @throws ArchiveFault */
export function parseManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ArchiveFault('its description of itself is damaged.');
  }
  const parsed = shape.safeParse(value);
  if (!parsed.success)
    throw new ArchiveFault('its description of itself is not one that this version knows.');
  return parsed.data;
}
