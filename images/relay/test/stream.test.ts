import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { sendStream } from '../src/http/stream.ts';

test('whoever leaves while its bytes are held back waits for them no longer', async () => {
  const response = Object.assign(new EventEmitter(), {
    setTimeout: () => {},
    setHeader: () => {},
    write: () => true,
    end: () => {},
    destroy: () => {},
  });
  let left = 0;
  async function* pieces() {
    try {
      yield new Uint8Array(5);
    } finally {
      left += 1;
    }
  }
  const account = {
    pace: (_bytes: number, gone?: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        gone?.addEventListener('abort', () => reject(gone.reason));
        setImmediate(() => response.emit('close'));
      }),
  };
  await sendStream(response as unknown as ServerResponse, account, pieces).catch(() => undefined);
  expect(left).toBe(1);
});
