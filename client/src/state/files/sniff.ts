import { readU32 } from '@relay/protocol';
import { textAt } from './image-metadata/bytes.ts';

/** Bytes of a file's head that suffice. */
export const HEAD_BYTES = 4_096;

/** What a file is by its content. */
export interface Sniffed {
  /** MIME type. */
  type: string;
  /** What shows it. */
  media: 'image' | 'audio' | 'video';
}

/** Sizes of the headers that follow that of a BMP. */
const BMP_HEADERS = new Set([12, 40, 52, 56, 64, 108, 124]);
/** Brands of ISO BMFF (ISO/IEC 14496-12), the first that is listed deciding. */
const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^avi[fs]$/, 'image/avif'],
  [/^M4[AB] $/, 'audio/mp4'],
  [/^(iso[m2-9]|mp4[12]|avc1|dash|M4V[ HP]?|MSNV)$/, 'video/mp4'],
];

const ID3_VERSIONS = new Set([2, 3, 4]);
const MPEG_1_BIT_RATES = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const MPEG_2_BIT_RATES = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const MPEG_1_SAMPLE_RATES = [44_100, 48_000, 32_000];

/** Bytes of the layer III frame at `at`; 0 when none begins there. */
function mp3FrameBytes(head: Uint8Array, at: number): number {
  const [first = 0, second = 0, third = 0] = head.subarray(at, at + 3);
  const version = (second >> 3) & 3;
  if (first !== 0xff || second < 0xe0 || ((second >> 1) & 3) !== 1 || version === 1) return 0;
  const kilobits = (version === 3 ? MPEG_1_BIT_RATES : MPEG_2_BIT_RATES)[third >> 4] ?? 0;
  const rate = (MPEG_1_SAMPLE_RATES[(third >> 2) & 3] ?? 0) / (version === 3 ? 1 : version === 2 ? 2 : 4);
  if (kilobits === 0 || rate === 0) return 0;
  return Math.floor(((version === 3 ? 144_000 : 72_000) * kilobits) / rate) + ((third >> 1) & 1);
}

/** Whether two frames follow each other, since one alone is too short a mark. */
function isMp3(head: Uint8Array): boolean {
  if (textAt(head, 0, 3) === 'ID3' && ID3_VERSIONS.has(head[3] ?? 0)) return true;
  const length = mp3FrameBytes(head, 0);
  return length > 0 && mp3FrameBytes(head, length) > 0;
}

/** The type of an ISO BMFF file, by its own brand or else by those it is compatible with. */
function bmffType(head: Uint8Array): string | undefined {
  if (head.length < 16 || textAt(head, 4, 4) !== 'ftyp') return undefined;
  const end = Math.min(readU32(head), head.length);
  const brands = [textAt(head, 8, 4)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(textAt(head, at, 4));
  return brands.map((brand) => BRANDS.find(([name]) => name.test(brand))?.[1]).find(Boolean);
}

/** The type of a WebM: audio when no track holds video, as voice messages that browsers record. */
function webmType(head: Uint8Array): string | undefined {
  if (textAt(head, 0, 4) !== '\x1a\x45\xdf\xa3' || !textAt(head, 4, 60).includes('\x42\x82\x84webm'))
    return undefined;
  const text = textAt(head, 0, HEAD_BYTES);
  return /A_(OPUS|VORBIS)/.test(text) && !/V_(VP8|VP9|AV1)/.test(text) ? 'audio/webm' : 'video/webm';
}

/** The type of a file in RIFF. */
function riffType(head: Uint8Array): string | undefined {
  if (textAt(head, 0, 4) !== 'RIFF') return undefined;
  return { WEBP: 'image/webp', WAVE: 'audio/wav' }[textAt(head, 8, 4)];
}

/** Whether it is a BMP: its two letters alone could begin a text. */
function isBmp(head: Uint8Array): boolean {
  return textAt(head, 0, 2) === 'BM' && textAt(head, 6, 4) === '\0\0\0\0' && BMP_HEADERS.has(head[14] ?? 0);
}

function typeOf(head: Uint8Array): string | undefined {
  const text = textAt(head, 0, 8);
  if (text === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(text)) return 'image/gif';
  if (text.startsWith('OggS\0')) return 'audio/ogg';
  if (text.startsWith('fLaC')) return 'audio/flac';
  const other = riffType(head) ?? bmffType(head) ?? webmType(head);
  if (other !== undefined) return other;
  if (isBmp(head)) return 'image/bmp';
  return isMp3(head) ? 'audio/mpeg' : undefined;
}

/**
 * Tells by its first bytes what a file is, of the images, sounds and videos that are shown in a page and cannot carry
 * scripts: PNG, JPEG, GIF, WebP, AVIF, BMP; MP3, Ogg, WAV, FLAC, AAC in MP4; MP4, WebM.
 * @param head the first {@link HEAD_BYTES} of the file, or all of it
 * @returns undefined for everything else
 */
export function sniff(head: Uint8Array): Sniffed | undefined {
  const type = typeOf(head);
  return type === undefined ? undefined : { type, media: type.split('/')[0] as Sniffed['media'] };
}
