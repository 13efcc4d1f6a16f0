import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripImageMetadata } from '../src/state/files/image-metadata.ts';
import {
  ANIMATED_GIF,
  ANIMATED_WEBP,
  big,
  exif,
  gifExtension,
  JPEG,
  join,
  little,
  PNG_CHUNKS,
  PROGRESSIVE_JPEG,
  png,
  pngChunk,
  riffChunk,
  segment,
  upside,
  WEBP,
  webp,
  withSegments,
} from './support/images.ts';

const SECRET = 'N52.5200 E13.4050 by Mei';
const TRAILER = join('PK\x03\x04', SECRET, '.txt');
const XMP = `<x:xmpmeta tiff:Orientation="6">${SECRET}</x:xmpmeta>`;

async function strip(bytes: Uint8Array): Promise<Buffer> {
  const result = await stripImageMetadata(new Blob([new Uint8Array(bytes)], { type: 'image/x-given' }));
  expect(result.type).toBe('image/x-given');
  return Buffer.from(await result.arrayBuffer());
}

/** Compares as hex, so that a failure is readable and quick. */
async function expectStripped(dirty: Uint8Array, clean: Uint8Array) {
  const stripped = await strip(dirty);
  expect(stripped.toString('latin1')).not.toContain(SECRET);
  expect(stripped.toString('hex')).toBe(Buffer.from(clean).toString('hex'));
  expect((await strip(stripped)).equals(stripped)).toBe(true);
}

const METADATA = [
  segment(0xe1, `http://ns.adobe.com/xap/1.0/\0${XMP}`),
  segment(0xe2, `MPF\0${SECRET}`),
  segment(0xed, `Photoshop 3.0\x008BIM\x04\x04${SECRET}`),
  segment(0xef, SECRET),
  segment(0xe0, `JFXX\0\x10${SECRET}`),
  segment(0xfe, SECRET),
];
const JFIF = ['JFIF\0', Uint8Array.of(1, 2, 1, 0, 72, 0, 72)] as const;
const PLAIN_JFIF = segment(0xe0, ...JFIF, '\0\0');
const ADOBE = ['Adobe', Uint8Array.of(0, 100, 0, 0, 0, 0, 1)] as const;
const ICC = segment(0xe2, 'ICC_PROFILE\0\x01\x01', 'a profile of colours');

describe('a JPEG', () => {
  it.each([
    ['baseline', JPEG],
    ['progressive', PROGRESSIVE_JPEG],
  ])('loses all that is not the image: %s', async (_, image) => {
    const dirty = withSegments(image, segment(0xe1, exif('MM', 1, SECRET)), ...METADATA);
    await expectStripped(join(dirty, TRAILER, image.subarray(2)), image);
  });

  it('keeps what colours need, without thumbnails and what hangs on', async () => {
    const dirty = [segment(0xe0, ...JFIF, '\x01\x08', SECRET), segment(0xee, ...ADOBE, SECRET), ICC];
    const clean = [PLAIN_JFIF, segment(0xee, ...ADOBE), ICC];
    await expectStripped(withSegments(JPEG, ...dirty, ...METADATA), withSegments(JPEG, ...clean));
  });

  it.each(['II', 'MM'] as const)('keeps its orientation and nothing else of Exif: %s', async (order) => {
    for (let orientation = 2; orientation <= 8; orientation++) {
      const dirty = withSegments(JPEG, PLAIN_JFIF, segment(0xe1, exif(order, orientation, SECRET)));
      await expectStripped(dirty, withSegments(JPEG, PLAIN_JFIF, upside(orientation)));
    }
    for (const none of [undefined, 0, 1, 9])
      await expectStripped(withSegments(JPEG, segment(0xe1, exif(order, none, SECRET))), JPEG);
  });

  it('takes the first orientation that is given', async () => {
    const given = [undefined, 6, 3].map((value) => segment(0xe1, exif('II', value, SECRET)));
    await expectStripped(withSegments(JPEG, ...given), withSegments(JPEG, upside(6)));
  });

  it('keeps restarts, stuffed bytes and tables between scans, and drops metadata between them', async () => {
    const scan = (...data: number[]) => join(segment(0xda, '\x01\x01\0\0\x3f\0'), Uint8Array.from(data));
    const head = join('\xff\xd8', segment(0xdd, '\0\x04'), segment(0xc2, '\x08\0\x10\0\x10\x01\x01\x11\0'));
    const first = scan(1, 0xff, 0x00, 0xd9, 2, 0xff, 0xd0, 3, 0xff, 0xff, 0xd7, 4, 0xff, 0x00);
    const table = segment(0xc4, '\0a table');
    const last = scan(5, 0xff, 0xd1, 0xff, 0x00, 0xff, 0xd9);
    await expectStripped(
      join(head, first, ...METADATA, table, last, TRAILER),
      join(head, first, table, last),
    );
  });

  it('is stripped past stray bytes and fill bytes before a marker', async () => {
    const stray = [
      PLAIN_JFIF,
      join('\xff\0', SECRET),
      join('\xff\xff', METADATA[0] ?? ''),
      join('\xff\xff\xff', ICC),
    ];
    await expectStripped(withSegments(JPEG, ...stray), withSegments(JPEG, PLAIN_JFIF, ICC));
  });

  it('is stripped where browsers show it though it is cut off', async () => {
    const dirty = withSegments(JPEG, ...METADATA);
    await expectStripped(dirty.subarray(0, -20), JPEG.subarray(0, -20));
    const cut = join(JPEG.subarray(0, -2), segment(0xe1, exif('MM', 6, SECRET)).subarray(0, -1));
    await expectStripped(cut, JPEG.subarray(0, -2));
  });
});

