// What a host sees of the breakout rooms: how many, who goes where, for how long, and the way back for all. People are put
// into rooms by dragging their names, or by the choice beside each.

import { onLanguage, t } from '../i18n/i18n.js';
import { clock } from './figures.js';
import { alertUser, notice } from './notices.js';

const byId = (id) => document.getElementById(id);

export const MOST_ROOMS = 50;

export class BreakoutDialog {
  #room;
  #moderation;
  #dialog = byId('breakouts');
  #timer = 0;
  /** Whose name is being dragged. @type {string | null} */
  #dragged = null;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {() => import('../plenum-client.js').Moderation} moderation of the main room
   */
  constructor(room, moderation) {
    this.#room = room;
    this.#moderation = moderation;
    byId('breakouts-count').max = String(MOST_ROOMS);
    byId('breakouts-make').onclick = () => this.#make();
    byId('breakouts-random').onclick = () => this.#try(() => moderation().changeBreakouts({ random: true }));
    byId('breakouts-open').onclick = () => this.#open();
    byId('breakouts-end').onclick = () => this.#try(() => moderation().endBreakouts());
    byId('breakouts-say').onclick = () => this.#say();
    byId('breakouts-text').onkeydown = (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault(); // the form would close the dialog
      this.#say();
    };
    for (const id of ['breakouts-count', 'breakouts-minutes']) byId(id).onkeydown = (event) => event.key === 'Enter' && event.preventDefault();
    this.#dialog.onclose = () => clearInterval(this.#timer);
    const endTranslation = onLanguage(() => this.#paint());
    for (const type of ['breakouts', 'rules']) room.addEventListener(type, () => this.#paint());
    room.addEventListener('state', ({ detail }) => {
      if (detail.state !== 'closed') return;
      clearInterval(this.#timer);
      endTranslation();
    });
  }

  open() {
    if (!this.#room.isHost) return;
    this.#paint();
    this.#dialog.showModal();
    this.#timer = setInterval(() => this.#paintTime(), 1000);
  }

  async #make() {
    const count = Math.round(Number(byId('breakouts-count').value));
    if (!(count >= 1 && count <= MOST_ROOMS)) return alertUser(t('breakout.wrongCount', { most: MOST_ROOMS }));
    const titles = Array.from({ length: count }, (_, i) => t('breakout.number', { number: i + 1 }));
    await this.#try(() => this.#moderation().makeBreakouts(titles));
  }

  async #open() {
    const minutes = Math.round(Number(byId('breakouts-minutes').value) || 0);
    await this.#try(() => this.#moderation().changeBreakouts({ seconds: Math.max(0, minutes) * 60, open: true }));
  }

  async #say() {
    const box = byId('breakouts-text');
    const text = box.value.trim();
    if (!text) return;
    if (await this.#try(() => this.#moderation().tellBreakouts(text))) {
      box.value = '';
      notice(t('breakout.said'));
    }
  }

  #place(participant, room) {
    return this.#try(() => this.#moderation().changeBreakouts({ assignments: [room ? { participant, room } : { participant }] }));
  }

