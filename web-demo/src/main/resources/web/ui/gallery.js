// Which of the tiles that are not large are in the grid: all, those with a picture, or a page of them; and where one's
// own is.

import { recall, remember } from './settings.js';

/** So many tiles stand on a page, by choice. */
export const PAGE_SIZES = [9, 16, 25, 49];
const USUAL_SIZE = 16;

export const SELF_VIEWS = ['large', 'small', 'hidden'];

export class Gallery {
  #page = 0;
  #pages = 1;

  /** How one sees oneself: in a tile like the others', small in a corner, or not at all. */
  get selfView() {
    const view = recall('selfView', 'large');
    return SELF_VIEWS.includes(view) ? view : 'large';
  }

  set selfView(view) {
    remember('selfView', view);
  }

  /** Whether those without a picture are left out. */
  get picturesOnly() {
    return recall('picturesOnly', false);
  }

  set picturesOnly(only) {
    remember('picturesOnly', only);
  }

  get pageSize() {
    const size = recall('pageSize', USUAL_SIZE);
    return PAGE_SIZES.includes(size) ? size : USUAL_SIZE;
  }

  set pageSize(size) {
    remember('pageSize', size);
  }

  /** The first is 0. */
  get page() {
    return this.#page;
  }

  get pages() {
    return this.#pages;
  }

  /** @param {number} by pages, forth or back */
  turn(by) {
    this.#page += by;
  }

  /**
   * @param {string[]} keys of the tiles, in order
   * @param {{self: string, others: number, hasPicture: (key: string) => boolean}} about others: how many are in the call
   * @returns {{grid: string[], corner: string[]}} keys of those that are shown
   */
  choose(keys, { self, others, hasPicture }) {
    const view = others ? this.selfView : 'large'; // alone there is nobody else to look at
    const corner = view === 'small' && keys.includes(self) ? [self] : [];
    const rest = keys.filter((key) => (key === self ? view === 'large' : !this.picturesOnly || hasPicture(key)));
    this.#pages = Math.max(1, Math.ceil(rest.length / this.pageSize));
    this.#page = Math.min(Math.max(0, this.#page), this.#pages - 1);
    const start = this.#page * this.pageSize;
    return { grid: rest.slice(start, start + this.pageSize), corner };
  }
}
