// Which tiles are large: the one that was pinned, else shared screens, else, in the speaker layout, who speaks.

import { recall, remember } from './settings.js';

export class Focus {
  /** @type {'grid' | 'speaker'} */
  #layout = recall('layout', 'grid') === 'speaker' ? 'speaker' : 'grid';
  /** @type {string | null} tile key */
  #pinned = null;
  /** @type {string | null} who is large in the speaker layout */
  #speaker = null;

  get layout() {
    return this.#layout;
  }

  get pinned() {
    return this.#pinned;
  }

  toggleLayout() {
    this.#layout = this.#layout === 'grid' ? 'speaker' : 'grid';
    remember('layout', this.#layout);
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
    if (this.#pinned) return [this.#pinned];
    if (screens.length) return screens;
    if (this.#layout === 'grid') return [];
    return [cameras.includes(this.#speaker) ? this.#speaker : (cameras[0] ?? self)];
  }
}