describe('a PNG', () => {
  const secrets = [
    pngChunk('tEXt', 'Author\0', SECRET),
    pngChunk('zTXt', 'Author\0\0', SECRET),
    pngChunk('iTXt', `XML:com.adobe.xmp\0\0\0\0\0${XMP}`),
    pngChunk('eXIf', exif('MM', 1, SECRET).subarray(6)),
    pngChunk('tIME', SECRET.slice(0, 7)),
    pngChunk('caBX', SECRET),
  ];

  it('loses all that is not the image and keeps its frames', async () => {
    const dirty = PNG_CHUNKS.flatMap((chunk, i) => (i === 0 ? [chunk] : [...secrets, chunk]));
    await expectStripped(join(png(...dirty), pngChunk('IDAT', SECRET)), png(...PNG_CHUNKS));
  });

  it('keeps its orientation and nothing else of Exif', async () => {
    const [header = Buffer.of(), ...rest] = PNG_CHUNKS;
    const dirty = ['II', 'MM', 'II'] as const;
    const turned = dirty.map((order, i) => pngChunk('eXIf', exif(order, [6, 3, 1][i], SECRET).subarray(6)));
    const clean = pngChunk('eXIf', upside(6).subarray(10));
    await expectStripped(png(header, ...turned, ...rest), png(header, clean, ...rest));
    await expectStripped(png(header, ...turned.toReversed(), ...rest), png(...PNG_CHUNKS));
  });

  it('keeps each chunk that is shown', async () => {
    const names = 'PLTE tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs';
    const kept = names.split(' ').map((name) => pngChunk(name, name));
    const [header = Buffer.of(), ...rest] = PNG_CHUNKS;
    await expectStripped(png(header, ...secrets, ...kept, ...rest), png(header, ...kept, ...rest));
  });

  it('is stripped where browsers show it though it is cut off', async () => {
    const head = PNG_CHUNKS.slice(0, 5);
    await expectStripped(png(...head, ...secrets).subarray(0, -1), png(...head));
    await expectStripped(png(...secrets, ...head).subarray(0, -7), png(...head).subarray(0, -7));
    await expectStripped(png(...head, big(0xffff_ffff, 4), join('IDAT', SECRET)), png(...head));
  });
});

describe('a WebP', () => {
  const EXIF = riffChunk('EXIF', exif('II', 6, SECRET).subarray(6));
  const secrets = [EXIF, riffChunk('XMP ', XMP), riffChunk('made', SECRET, '!')];
  const flagged = (image: Buffer, flags: number) => {
    const copy = Buffer.from(image);
    copy.writeUInt8((image[20] ?? 0) | flags, 20);
    return copy;
  };

  it.each([
    ['still', WEBP],
    ['animated', ANIMATED_WEBP],
  ])('loses all that is not the image, and the flags of it: %s', async (_, image) => {
    const body = flagged(image, 0x0c).subarray(12);
    await expectStripped(join(webp(body, ...secrets), TRAILER), image);
    await expectStripped(webp(body.subarray(0, 18), ...secrets, body.subarray(18)), image);
  });

  it('keeps its profile of colours', async () => {
    const body = flagged(WEBP, 0x20).subarray(12);
    const icc = riffChunk('ICCP', 'a profile');
    const clean = webp(body.subarray(0, 18), icc, body.subarray(18));
    await expectStripped(webp(body.subarray(0, 18), icc, ...secrets, body.subarray(18)), clean);
  });

  it('loses what a frame hides', async () => {
    const place = '0123456789abcdef';
    const pixels = riffChunk('VP8L', 'pixels');
    const animated = (...chunks: Buffer[]) =>
      webp(riffChunk('ANIM', '012345'), riffChunk('ANMF', place, ...chunks));
    await expectStripped(animated(...secrets, pixels, EXIF), animated(pixels));
    const unpadded = riffChunk('VP8L', 'pixel').subarray(0, -1);
    await expectStripped(animated(EXIF, unpadded), animated(unpadded));
    await expectStripped(animated(pixels, riffChunk('made', `${SECRET}!`).subarray(0, -1)), animated(pixels));
  });

  it('is stripped where browsers show it though it is cut off', async () => {
    const whole = webp(WEBP.subarray(12, 30), ...secrets, WEBP.subarray(30));
    await expectStripped(whole.subarray(0, -9), WEBP.subarray(0, -9));
    await expectStripped(webp(WEBP.subarray(12), ...secrets).subarray(0, -3), WEBP);
  });
});

