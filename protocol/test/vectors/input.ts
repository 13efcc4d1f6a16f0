/** Inputs of test vectors. */
import type { Bytes } from '../../src/index.ts';
import { b64, concat, fromB64, fromHex } from '../../src/index.ts';

/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/**
 * A change of a named byte string: `xor` is a list of `[offset, byte]` (a negative offset counts from the end), `cut` keeps that many
 * bytes from the start, `add` appends base64url.
 */
interface Altered {
  $: string;
  xor?: [number, number][];
  cut?: number;
  add?: string;
}

/** The input of one case, read by name. */
export class Input {
  private readonly values: JsonObject;
  private readonly data: { [name: string]: string };

  /** @param data the named byte strings that `$` refers to */
  constructor(values: JsonObject, data: { [name: string]: string } = {}) {
    this.values = values;
    this.data = data;
  }

  /** Whether the input has a value of that name. */
  has(name: string): boolean {
    return Object.hasOwn(this.values, name);
  }

  /** A text. */
  text(name: string): string {
    const value = this.values[name];
    if (typeof value !== 'string') throw new TypeError(`${name} is no text`);
    return value;
  }

  /** A number. */
  number(name: string): number {
    const value = this.values[name];
    if (typeof value !== 'number') throw new TypeError(`${name} is no number`);
    return value;
  }

  /** Bytes: base64url, or a reference to named data. */
  bytes(name: string): Bytes {
    return this.toBytes(this.values[name]);
  }

  /** A list of byte strings. */
  list(name: string): Bytes[] {
    const value = this.values[name];
    if (!Array.isArray(value)) throw new TypeError(`${name} is no list`);
    return value.map((item) => this.toBytes(item));
  }

  /** Bytes of a hexadecimal text, as publications write them. */
  hex(name: string): Bytes {
    return fromHex(this.text(name));
  }

  private toBytes(value: Json | undefined): Bytes {
    if (typeof value === 'string') return fromB64(value);
    const altered = value as unknown as Altered;
    const named = this.data[altered.$];
    if (named === undefined) throw new TypeError(`no data named ${altered.$}`);
    let bytes = fromB64(named);
    for (const [offset, byte] of altered.xor ?? []) {
      const at = offset < 0 ? bytes.length + offset : offset;
      bytes[at] = (bytes[at] as number) ^ byte;
    }
    if (altered.cut !== undefined) bytes = bytes.slice(0, altered.cut);
    return altered.add === undefined ? bytes : concat(bytes, fromB64(altered.add));
  }
}

/** A value with byte strings as `{bytes: base64url}`, so that JSON can hold it. */
export function toJson(value: unknown): Json {
  if (value instanceof Uint8Array) return { bytes: b64(value) };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, toJson(part)]));
}
