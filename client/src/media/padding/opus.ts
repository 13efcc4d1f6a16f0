/** Opus packets of one size: padding that Opus itself provides for, which every decoder skips (RFC 6716 §3.2.5). Pure. */

/** How the table-of-contents byte says that a count of frames follows. */
const CODE_3 = 3;
const VBR = 0x80;
const PADDED = 0x40;
const COUNT = 0x3f;
/** A length byte of padding that stands for 254 bytes, and says that another length byte follows. */
const LONG = 255;

/** A packet as one of code 3: what its count byte says, and what follows its padding's length, without padding. */
interface Packet {
  toc: number;
  count: number;
  body: Uint8Array;
}

/** Any packet as one of code 3; undefined for one that RFC 6716 §3.4 rules out as far as this looks. */
function asCounted(packet: Uint8Array): Packet | undefined {
  const [first] = packet;
  if (first === undefined) return undefined;
  const toc = first | CODE_3;
  const rest = packet.subarray(1);
  const code = first & CODE_3;
  if (code === 0) return { toc, count: 1, body: rest };
  // Both of one size, or the size of the first one before them: code 3 writes it in the same way.
  if (code === 1) return { toc, count: 2, body: rest };
  if (code === 2) return { toc, count: 2 | VBR, body: rest };
  return readCounted(toc, rest);
}

function readCounted(toc: number, rest: Uint8Array): Packet | undefined {
  const [count = 0] = rest;
  if ((count & COUNT) === 0) return undefined;
  if ((count & PADDED) === 0) return { toc, count, body: rest.subarray(1) };
  let at = 1;
  let padding = 0;
  for (;;) {
    const length = rest[at++];
    if (length === undefined) return undefined;
    padding += length === LONG ? LONG - 1 : length;
    if (length !== LONG) break;
  }
  if (padding > rest.length - at) return undefined;
  return { toc, count: count & ~PADDED, body: rest.subarray(at, rest.length - padding) };
}

/**
 * Makes an Opus packet longer, without a change to what is heard.
 * @param packet as an encoder made it
 * @param size of the result in bytes
 * @returns undefined when the packet is too long for that: it takes a byte more than it has, or none where it is of code 3; or when it is no packet
 */
export function padOpus(packet: Uint8Array, size: number): Uint8Array<ArrayBuffer> | undefined {
  const counted = asCounted(packet);
  if (counted === undefined) return undefined;
  const { toc, count, body } = counted;
  const extra = size - 2 - body.length;
  if (extra < 0) return undefined;
  const padded = new Uint8Array(size);
  padded[0] = toc;
  padded[1] = extra === 0 ? count : count | PADDED;
  // `extra` is all that padding takes: its length bytes, then zeros.
  const long = extra === 0 ? 0 : Math.floor((extra - 1) / LONG);
  padded.fill(LONG, 2, 2 + long);
  if (extra > 0) padded[2 + long] = extra - 1 - long * LONG;
  padded.set(body, extra === 0 ? 2 : 3 + long);
  return padded;
}
