/** How large the tiles of a grid are. Pixels. */
export interface TileSize {
  width: number;
  height: number;
}

/** Pictures are wider than this only where nothing else fits, and never narrower than that. Width by height. */
const WIDEST = 16 / 9;
const NARROWEST = 3 / 4;

function fitted(width: number, height: number): TileSize {
  if (width / height > WIDEST) return { width: height * WIDEST, height };
  if (width / height < NARROWEST) return { width, height: width / NARROWEST };
  return { width, height };
}

/**
 * The largest tiles that show so many at once.
 * @param count at least 1
 * @param space of the stage, in pixels
 * @param gap between tiles, in pixels
 */
export function largestTiles(count: number, space: TileSize, gap: number): TileSize {
  let best: TileSize = { width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const width = (space.width - gap * (columns - 1)) / columns;
    const height = (space.height - gap * (rows - 1)) / rows;
    if (width <= 0 || height <= 0) continue;
    const tile = fitted(width, height);
    if (tile.width * tile.height > best.width * best.height) best = tile;
  }
  return { width: Math.floor(best.width), height: Math.floor(best.height) };
}
