// The list of participants: who is here, whose hand is up, who is muted.

import { t } from '../i18n/i18n.js';
import { icon, paintAvatar } from './tile.js';

const CHANGES = ['joined', 'left', 'track', 'published', 'hidden'];

export class PeoplePanel {
  #room;
  #conversation;
  #name;
  #list = document.getElementById('people-list');
  #frame = 0;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {import('../plenum-client.js').Conversation} conversation
   * @param {string} name our own
   */
  constructor(room, conversation, name) {
    this.#room = room;
    this.#conversation = conversation;
    this.#name = name;
    for (const type of CHANGES) room.addEventListener(type, () => this.paint());
    conversation.addEventListener('hands', () => this.paint());
  }

  /** Draws the list anew before the next frame, once for many changes. */
  paint() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#list.replaceChildren(...this.#sorted().map((person) => this.#entry(person)));
    });
  }

  /** Raised hands first, in the order in which they were raised; then we, then the others by name. */
  #sorted() {
    const room = this.#room;
    const self = { participant: room.participant, name: this.#name, own: true };
    const others = [...room.participants.values()].sort((a, b) => a.name.localeCompare(b.name));
    const hands = [...this.#conversation.hands];
    const place = ({ participant }) => (hands.includes(participant) ? hands.indexOf(participant) : hands.length);
    return [self, ...others].sort((a, b) => place(a) - place(b));
  }

  #entry({ participant, name, own, tracks }) {
    const isOn = (source) => (own ? !this.#room.isMuted(source) : tracks.some((track) => track.source === source && !track.muted));
    const item = document.createElement('li');
    item.dataset.testid = 'person';
    const avatar = document.createElement('span');
    avatar.className = 'avatar';
    avatar.setAttribute('aria-hidden', 'true');
    paintAvatar(avatar, name);
    const label = document.createElement('span');
    label.className = 'name';
    label.textContent = own ? t('tile.you', { name }) : name;
    item.append(avatar, label);
    if (this.#conversation.hands.has(participant)) item.append(sign('hand', t('hand.isUp')));
    if (isOn('screen')) item.append(sign('share', t('people.sharing')));
    item.append(sign(isOn('microphone') ? 'mic' : 'mic-off', t(isOn('microphone') ? 'people.micOn' : 'people.micOff')));
    item.append(sign(isOn('camera') ? 'cam' : 'cam-off', t(isOn('camera') ? 'people.camOn' : 'people.camOff')));
    return item;
  }
}

function sign(name, label) {
  const span = document.createElement('span');
  span.className = `sign ${name}`;
  span.setAttribute('role', 'img');
  span.setAttribute('aria-label', label);
  span.title = label;
  span.append(icon(name));
  return span;
}
