import type { FileSink } from '../model.ts';
import { HEAD_BYTES, sniff } from './sniff.ts';

/** A file in memory. */
export interface MemorySink extends FileSink {
  /** What was written. Its type is what its content says, never what its sender named; empty where the page does not show it. */
  blob(): Promise<Blob>;
}

/** Makes a sink that keeps a file in memory. */
export function memorySink(): MemorySink {
  let parts: Uint8Array<ArrayBuffer>[] = [];
  return {
    async write(bytes) {
      parts.push(bytes);
    },
    async close() {},
    async abort() {
      parts = [];
    },
    async blob() {
      const plain = new Blob(parts);
      parts = [];
      const head = new Uint8Array(await plain.slice(0, HEAD_BYTES).arrayBuffer());
      return plain.slice(0, plain.size, sniff(head)?.type ?? '');
    },
  };
}
