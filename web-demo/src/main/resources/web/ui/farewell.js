// The page after the call, and between two of them: no device is open while it is shown.

import { onLanguage, t } from '../i18n/i18n.js';

const byId = (id) => document.getElementById(id);

/**
 * @typedef {object} Shown
 * @property {() => string} title in the present language
 * @property {(() => string) | null} [reason] why the call ended, unless it was left
 * @property {boolean} [busy] another call is about to begin
 */

export class Farewell {
  /** @type {Shown} */
  #shown = { title: () => '' };

  /** @param {{onRejoin: () => void, onLobby: () => void}} handlers */
  constructor({ onRejoin, onLobby }) {
    byId('rejoin').onclick = onRejoin;
    byId('to-lobby').onclick = onLobby;
    onLanguage(() => this.#paint());
  }

  get isShown() {
    return !byId('left').hidden;
  }

  /** @param {Shown} shown */
  show(shown) {
    this.#shown = shown;
    byId('left').hidden = false;
    this.#paint();
    if (shown.busy) byId('left-title').focus();
    else byId('rejoin').focus();
  }

  hide() {
    byId('left').hidden = true;
  }

  #paint() {
    const { title, reason, busy = false } = this.#shown;
    byId('left-title').textContent = title();
    byId('left-reason').textContent = reason?.() ?? '';
    byId('left-reason').hidden = !reason;
    byId('left-devices').hidden = byId('rejoin').hidden = byId('to-lobby').hidden = busy;
  }
}
