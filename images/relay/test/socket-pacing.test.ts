import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { paceReading } from '../src/socket/pacing.ts';
import type { RelaySocket } from '../src/socket/types.ts';

test('a packet costs one piece for each 4 KiB that it has begun, and one at least', () => {
  const connection = new EventEmitter();
  const owed: number[] = [];
  paceReading(connection as unknown as RelaySocket['conn'], (pieces) => {
    owed.push(pieces);
    return 0;
  });
  const packets = [undefined, '', 'x', 'x'.repeat(4_096), 'x'.repeat(4_097), new Uint8Array(65_600)];
  for (const data of packets) connection.emit('packet', { data });
  expect(owed).toEqual([1, 1, 1, 1, 2, 17]);
});
