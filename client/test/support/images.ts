/** Small real images, 16 by 16 pixels and free of metadata, and the pieces that metadata is made of. */
import { crc32, deflateSync } from 'node:zlib';

const decode = (base64: string) => Buffer.from(base64, 'base64');

/** A baseline JPEG. */
export const JPEG = decode(
  '/9j/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBD' +
    'ARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAQABAD' +
    'ASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAABQID/8QAJBAAAQMDAgcBAAAAAAAAAAAAAQIDEQAEBRIhFDFhcYGh0fD/xAAV' +
    'AQEBAAAAAAAAAAAAAAAAAAABAv/EAB4RAAICAAcAAAAAAAAAAAAAAAECAAMREyFRgZHw/9oADAMBAAIRAxEAPwCMfYAAEiKQucg1' +
    'jU6W0Bx0CTJ2TttPysri54YBpqC+R4R170c4xqcCVGYOpRPMk/vdChrjiNF91KQBK82zgbz/2Q==',
);

/** A progressive JPEG of several scans. */
export const PROGRESSIVE_JPEG = decode(
  '/9j/2wBDABQUFBQVFBcZGRcfIh4iHy4rJycrLkYyNjI2MkZqQk5CQk5Cal5yXVZdcl6phXZ2hanDpJukw+zT0+z/////////2wBD' +
    'ARQUFBQVFBcZGRcfIh4iHy4rJycrLkYyNjI2MkZqQk5CQk5Cal5yXVZdcl6phXZ2hanDpJukw+zT0+z/////////wgARCAAQABAD' +
    'ASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAABAL/xAAVAQEBAAAAAAAAAAAAAAAAAAAAAv/aAAwDAQACEAMQAAAAQeiq/8QA' +
    'IRAAAgIBAgcAAAAAAAAAAAAAAQIDBAASIgURMkJSYXH/2gAIAQEAAT8Aq1QvLOJXS0Zr1+ltrNj2TMGSPanc3kMji1vqI+D1n//E' +
    'ABsRAAIBBQAAAAAAAAAAAAAAAAIDAAERI0HR/9oACAECAQE/AAEzuxmNdNdn/8QAHBEAAgAHAAAAAAAAAAAAAAAAAgMAEiQyM1Fh' +
    '/9oACAEDAQE/ADp1TMyHaOux/9k=',
);

/** A WebP in the extended format: VP8X, ALPH, VP8. */
export const WEBP = decode(
  'UklGRs4AAABXRUJQVlA4WAoAAAAQAAAADwAADwAAQUxQSBkAAAABuYzof4AsG4ngDE7t/FF+/DViAiagWHUXAFZQOCCOAAAAsAIA' +
    'nQEqEAAQAAOAWiWwAnR/A9hwiHDBH46nB3AAAM4m45KGcYe/fFfAmf3WzEbjpWpD9Y7bEFo/u34r3QuIqLy/lNiEXU5Qbp9fzrvT' +
    'QCTpFLpz6olGha9NoHtA6u/qTZNCyMwTfBaQHErs/gNNrWN8TX+YvbsBwtzF6s2p8gub76X8e//PjCUt2ZAAAA==',
);

/** A WebP of three frames. */
export const ANIMATED_WEBP = decode(
  'UklGRk4CAABXRUJQVlA4WAoAAAASAAAADwAADwAAQU5JTQYAAAD/////AABBTk1GtAAAAAAAAAAAAA8AAA8AAGQAAAJBTFBIGgAA' +
    'AAG5jOh/QE3bBgyCMOjgj7Rn34gJmIDGKncBVlA4IHoAAADwAgCdASoQABAABABoJbACdH8D2SSILKr8kHXbhkPKAAD+3au7ieni' +
    'eqyvvmsa0IKroWEgwUtGvz0uJgRD4qvhEmR2tuzqY5X+vfJPQ0w8sMGsl8mK1FtrVMufwuTkOfiUScahL8/W35Dk0Nk2hYNMdyqb' +
    '9fAH4dgAAEFOTUasAAAAAAAAAAAADwAADwAAyAAAAkFMUEgYAAAAAbmM6H+ASNtGwRzM+QQfnkZMwAQUq+4CVlA4IHQAAADQAgCd' +
    'ASoQABAABABoJbACdDiAByRHEA8KkAgOf6WAAP7XFR280S++t++cL42/Oq7P46IlvDPjpbCkxqfYnb0yqaGo7eZUs+dY3UtIrfTl' +
    'fufhmRjjjg9R5Y/7Ne/DxQ5/iabq0GnZNvBNoV/6oWOgvEAAAEFOTUayAAAAAAAAAAAADwAADwAALAEAAkFMUEgZAAAAAbmM6H9A' +
    'SRtJkILFv3+rB49GTMAEMFznXQBWUDggeAAAAFACAJ0BKhAAEAAEAGglsAJ0BioOB+yMtw7C3AD+5o7PFA6LlAyq1jpuQhSG/Niw' +
    'Qm46WjMF0t8hP+61Qc1KNnB/+QzZ8BqM6bADZimiqRlMbo6BrMG6d8LLrEOf4lFOAiFx3/iUeuWgXbnRya/7ZD0fkpRn50oAAA==',
);

