// The panel beside the pictures: one of chat, participants and statistics at a time, or none.

import { t } from '../i18n/i18n.js';

const byId = (id) => document.getElementById(id);
const VIEWS = ['chat', 'people', 'statistics'];
const OPENERS = { chat: 'open-chat', people: 'open-people', statistics: 'more' };

/** Event `change`: another view, or none, is shown. */
export class Panels extends EventTarget {
  /** @type {'chat' | 'people' | 'statistics' | null} */
  view = null;

  constructor() {
    super();
    byId('panel-close').onclick = () => this.close();
    byId('panel').onkeydown = (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.close();
    };
    this.paint();
  }

  toggle(view) {
    if (this.view === view) return this.close();
    this.#show(view);
    const focused = view === 'chat' ? byId('chat-text') : byId('panel-title');
    focused.focus();
  }

  /** The focus goes back to where it was opened. */
  close() {
    const opener = byId(OPENERS[this.view]);
    const hadFocus = byId('panel').contains(document.activeElement);
    this.#show(null);
    if (hadFocus) opener?.focus();
  }

  paint() {
    byId('panel').hidden = this.view === null;
    for (const view of VIEWS) byId(view).hidden = this.view !== view;
    if (this.view) byId('panel-title').textContent = t(`${this.view === 'statistics' ? 'stats' : this.view}.title`);
    for (const view of ['chat', 'people']) {
      const opener = byId(OPENERS[view]);
      opener.setAttribute('aria-expanded', String(this.view === view));
      opener.classList.toggle('active', this.view === view);
      if (view === 'people') opener.title = t('people.title');
      if (view === 'people') opener.setAttribute('aria-label', t('people.title'));
    }
  }

  #show(view) {
    if (view === this.view) return;
    this.view = view;
    this.paint();
    this.dispatchEvent(new Event('change'));
  }
}
