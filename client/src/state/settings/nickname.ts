/** Names of a member's own choosing, held to the rules of a label (SPEC.md §3), so that none can pass as another. */
import { utf8 } from '@relay/protocol';

const MAX_BYTES = 64;
const FORBIDDEN = /[\p{Cc}\p{Bidi_Control}]/gu;

/**
 * What is kept of a nickname.
 * @returns the text without control and bidirectional formatting characters and space around it, cut to 64 bytes of UTF-8 between
 * characters as people see them; empty when nothing is left
 */
export function nicknameOf(text: string): string {
  const clean = text.toWellFormed().replace(FORBIDDEN, '').trim();
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(clean)) {
    if (utf8(kept + segment).length > MAX_BYTES) break;
    kept += segment;
  }
  return kept.trim();
}