/** A GIF of three frames that is shown in a loop. */
export const ANIMATED_GIF = decode(
  'R0lGODlhEAAQAIEAAExpcdMjckdvlKPKoSH/C05FVFNDQVBFMi4wAwEAAAAh+QQJCgAAACwAAAAAEAAQAAACNoRvMsuDqRpDokp3' +
    'qo3raTs9wBeKo4aZZ6UagdYGMmzKNo0M9owDy87L/YAC4dBmYuxax9aoAAAh+QQJFAAAACwAAAAAEAAQAIFMaXHXJnSj1ZE9aZIC' +
    'M5RvoKuYDBGEY7ypasVZV4F52tWJgsUEopcG6gq5LzvJGqe4G264OHAI/BA+jENGcQiQBQAh+QQFHgAAACwAAAAAEAAQAAACNYR/' +
    'MstoAplEUMlF67A4VcU5wBeKo2Z6UGoEwcq6rxDLsznYM40sOmxg6Fw9oU5klKV8SlYBADs=',
);

/** A number as big-endian bytes. */
export function big(value: number, length: 2 | 4): Buffer {
  const out = Buffer.alloc(length);
  out.writeUIntBE(value, 0, length);
  return out;
}

/** A number as four little-endian bytes. */
export function little(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
}

/** Parts of bytes or Latin-1 text, one after the other. */
export function join(...parts: readonly (Uint8Array | string)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
}

/** A segment of a JPEG. */
export function segment(code: number, ...body: readonly (Uint8Array | string)[]): Buffer {
  const content = join(...body);
  return join(Uint8Array.of(0xff, code), big(content.length + 2, 2), content);
}

/** A JPEG with segments behind its SOI. */
export function withSegments(jpeg: Buffer, ...segments: readonly Buffer[]): Buffer {
  return join(jpeg.subarray(0, 2), ...segments, jpeg.subarray(2));
}

/** Exif as cameras write it: maker, orientation, GPS and a thumbnail; `secret` in each of them. */
export function exif(order: 'II' | 'MM', orientation: number | undefined, secret: string): Buffer {
  const number = (value: number, length: 2 | 4) =>
    order === 'MM' ? big(value, length) : big(value, length).reverse();
  const entry = (tag: number, type: number, count: number, value: Buffer) =>
    join(number(tag, 2), number(type, 2), number(count, 4), value, Buffer.alloc(4 - value.length));
  const text = Buffer.from(`${secret}\0`);
  const count = orientation === undefined ? 2 : 3;
  const texts = 8 + 2 + 12 * count + 4;
  const gps = texts + text.length;
  const thumbnail = gps + 2 + 12 + 4;
  return join(
    ...['Exif\0\0', order, number(42, 2), number(8, 4), number(count, 2)],
    entry(0x010f, 2, text.length, number(texts, 4)),
    ...(orientation === undefined ? [] : [entry(0x0112, 3, 1, number(orientation, 2))]),
    entry(0x8825, 4, 1, number(gps, 4)),
    ...[number(thumbnail, 4), text],
    ...[number(1, 2), entry(0x001d, 2, text.length, number(texts, 4)), number(0, 4)],
    ...[number(0, 2), number(0, 4), JPEG.subarray(0, 40), secret],
  );
}

/** An Exif segment with an orientation of one digit and nothing else. */
export function upside(orientation: number): Buffer {
  const head = 'ffe100224578696600004d4d002a00000008';
  return Buffer.from(`${head}00010112000300000001000${orientation}000000000000`, 'hex');
}

/** A chunk of a PNG. */
export function pngChunk(type: string, ...data: readonly (Uint8Array | string)[]): Buffer {
  const content = join(...data);
  return join(big(content.length, 4), type, content, big(crc32(join(type, content)), 4));
}

const row = (shade: number) => Buffer.from([0, ...Array.from({ length: 16 }, (_, x) => (x * shade) % 256)]);
const pixels = (shade: number) => deflateSync(Buffer.concat(Array.from({ length: 16 }, () => row(shade))));
const frameOf = (sequence: number) =>
  pngChunk('fcTL', big(sequence, 4), big(16, 4), big(16, 4), Buffer.alloc(8), big(1, 2), big(10, 2), '\0\0');

/** The chunks of a grey PNG of two frames. */
export const PNG_CHUNKS = [
  pngChunk('IHDR', big(16, 4), big(16, 4), Uint8Array.of(8, 0, 0, 0, 0)),
  pngChunk('gAMA', big(45_455, 4)),
  pngChunk('acTL', big(2, 4), big(0, 4)),
  frameOf(0),
  pngChunk('IDAT', pixels(7).subarray(0, 10)),
  pngChunk('IDAT', pixels(7).subarray(10)),
  frameOf(1),
  pngChunk('fdAT', big(2, 4), pixels(11)),
  pngChunk('IEND'),
];

/** A PNG of chunks. */
export const png = (...chunks: readonly Buffer[]) => join('\x89PNG\r\n\x1a\n', ...chunks);

/** A chunk of a WebP, padded. */
export function riffChunk(type: string, ...data: readonly (Uint8Array | string)[]): Buffer {
  const content = join(...data);
  return join(type, little(content.length), content, Buffer.alloc(content.length % 2));
}

/** A WebP of chunks. */
export function webp(...chunks: readonly Buffer[]): Buffer {
  const content = join('WEBP', ...chunks);
  return join('RIFF', little(content.length), content);
}

/** An extension of a GIF. */
export function gifExtension(label: number, ...blocks: readonly (Uint8Array | string)[]): Buffer {
  const framed = blocks.flatMap((block) => [Uint8Array.of(block.length), block]);
  return join(Uint8Array.of(0x21, label), ...framed, Uint8Array.of(0));
}