  #paint() {
    const { rooms, open, people } = this.#room.breakouts;
    byId('open-breakouts').hidden = !this.#room.isHost;
    if (!this.#room.isHost && this.#dialog.open) this.#dialog.close();
    byId('breakouts-make').textContent = t(rooms.length ? 'breakout.remake' : 'breakout.make');
    byId('breakouts-setup').hidden = open;
    byId('breakouts-random').hidden = rooms.length === 0;
    byId('breakouts-begin').hidden = open || rooms.length === 0;
    byId('breakouts-running').hidden = !open;
    byId('breakouts-hint').hidden = rooms.length === 0;
    const focused = document.activeElement?.dataset.focusKey;
    const boxes = rooms.length ? [{ room: '', title: t('breakout.main') }, ...rooms] : [];
    byId('breakouts-rooms').replaceChildren(...boxes.map((each) => this.#box(each, rooms, open, people ?? [])));
    if (focused) byId('breakouts-rooms').querySelector(`[data-focus-key="${CSS.escape(focused)}"]`)?.focus();
    this.#paintTime();
  }

  #paintTime() {
    const { endsAt } = this.#room.breakouts;
    const left = endsAt === null ? '' : t('breakout.left', { time: clock(Math.max(0, Math.ceil((endsAt - performance.now()) / 1000))) });
    if (byId('breakouts-left').textContent !== left) byId('breakouts-left').textContent = left;
  }

  #box({ room, title }, rooms, open, people) {
    const { main, here } = this.#room.breakouts;
    const box = document.createElement('section');
    box.dataset.testid = 'breakout-box';
    box.dataset.room = room;
    const heading = document.createElement('h3');
    heading.id = `breakout-${room || 'main'}`;
    box.setAttribute('aria-labelledby', heading.id);
    const list = document.createElement('ul');
    const listed = people.filter(({ assigned }) => (assigned ?? '') === room);
    heading.textContent = t('breakout.boxTitle', { title, count: listed.length });
    list.append(...listed.map((one) => this.#person(one, rooms, open)));
    box.append(heading);
    if (open && (room || main) !== here) {
      const enter = document.createElement('button');
      enter.type = 'button';
      enter.className = 'plain';
      enter.dataset.testid = 'breakout-enter';
      enter.dataset.focusKey = `enter ${room}`;
      enter.textContent = t('breakout.joinOf', { title });
      enter.onclick = () => {
        this.#dialog.close();
        this.#room.goTo(room || main);
      };
      box.append(enter);
    }
    box.append(list);
    this.#takeDrops(box, room);
    return box;
  }

  #person({ participant, name, room, assigned }, rooms, open) {
    const item = document.createElement('li');
    item.dataset.testid = 'breakout-person';
    item.draggable = true;
    item.ondragstart = ({ dataTransfer }) => {
      this.#dragged = participant;
      dataTransfer.effectAllowed = 'move';
      dataTransfer.setData('text/plain', name);
    };
    item.ondragend = () => (this.#dragged = null);
    const label = Object.assign(document.createElement('span'), { className: 'name', textContent: name });
    const choice = document.createElement('select');
    choice.dataset.testid = 'breakout-choice';
    choice.dataset.focusKey = `choice ${participant}`;
    choice.setAttribute('aria-label', t('breakout.roomOf', { name }));
    choice.append(new Option(t('breakout.main'), ''), ...rooms.map((each) => new Option(each.title, each.room)));
    choice.value = assigned ?? '';
    choice.onchange = () => this.#place(participant, choice.value);
    item.append(label);
    const isAway = open && room !== (assigned ?? this.#room.breakouts.main);
    if (isAway) item.append(Object.assign(document.createElement('span'), { className: 'soft', textContent: this.#where(room, rooms) }));
    item.append(choice);
    return item;
  }

  /** Where somebody is who is not where they belong. */
  #where(room, rooms) {
    return t('breakout.isIn', { title: rooms.find((each) => each.room === room)?.title ?? t('breakout.main') });
  }

  #takeDrops(box, room) {
    box.ondragover = (event) => {
      if (!this.#dragged) return;
      event.preventDefault();
      box.classList.add('over');
    };
    box.ondragleave = ({ relatedTarget }) => box.contains(relatedTarget) || box.classList.remove('over');
    box.ondrop = (event) => {
      event.preventDefault();
      box.classList.remove('over');
      const dragged = this.#dragged;
      this.#dragged = null;
      if (dragged) this.#place(dragged, room);
    };
  }

  /** @returns {Promise<boolean>} whether it was done; what the server did not do is not shown as done */
  async #try(act) {
    try {
      await act();
      return true;
    } catch (error) {
      alertUser(t('problem.server', { message: error.message }));
      this.#paint();
      return false;
    }
  }
}
