// How large are n equal tiles in a box?

const WIDEST = 16 / 9;
const GAP = 10;

/** From this size of tiles down the style sheets leave something out; see there for tiles that are not in a grid. */
const NARROW_WIDTH = 215;
const SMALL_WIDTH = 260;
const LOW_HEIGHT = 110;

/** Where tiles would be smaller than the one, they are made at least as large as the other, and the grid scrolls. */
const LEAST_WIDTH = 100;
const SCROLLED_WIDTH = 150;

/**
 * The tile size that covers the most of the box.
 * @param {number} count
 * @param {number} boxWidth pixels
 * @param {number} boxHeight pixels
 * @param {number} narrowest the least width / height of a tile; the largest is 16 / 9
 * @returns {{width: number, height: number}} of a tile, in whole pixels
 */
export function tileSize(count, boxWidth, boxHeight, narrowest = WIDEST) {
  let best = { width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (boxWidth - GAP * (columns - 1)) / columns;
    const cellHeight = (boxHeight - GAP * (rows - 1)) / rows;
    const width = Math.min(cellWidth, cellHeight * WIDEST);
    const height = Math.min(cellHeight, width / narrowest);
    if (width * height > best.width * best.height) best = { width, height };
  }
  if (best.width < LEAST_WIDTH) {
    const columns = Math.max(1, Math.floor((boxWidth + GAP) / (SCROLLED_WIDTH + GAP)));
    const width = (boxWidth - GAP * (columns - 1)) / columns;
    best = { width, height: width / WIDEST };
  }
  return { width: Math.floor(best.width), height: Math.floor(best.height) };
}

/** Keeps the children of an element at the best size, whatever happens to it. */
export class Grid {
  #element;
  #onLayout;
  /** Of the element, as it was last told: to ask it would have the browser lay out the page at once. */
  #box = { width: 0, height: 0 };
  #observer = new ResizeObserver(([{ contentRect }]) => {
    this.#box = contentRect;
    this.layout();
  });

  /**
   * @param {HTMLElement} element
   * @param {(tile: {width: number, height: number}) => void} onLayout
   */
  constructor(element, onLayout) {
    this.#element = element;
    this.#onLayout = onLayout;
    this.#observer.observe(element);
  }

  close() {
    this.#observer.disconnect();
  }

  layout() {
    const { children, classList, style } = this.#element;
    const { width, height } = this.#box;
    if (!children.length || !width) return;
    const narrowest = innerWidth < innerHeight ? 2 / 3 : WIDEST; // on an upright phone tiles may be upright too
    const tile = tileSize(children.length, width, height, narrowest);
    style.setProperty('--gap', `${GAP}px`);
    style.setProperty('--tile-width', `${tile.width}px`);
    style.setProperty('--tile-height', `${tile.height}px`);
    markSize(classList, tile);
    this.#onLayout(tile);
  }
}

/**
 * So that the style sheets leave out what has no place on tiles of this size.
 * @param {DOMTokenList} classList of what they are in
 * @param {{width: number, height: number}} tile
 */
export function markSize(classList, { width, height }) {
  classList.toggle('tiles-narrow', width <= NARROW_WIDTH);
  classList.toggle('tiles-small', width <= SMALL_WIDTH);
  classList.toggle('tiles-low', height <= LOW_HEIGHT);
}
