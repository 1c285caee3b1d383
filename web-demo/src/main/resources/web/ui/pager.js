// Turns the pages of the gallery.

import { onLanguage, t } from '../i18n/i18n.js';

const byId = (id) => document.getElementById(id);

export class Pager {
  #gallery;
  #endTranslation;

  /**
   * @param {import('./gallery.js').Gallery} gallery
   * @param {() => void} onTurn
   */
  constructor(gallery, onTurn) {
    this.#gallery = gallery;
    const turn = (by) => () => {
      gallery.turn(by);
      onTurn();
    };
    byId('page-back').onclick = turn(-1);
    byId('page-forth').onclick = turn(1);
    this.#endTranslation = onLanguage(() => this.paint());
  }

  paint() {
    const { page, pages } = this.#gallery;
    byId('pager').hidden = pages < 2;
    byId('page-text').textContent = t('pages.of', { page: page + 1, pages });
    // A button that loses its use keeps the focus.
    byId('page-back').setAttribute('aria-disabled', String(page === 0));
    byId('page-forth').setAttribute('aria-disabled', String(page >= pages - 1));
  }

  close() {
    this.#endTranslation();
    byId('pager').hidden = true;
  }
}
