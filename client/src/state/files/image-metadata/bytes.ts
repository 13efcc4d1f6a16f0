import type { Bytes } from '@relay/protocol';

/** The bytes `[start, start + length)` as Latin-1 text, as signatures are compared; shorter past the end. */
export function textAt(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}

/** What is kept of an image, in order. */
export class Kept {
  /** The parts so far: those that lie side by side in the image are one. */
  readonly parts: Bytes[] = [];
  readonly #source: Bytes;
  #end = -1;

  /** @param source the whole image, which is only read */
  constructor(source: Bytes) {
    this.#source = source;
  }

  /** Keeps `[start, end)` of the image, as far as it is there. */
  keep(start: number, end: number): void {
    const last = this.parts.at(-1);
    if (last !== undefined && start === this.#end)
      this.parts[this.parts.length - 1] = this.#source.subarray(start - last.length, end);
    else this.parts.push(this.#source.subarray(start, end));
    this.#end = Math.min(end, this.#source.length);
  }

  /** Puts other bytes in place of some of the image. */
  put(bytes: Bytes): void {
    this.parts.push(bytes);
    this.#end = -1;
  }
}
