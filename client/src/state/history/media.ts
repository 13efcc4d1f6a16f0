/** What the name and type of a file promise. */
import type { Media } from '../model.ts';

/** Types that browsers show, by the ending of a name. An SVG image is a document that runs: it is never shown. */
const ENDINGS: Record<Exclude<Media, 'other'>, RegExp> = {
  image: /\.(avif|bmp|gif|jpe?g|png|webp)$/i,
  audio: /\.(aac|flac|m4a|mp3|oga|ogg|opus|wav)$/i,
  video: /\.(m4v|mov|mp4|ogv|webm)$/i,
};
const TYPES: Record<Exclude<Media, 'other'>, RegExp> = {
  image: /^image\/(avif|bmp|gif|jpeg|png|webp)$/i,
  audio: /^audio\//i,
  video: /^video\//i,
};
const SHOWN = ['image', 'audio', 'video'] as const;

/**
 * What a file may be shown as, as its sender says; what it is shows only its content.
 * @param type MIME type, with or without parameters; empty where the browser knew none, then the name decides
 */
export function mediaOf(name: string, type: string): Media {
  const [essence = ''] = type.split(';');
  const bare = essence.trim();
  const tests = bare === '' || bare === 'application/octet-stream' ? ENDINGS : TYPES;
  const subject = tests === ENDINGS ? name : bare;
  return SHOWN.find((media) => tests[media].test(subject)) ?? 'other';
}
