/** Pictures that every browser shows, and that can do nothing but be shown. */
const THUMBNAILS = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);

const KEPT_TYPES = /^image\/(hei[cf](-sequence)?|avif|tiff)$/;
const KEPT_NAMES = /\.(hei[cf]|avif|tiff?)$/i;
const VIDEO_NAMES = /\.(mp4|m4v|mov|webm|mkv|avi|3gp|ogv)$/i;

/** Whether a file is small and plain enough to be pictured before it is sent. */
export function thumbnailAllowed(file: File): boolean {
  return THUMBNAILS.has(file.type) && file.size <= 50_000_000;
}

/**
 * What keeps its metadata when it is sent: a video, or a picture of a kind whose metadata is not removed.
 * @returns undefined for everything else
 */
export function keptMetadata({
  name,
  type,
}: {
  name: string;
  type: string;
}): 'video' | 'picture' | undefined {
  if (type.startsWith('video/') || VIDEO_NAMES.test(name)) return 'video';
  if (KEPT_TYPES.test(type) || KEPT_NAMES.test(name)) return 'picture';
  return undefined;
}
