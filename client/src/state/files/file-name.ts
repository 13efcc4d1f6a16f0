import { MAX_FILE_NAME_BYTES, MAX_FILE_TYPE_BYTES, utf8 } from '@relay/protocol';

const fits = (text: string, most: number) => utf8(text).length <= most;

/**
 * A name that a record can carry: at most 255 bytes of UTF-8, never empty, without directories and without characters that are not seen, which
 * could make one ending look like another. Of a long one the end stays: it tells the type.
 */
export function fileName(name: string): string {
  const plain = name
    .replace(/^.*[/\\]/su, '')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')
    .trim();
  const signs = [...plain.toWellFormed()].slice(-MAX_FILE_NAME_BYTES);
  while (!fits(signs.join(''), MAX_FILE_NAME_BYTES)) signs.shift();
  return signs.length === 0 ? 'file' : signs.join('');
}

/** A MIME type that a record can carry, at most 127 bytes; empty in place of a longer one. */
export function fileType(type: string): string {
  const plain = type.toWellFormed();
  return fits(plain, MAX_FILE_TYPE_BYTES) ? plain : '';
}
