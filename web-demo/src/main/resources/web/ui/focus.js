// Which tiles are large: the one that was pinned, else shared screens, else, in the speaker layout, who speaks.

import { recall, remember } from './settings.js';

export class Focus {
  /** @type {'grid' | 'speaker'} */
  #layout = recall('layout', 'grid') === 'speaker' ? 'speaker' : 'grid';
  /** @type {string | null} tile key */
  #pinned = null;
  /** Whether there are shared screens, and they are large. */
  #screens = false;
  #screensLarge = true;
  /** @type {string | null} who is large in the speaker layout */
  #speaker = null;

  /** How it looks now. @returns {'grid' | 'speaker' | 'screen' | 'pinned'} whether something is large, and what */
  get layout() {
    if (this.#pinned) return 'pinned';
    if (this.#screens) return this.#screensLarge ? 'screen' : 'grid';
    return this.#layout;
  }

  /** What `toggleLayout` makes of it. @returns {'grid' | 'speaker' | 'screen'} */
  get next() {
    if (this.layout !== 'grid') return 'grid';
    return this.#screens ? 'screen' : 'speaker';
  }

  get pinned() {
    return this.#pinned;
  }

  /** All in a grid, whatever is large; else what would be large. Without a screen the choice is remembered. */
  toggleLayout() {
    const next = this.next;
    this.#pinned = null;
    if (this.#screens) {
      this.#screensLarge = next === 'screen';
    } else {
      this.#layout = next === 'grid' ? 'grid' : 'speaker';
      remember('layout', this.#layout);
    }
  }

  /** @param {string} key the pinned tile is let go */
  togglePin(key) {
    this.#pinned = this.#pinned === key ? null : key;
  }

  /** The large speaker stays until silent while another speaks, so that the picture does not jump. */
  onSpeakers(speakers) {
    if (speakers.length && !speakers.includes(this.#speaker)) this.#speaker = speakers[0];
  }

  /**
   * @param {{cameras: string[], screens: string[], self: string}} keys of the tiles that there are
   * @returns {string[]} keys of those that are large
   */
  choose({ cameras, screens, self }) {
    if (![...cameras, ...screens, self].includes(this.#pinned)) this.#pinned = null;
    if (screens.length && !this.#screens) this.#screensLarge = true; // a new one is to be seen
    this.#screens = screens.length > 0;
    if (this.layout === 'pinned') return [this.#pinned];
    if (this.layout === 'screen') return screens;
    if (this.layout === 'grid') return [];
    return [cameras.includes(this.#speaker) ? this.#speaker : (cameras[0] ?? self)];
  }
}
