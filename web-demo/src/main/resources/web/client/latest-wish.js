// Of several wishes for the same thing the latest counts.

/** A device takes its time to open: of several wishes for the same one the latest counts, and the others are given up. */
export class LatestWish {
  /** @type {Map<string, object>} */
  #wishes = new Map();

  /** @param {string} kind of device @returns {() => boolean} whether this wish still counts */
  begin(kind) {
    const wish = {};
    this.#wishes.set(kind, wish);
    return () => this.#wishes.get(kind) === wish;
  }

  /** None counts any more. @param {string} [kind] of this device; default: of all */
  giveUp(kind) {
    if (kind) this.#wishes.delete(kind);
    else this.#wishes.clear();
  }
}
