// What hosts see and hear while others wait to be let in: who they are, and a button for each, and for all.

import { t } from '../i18n/i18n.js';
import { chime } from './chime.js';
import { alertUser, notice } from './notices.js';

/** From so many on they are looked for by name. */
const MANY = 6;

const byId = (id) => document.getElementById(id);

export class Doorbell {
  #room;
  #moderation;
  /** @type {Set<string>} who waited when we looked last */
  #known = new Set();

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {() => import('../plenum-client.js').Moderation} moderation
   */
  constructor(room, moderation) {
    this.#room = room;
    this.#moderation = moderation;
    byId('doorbell').hidden = true;
    byId('doorbell-find').value = '';
    byId('doorbell-find').oninput = () => this.paint();
    byId('doorbell-all').onclick = () => this.#try(() => this.#admitShown());
    room.addEventListener('waiting', () => this.#onWaiting());
    room.addEventListener('state', ({ detail }) => detail.state === 'closed' && (byId('doorbell').hidden = true));
  }

  paint() {
    const all = this.#room.waiting;
    byId('doorbell').hidden = all.length === 0;
    byId('doorbell-title').textContent = t('waiting.people', { count: all.length });
    byId('doorbell-find').hidden = all.length < MANY;
    if (byId('doorbell-find').hidden) byId('doorbell-find').value = '';
    const shown = this.#shown();
    const focused = document.activeElement?.dataset.focusKey;
    byId('doorbell-list').replaceChildren(...shown.map((waiter) => this.#entry(waiter)));
    if (focused) byId('doorbell-list').querySelector(`[data-focus-key="${CSS.escape(focused)}"]`)?.focus();
    byId('doorbell-all').hidden = shown.length < 2;
    byId('doorbell-all').textContent = t('waiting.admitAll', { count: shown.length });
  }

  #onWaiting() {
    const before = this.#known;
    this.#known = new Set(this.#room.waiting.map(({ waiting }) => waiting));
    const news = this.#room.waiting.filter(({ waiting }) => !before.has(waiting));
    if (news.length) {
      chime();
      notice(t('waiting.knocks', { name: news.at(-1).name }));
    }
    this.paint();
  }

  #shown() {
    const wanted = byId('doorbell-find').value.trim().toLocaleLowerCase();
    return this.#room.waiting.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  }

  async #admitShown() {
    const shown = this.#shown();
    const all = shown.length === this.#room.waiting.length;
    await this.#moderation().admit(all ? { all: true } : { waiting: shown.map(({ waiting }) => waiting) });
  }

  #entry({ waiting, name }) {
    const item = document.createElement('li');
    item.dataset.testid = 'waiter';
    const label = Object.assign(document.createElement('span'), { className: 'name', textContent: name });
    const admit = this.#button('admit', waiting, name, () => this.#moderation().admit({ waiting: [waiting] }));
    const refuse = this.#button('refuse', waiting, name, () => this.#moderation().refuse(waiting));
    item.append(label, admit, refuse);
    return item;
  }

  #button(what, waiting, name, act) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = what === 'admit' ? 'plain filled' : 'plain';
    button.dataset.testid = what;
    button.dataset.focusKey = `${waiting} ${what}`;
    button.textContent = t(`waiting.${what}`);
    button.setAttribute('aria-label', t(`waiting.${what}Of`, { name }));
    button.onclick = () => this.#try(act);
    return button;
  }

  async #try(act) {
    try {
      await act();
    } catch (error) {
      alertUser(t('problem.server', { message: error.message }));
    }
  }
}
