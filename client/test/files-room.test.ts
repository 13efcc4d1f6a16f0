import { BLOB_BYTES } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import { formatBytes } from '../src/state/files/format-bytes.ts';
import { memorySink } from '../src/state/files/memory-sink.ts';
import { roomFault } from '../src/state/files/room.ts';
import type { UploadRow } from '../src/state/files/upload-row.ts';
import { decodeUploadRow, encodeUploadRow } from '../src/state/files/upload-row.ts';

const CHUNK = 65_520;
const bruno = { name: 'Bruno', room: 10, capacity: 32_768 };

describe('room at the relay', () => {
  it('is counted in blobs: the chunks of each file and its message', () => {
    expect(roomFault([9 * CHUNK], [bruno])).toBeUndefined();
    expect(roomFault([9 * CHUNK + 1], [bruno])?.code).toBe('file_too_large');
    expect(roomFault([4 * CHUNK, 4 * CHUNK], [bruno])).toBeUndefined();
    expect(roomFault([4 * CHUNK, 5 * CHUNK], [bruno])?.code).toBe('file_too_large');
    expect(roomFault([0, 0], [{ ...bruno, room: 1 }])?.code).toBe('file_too_large');
    expect(roomFault([], [bruno])).toBeUndefined();
    expect(roomFault([1], [])).toBeUndefined();
  });

  it('is that of the fullest mailbox, with figures', () => {
    const rooms = [
      { ...bruno, name: 'Carla', room: 30_000 },
      { ...bruno, room: 10_681 },
    ];
    const figures =
      'These files need 1.1 GB at the relay. Bruno’s mailbox has room for about 700 MB of 2.1 GB';
    expect(roomFault([550_000_000, 550_000_000], rooms)?.message).toContain(figures);
  });

  it('is told apart where a mailbox is full, or too small for ever', () => {
    expect(roomFault([1], [{ ...bruno, room: 0, capacity: 0 }])?.message).toBe(
      'This file needs 131 kB at the relay. Bruno’s mailbox has no room left, until earlier messages expire.',
    );
    expect(roomFault([32_768 * BLOB_BYTES], [{ ...bruno, room: 32_000 }])?.message).toContain(
      'A mailbox holds 2.1 GB at most',
    );
  });
});

describe('sizes in words', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1_000, '1.0 kB'],
    [65_536, '66 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [9_949_999, '9.9 MB'],
    [9_950_000, '10 MB'],
    [1_100_000_000, '1.1 GB'],
    [3e15, '3000 TB'],
  ])('%i is %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });
});

describe('a file in memory', () => {
  it('has the type that its content says, over any number of pieces', async () => {
    const sink = memorySink();
    for (const byte of [0x47, 0x49, 0x46, 0x38, 0x39, 0x61]) await sink.write(Uint8Array.of(byte));
    await sink.close();
    const blob = await sink.blob();
    expect([blob.size, blob.type]).toEqual([6, 'image/gif']);
  });

  it('has no type where it is nothing that is shown', async () => {
    const sink = memorySink();
    await sink.write(new TextEncoder().encode('<html></html>'));
    expect((await sink.blob()).type).toBe('');
  });

  it('is gone when it is given up', async () => {
    const sink = memorySink();
    await sink.write(Uint8Array.of(1));
    await sink.abort();
    expect((await sink.blob()).size).toBe(0);
  });
});

describe('the row of an upload', () => {
  const row: UploadRow = {
    key: 'aa'.repeat(16),
    conversation: 'cc'.repeat(32),
    name: 'Ferien.jpg',
    type: 'image/jpeg',
    size: 123_456,
    reply: undefined,
    recipients: [{ member: 'bb'.repeat(32), fileKey: new Uint8Array(32).fill(7) }],
    rosterSerial: 3,
    sealed: 1,
    prefix: new Uint8Array(32).fill(9),
    isComplete: false,
    isPaused: true,
    failed: undefined,
    since: 1_800_000_000_000,
  };

  it('is read as it was written', () => {
    const full: UploadRow = { ...row, reply: 'dd'.repeat(32), failed: 'record_time', isComplete: true };
    for (const one of [row, full]) expect(decodeUploadRow(one.key, encodeUploadRow(one))).toEqual(one);
  });

  it('is told apart from other rows, and from damaged ones', () => {
    const bytes = encodeUploadRow(row);
    expect(decodeUploadRow(row.key, Uint8Array.of(1, ...bytes.subarray(1)))).toBeUndefined();
    expect(decodeUploadRow(row.key, new Uint8Array())).toBeUndefined();
    expect(() => decodeUploadRow(row.key, bytes.subarray(0, -1))).toThrow();
  });
});