describe('a GIF', () => {
  const LOOP = ['NETSCAPE2.0', '\x01\0\0'] as const;
  const start = ANIMATED_GIF.indexOf('!\xff', 0, 'latin1');
  const head = ANIMATED_GIF.subarray(0, start);
  const loop = gifExtension(0xff, ...LOOP);
  const frames = ANIMATED_GIF.subarray(start + loop.length);
  const secrets = [
    gifExtension(0xfe, SECRET, SECRET),
    gifExtension(0x01, '0123456789ab', SECRET),
    gifExtension(0xff, 'XMP DataXMP', XMP.slice(0, 40), XMP.slice(40)),
    gifExtension(0xff, 'NETSCAPE2.0', `\x02${SECRET}`),
    gifExtension(0xce, SECRET),
  ];

  it('loses all that is not the image and keeps its frames, timing and loop', async () => {
    const dirtyLoop = gifExtension(0xff, 'NETSCAPE2.0', `\x02${SECRET}`, `${LOOP[1]}${SECRET}`, SECRET);
    const dirty = join(
      head,
      ...secrets,
      dirtyLoop,
      ...secrets,
      frames.subarray(0, -1),
      ...secrets,
      ';',
      TRAILER,
    );
    await expectStripped(dirty, ANIMATED_GIF);
  });

  it('loses what hangs on to the timing of a frame', async () => {
    const timing = frames.subarray(3, 7);
    const dirty = join(head, loop, gifExtension(0xf9, join(timing, SECRET), SECRET), frames.subarray(8));
    await expectStripped(dirty, ANIMATED_GIF);
  });

  it('is stripped where browsers show it though it is cut off or damaged', async () => {
    const body = frames.subarray(0, -9);
    await expectStripped(join(head, loop, ...secrets, body), join(head, loop, body));
    const whole = frames.subarray(0, -1);
    await expectStripped(join(head, ...secrets, whole, ...secrets).subarray(0, -1), join(head, whole));
    await expectStripped(join(head, whole, '\0', ...secrets), join(head, whole, ';'));
  });
});

describe('whatever else', () => {
  const images = [
    withSegments(PROGRESSIVE_JPEG, PLAIN_JFIF, segment(0xe1, exif('II', 6, SECRET)), ...METADATA),
    png(pngChunk('tEXt', SECRET), ...PNG_CHUNKS),
    webp(WEBP.subarray(12), riffChunk('EXIF', SECRET)),
    webp(ANIMATED_WEBP.subarray(12, 44), riffChunk('ANMF', '0123456789abcdef', riffChunk('EXIF', SECRET))),
    join(ANIMATED_GIF.subarray(0, -1), gifExtension(0xfe, SECRET), ';'),
  ];

  it('is returned as it is when it is no image, or none with a picture', async () => {
    const jpeg = withSegments(JPEG, ...METADATA);
    const cut = jpeg.subarray(0, jpeg.indexOf('\xff\xda', 0, 'latin1'));
    const others = [
      Buffer.of(),
      TRAILER,
      cut,
      png(...PNG_CHUNKS.slice(0, 4)),
      webp(),
      join('GIF89a', SECRET),
    ];
    for (const other of [...others, join('RIFF', little(99), 'WAVE', SECRET)]) {
      const file = new Blob([new Uint8Array(other)]);
      expect(await stripImageMetadata(file)).toBe(file);
    }
  });

  it('is not loaded when it is larger than 100 MB', async () => {
    const file = new Blob([new Uint8Array(withSegments(JPEG, ...METADATA)), new Uint8Array(100_000_000)]);
    file.slice = file.arrayBuffer = () => expect.fail('it was loaded');
    expect(await stripImageMetadata(file)).toBe(file);
  });

  it('neither throws nor grows, cut off anywhere', async () => {
    for (const image of images)
      for (let length = 0; length <= image.length; length++)
        expect((await strip(image.subarray(0, length))).length).toBeLessThanOrEqual(length);
  });

  it('neither throws nor grows, damaged or arbitrary', async () => {
    const starts = fc.constantFrom(
      ...images.flatMap((image) => [image.subarray(0, 3), image.subarray(0, 12)]),
    );
    const arbitrary = fc.tuple(starts, fc.uint8Array({ maxLength: 200 })).map((parts) => join(...parts));
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });
    const damaged = fc.tuple(fc.constantFrom(...images), changes).map(([image, changed]) => {
      const copy = Buffer.from(image);
      for (const [at, value] of changed) copy[at % copy.length] = value;
      return copy;
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, arbitrary, fc.uint8Array()), async (bytes) => {
        expect((await strip(bytes)).length).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 3_000 },
    );
  });
});
