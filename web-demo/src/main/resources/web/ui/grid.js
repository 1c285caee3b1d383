// How large are n equal tiles in a box?

const WIDEST = 16 / 9;
const GAP = 10;

/** Smaller tiles are of no use: beyond that the grid scrolls. */
const LEAST_WIDTH = 112;

/**
 * The tile size that covers the most of the box. Where the box is upright, tiles may be upright too.
 * @param {number} count
 * @param {number} boxWidth pixels
 * @param {number} boxHeight pixels
 * @returns {{width: number, height: number}} of a tile, in whole pixels
 */
export function tileSize(count, boxWidth, boxHeight) {
  const narrowest = boxWidth < boxHeight ? 4 / 5 : WIDEST;
  let best = { width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (boxWidth - GAP * (columns - 1)) / columns;
    const cellHeight = (boxHeight - GAP * (rows - 1)) / rows;
    const width = Math.min(cellWidth, cellHeight * WIDEST);
    const height = Math.min(cellHeight, width / narrowest);
    if (width * height > best.width * best.height) best = { width, height };
  }
  if (best.width < LEAST_WIDTH) best = { width: LEAST_WIDTH, height: LEAST_WIDTH / WIDEST };
  return { width: Math.floor(best.width), height: Math.floor(best.height) };
}

/** Keeps the children of an element at the best size, whatever happens to it. */
export class Grid {
  #element;
  #onLayout;

  /**
   * @param {HTMLElement} element
   * @param {(tile: {width: number, height: number}) => void} onLayout
   */
  constructor(element, onLayout) {
    this.#element = element;
    this.#onLayout = onLayout;
    new ResizeObserver(() => this.layout()).observe(element);
  }

  layout() {
    const { clientWidth, clientHeight, children, style } = this.#element;
    if (!children.length || !clientWidth) return;
    const tile = tileSize(children.length, clientWidth, clientHeight);
    style.setProperty('--gap', `${GAP}px`);
    style.setProperty('--tile-width', `${tile.width}px`);
    style.setProperty('--tile-height', `${tile.height}px`);
    this.#onLayout(tile);
  }
}
