// In which breakout room we are, how long yet, and the way back; or that one waits for us.

import { onLanguage, t } from '../i18n/i18n.js';
import { CallBar } from './call-bar.js';
import { clock } from './figures.js';
import { notice } from './notices.js';

const byId = (id) => document.getElementById(id);

/** Before all are called back it is said once. */
const WARNING_MILLIS = 60_000;

export class BreakoutBar {
  #room;
  #bar = new CallBar('breakout');
  #left = document.createElement('b');
  #timer = 0;
  #warned = false;
  #roomName;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {string} roomName the main room's
   */
  constructor(room, roomName) {
    this.#room = room;
    this.#roomName = roomName;
    const endTranslation = onLanguage(() => this.#paint());
    for (const type of ['breakouts', 'rules']) room.addEventListener(type, () => this.#paint());
    room.addEventListener('moved', () => this.#say());
    room.addEventListener('message', ({ detail: { from, topic, text } }) => {
      if (from === null && topic === 'breakouts') notice(t('breakout.told', { text }));
    });
    room.addEventListener('state', ({ detail }) => {
      if (detail.state !== 'closed') return;
      endTranslation();
      clearInterval(this.#timer);
      this.#bar.hide();
    });
  }

  /** Where we are now: for who looks, and for who listens. */
  #say() {
    const { inside, title } = this.#room.breakouts;
    notice(inside ? t('breakout.entered', { title: title || t('breakout.room') }) : t('breakout.back', { room: this.#roomName }));
  }

  #paint() {
    const { inside, title, open, assigned, main, rooms, endsAt } = this.#room.breakouts;
    this.#paintTitle(inside, title);
    clearInterval(this.#timer);
    const due = rooms.find(({ room }) => room === assigned);
    if (inside) {
      const text = title ? t('breakout.here', { title }) : t('breakout.over');
      this.#show(text, { id: 'breakout-back', text: t('breakout.return'), run: () => this.#room.goTo(main) });
    } else if (open && due) {
      const text = t('breakout.assigned', { title: due.title });
      this.#show(text, { id: 'breakout-join', text: t('breakout.join'), run: () => this.#room.goTo(due.room) });
    } else {
      this.#warned = false;
      return this.#bar.hide();
    }
    if (endsAt === null) return;
    this.#tick(endsAt);
    this.#timer = setInterval(() => document.hidden || this.#tick(endsAt), 1000);
  }

  #show(text, action) {
    this.#bar.show(text, [action]);
    this.#left.remove();
  }

  #tick(endsAt) {
    const left = Math.max(0, endsAt - performance.now());
    this.#left.textContent = clock(Math.ceil(left / 1000));
    this.#left.setAttribute('aria-label', t('breakout.left', { time: this.#left.textContent }));
    this.#bar.append(this.#left);
    if (left > WARNING_MILLIS || this.#warned) return;
    this.#warned = true;
    if (left > 0) notice(t('breakout.soon'));
  }

  #paintTitle(inside, title) {
    if (byId('call').hidden) return;
    const name = inside && title ? `${this.#roomName} · ${title}` : this.#roomName;
    byId('room-title').textContent = name;
    document.title = `${name} – Plenum`;
  }
}
