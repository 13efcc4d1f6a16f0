/** Looks for texts in bytes that must not hold them, in the encodings in which they could hide. */

/** The forms that a text may take in stored bytes, as Latin-1 strings. */
export function disguises(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const hex = bytes.toString('hex');
  const utf16 = Buffer.from(text, 'utf16le');
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [
    bytes.toString('latin1'),
    utf16.toString('latin1'),
    Buffer.from(utf16).swap16().toString('latin1'),
    hex,
    hex.toUpperCase(),
    escaped,
    encodeURIComponent(text),
    ...base64Cores(bytes),
    ...base64Cores(utf16),
  ];
}

/** What base64 makes of bytes wherever they stand in a longer text, without the ends that depend on their neighbours. */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const whole = bytes.subarray(0, bytes.length - ((bytes.length + shift) % 3));
    const core = Buffer.concat([Buffer.alloc(shift), whole])
      .toString('base64')
      .slice([0, 2, 3][shift]);
    return core.length < 8 ? [] : [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Which of the texts can be found in the bytes. */
export function findPlaintext(haystack: Uint8Array, texts: readonly string[]): string[] {
  const stored = Buffer.from(haystack.buffer, haystack.byteOffset, haystack.byteLength).toString('latin1');
  return texts.filter((text) => disguises(text).some((form) => stored.includes(form)));
}
