/** What a message shows of the one that it answers. */
import type { ReplyItem } from '../model.ts';
import type { Scene } from './scene.ts';
import { loadedTextOf } from './scene.ts';

/** Longest excerpt, in characters. */
export const EXCERPT_CHARACTERS = 120;

/** Shows the answered message, as it stands now. */
export function replyItem(scene: Scene, key: string): ReplyItem {
  const { projection, context } = scene;
  const found = scene.find(key);
  if (found === undefined) return { key, state: projection.isSaidDeleted(key) ? 'deleted' : 'gone' };
  const { record, meaning } = found;
  if (meaning.is !== 'message') return { key, state: 'gone' };
  const author = context.contactOf(record.author);
  if (projection.isDeleted(record)) return { key, state: 'deleted', author };
  const loaded = loadedTextOf(scene, { record, message: meaning });
  const words = loaded !== undefined && 'text' in loaded ? loaded.text : meaning.file?.name;
  const excerpt = words === undefined ? {} : { excerpt: excerptOf(words) };
  return { key, state: 'here', author, ...excerpt };
}

/** The beginning of a text in one line. */
function excerptOf(text: string): string {
  // A long text is not gone through as a whole for its beginning; no character has more than two units.
  const line = text
    .trimStart()
    .slice(0, 8 * EXCERPT_CHARACTERS)
    .replace(/\s+/gu, ' ')
    .trimEnd();
  const characters = Array.from(line);
  return characters.length <= EXCERPT_CHARACTERS
    ? line
    : `${characters
        .slice(0, EXCERPT_CHARACTERS - 1)
        .join('')
        .trimEnd()}…`;
}
