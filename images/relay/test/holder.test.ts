import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { holderOf } from '../src/rooms/holder.ts';
import type { RelaySocket } from '../src/socket/types.ts';

test('so many signals wait for a connection that takes nothing in, and more when it has', () => {
  const conn = new EventEmitter();
  let sent = 0;
  const socket = { conn, connected: true, emit: () => ++sent } as unknown as RelaySocket;
  const holder = holderOf(socket);
  const sendMany = () => Array.from({ length: 600 }, () => holder.signalled(new Uint8Array(64)));
  const granted = [...Array(512).fill(true), ...Array(88).fill(false)];
  expect(sendMany()).toEqual(granted);
  conn.emit('drain');
  expect(sendMany()).toEqual(granted);
  expect(sent).toBe(1_024);
});
