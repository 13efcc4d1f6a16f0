import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEAD_BYTES, sniff } from '../src/state/files/sniff.ts';
import { ANIMATED_GIF, big, JPEG, join, little, PNG_CHUNKS, png, WEBP } from './support/images.ts';

const bmff = (brand: string, ...compatible: string[]) =>
  join(big(16 + 4 * compatible.length, 4), 'ftyp', brand, big(0, 4), ...compatible, 'avif M4A isom');
const ebml = (docType: string, ...codecs: string[]) =>
  join(
    '\x1a\x45\xdf\xa3\x8b\x42\x82',
    Uint8Array.of(0x80 + docType.length),
    docType,
    '\0'.repeat(200),
    ...codecs,
  );
const bmp = (header: number) => join('BM', little(100), little(0), little(54), little(header));
const riff = (form: string) => join('RIFF', little(100), form);

/** Two frames of MPEG layer III of a given length, the first with a header of these bytes. */
function mp3(header: string, length: number, second = header): Buffer {
  const out = Buffer.alloc(length + 100);
  out.set(Buffer.from(header, 'hex'));
  out.set(Buffer.from(second, 'hex'), length);
  return out;
}

describe('the type of a file', () => {
  it.each([
    ['image/png', png(...PNG_CHUNKS)],
    ['image/jpeg', JPEG],
    ['image/gif', ANIMATED_GIF],
    ['image/gif', join('GIF87a')],
    ['image/webp', WEBP],
    ['image/avif', bmff('avif', 'mif1', 'miaf')],
    ['image/avif', bmff('avis', 'msf1', 'isom')],
    ['image/avif', bmff('mif1', 'miaf', 'avif')],
    ['image/bmp', bmp(40)],
    ['image/bmp', bmp(124)],
    ['audio/mpeg', join('ID3\x04\0\0')],
    // MPEG 1 at 128 kbit/s and 44.1 kHz, the same padded, MPEG 2 at 64 kbit/s and 22.05 kHz, MPEG 2.5 at 8 and 8.
    ['audio/mpeg', mp3('fffb9000', 417)],
    ['audio/mpeg', mp3('fffb9200', 418)],
    ['audio/mpeg', mp3('fff38000', 208)],
    ['audio/mpeg', mp3('ffe31800', 72)],
    ['audio/ogg', join('OggS\0\x02')],
    ['audio/wav', riff('WAVE')],
    ['audio/flac', join('fLaC\0\0\0\x22')],
    ['audio/mp4', bmff('M4A ', 'mp42', 'isom')],
    ['video/mp4', bmff('isom', 'iso2', 'avc1')],
    ['video/mp4', bmff('mp42')],
    ['video/mp4', bmff('XXXX', 'mp41')],
    ['video/webm', ebml('webm', 'V_VP9', 'A_OPUS')],
    ['video/webm', ebml('webm')],
    ['audio/webm', ebml('webm', 'A_OPUS')],
  ])('is %s', (type, head) => {
    expect(sniff(head)).toEqual({ type, media: type.split('/')[0] });
  });

  it.each([
    ['nothing', join('')],
    ['text', join('plain words')],
    ['SVG', join('<svg xmlns="http://www.w3.org/2000/svg"></svg>')],
    ['SVG behind a declaration', join('<?xml version="1.0"?><svg></svg>')],
    ['HTML', join('<!doctype html><script>alert(1)</script>')],
    ['PDF', join('%PDF-1.7')],
    ['ZIP', join('PK\x03\x04')],
    ['a text that begins as a BMP', join('BM is short for bitmap, which is an image')],
    ['a BMP with a header of no known size', bmp(41)],
    ['a text that begins as an MP3', join('ID3 is a tag')],
    ['one frame of MP3', mp3('fffb9000', 417, '00')],
    ['MP3 of a reserved version', mp3('ffeb9000', 522)],
    ['MPEG layer II', mp3('fffd9000', 417)],
    ['MP3 of no bit rate', mp3('fffbf000', 417)],
    ['MP3 of no sample rate', mp3('fffb9c00', 417)],
    ['AVI', riff('AVI ')],
    ['HEIC', bmff('heic', 'mif1', 'heic')],
    ['QuickTime', bmff('qt  ', 'qt  ')],
    ['Matroska', ebml('matroska', 'V_VP9', 'webm')],
    ['a JPEG that is cut off', JPEG.subarray(0, 2)],
    ['a PNG with its line ends changed', join('\x89PNG\n\x1a\n\0')],
    ['an image behind a blank', join(' ', JPEG)],
  ])('is not told of %s', (_, head) => {
    expect(sniff(head)).toBeUndefined();
  });

  it('is told by the head alone, whatever follows', () => {
    const silence = Buffer.alloc(HEAD_BYTES);
    const head = join(ebml('webm', 'A_OPUS'), silence);
    expect(sniff(join(head, 'V_VP9'))).toEqual(sniff(head.subarray(0, HEAD_BYTES)));
  });

  it('is looked for in any bytes, never beyond them', () => {
    const starts = fc.constantFrom(
      '',
      'RIFF',
      '\xff\xfb',
      '\0\0\xff\xffftyp',
      '\x1a\x45\xdf\xa3',
      'BM',
      'ID3',
      'GIF8',
    );
    const property = (start: string, bytes: Uint8Array) => {
      const found = sniff(join(start, bytes));
      if (found !== undefined) expect(found.type).toMatch(new RegExp(`^${found.media}/[a-z0-9]+$`));
    };
    fc.assert(fc.property(starts, fc.uint8Array({ maxLength: 64 }), property), { numRuns: 2_000 });
  });
});
