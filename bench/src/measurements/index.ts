import type { Measurement } from '../measurement.ts';
import { adminHelp } from './admin-help.ts';
import { calls } from './calls.ts';
import { durableUploads } from './durable-uploads.ts';
import { fetchMany } from './fetch-many.ts';
import { groupMessage } from './group-message.ts';
import { hostileMember } from './hostile-member.ts';
import { openMailbox } from './open-mailbox.ts';
import { openMessageBlob } from './open-message.ts';
import { rewriteDay } from './rewrite-day.ts';
import { sealChunkBlob } from './seal-chunk.ts';
import { sealMessageBlob } from './seal-message.ts';
import { sendFileInBrowser } from './send-file.ts';
import { sendToDecrypted } from './send-to-decrypted.ts';
import { storageLayout } from './storage-layout.ts';

/** Every measurement, in the order of the table. A new one is a file in this folder and a line here. */
export const MEASUREMENTS: readonly Measurement[] = [
  durableUploads,
  fetchMany,
  sealMessageBlob,
  openMessageBlob,
  groupMessage,
  sealChunkBlob,
  sendToDecrypted,
  hostileMember,
  storageLayout,
  rewriteDay,
  openMailbox,
  sendFileInBrowser,
  calls,
  adminHelp,
];
