// The list of participants: who is here, whose hand is up, who is muted.

import { t } from '../i18n/i18n.js';
import { ModeratorButtons } from './moderator-buttons.js';
import { icon, paintAvatar } from './tile.js';

/** A list that nobody sees waits so long, and is drawn when there is nothing else to draw. */
const UNSEEN_MILLIS = 300;

const CHANGES = ['joined', 'left', 'track', 'published', 'hidden', 'name', 'renamed', 'moderated', 'silenced', 'rules'];

export class PeoplePanel {
  #room;
  #conversation;
  #wishedName;
  #list = document.getElementById('people-list');
  #section = document.getElementById('people');
  #isWaiting = false;
  #moderator;

  /** What others are shown, which the token may have chosen. */
  get #ownName() {
    return this.#room.name || this.#wishedName;
  }

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {import('../plenum-client.js').Conversation} conversation
   * @param {{name: string, moderation: () => import('../plenum-client.js').Moderation}} options name: our own
   */
  constructor(room, conversation, { name, moderation }) {
    this.#room = room;
    this.#conversation = conversation;
    this.#wishedName = name;
    for (const type of CHANGES) room.addEventListener(type, () => this.paint());
    conversation.addEventListener('hands', () => this.paint());
    this.#moderator = new ModeratorButtons(room, conversation, moderation, () => this.paint());
  }

  /** Draws the list anew, once for many changes: before the next frame where it is seen. */
  paint() {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    if (this.#section.hidden) setTimeout(() => this.#isWaiting && this.#draw(), UNSEEN_MILLIS);
    else requestAnimationFrame(() => this.#isWaiting && this.#draw());
  }

  /** It is to be seen now. */
  open() {
    if (this.#isWaiting) this.#draw();
  }

  #draw() {
    this.#isWaiting = false;
    const focused = document.activeElement?.dataset.focusKey;
    this.#list.replaceChildren(...this.#sorted().map((person) => this.#entry(person)));
    if (this.#room.isHost) this.#list.append(this.#roomEntry());
    if (focused) this.#list.querySelector(`[data-focus-key="${CSS.escape(focused)}"]`)?.focus();
  }

  /** Raised hands first, in the order in which they were raised; then we, then the others by name. */
  #sorted() {
    const room = this.#room;
    const self = { participant: room.participant, name: this.#ownName, own: true };
    const others = [...room.participants.values()].sort((a, b) => a.name.localeCompare(b.name));
    const hands = [...this.#conversation.hands];
    const place = ({ participant }) => (hands.includes(participant) ? hands.indexOf(participant) : hands.length);
    return [self, ...others].sort((a, b) => place(a) - place(b));
  }

  #entry({ participant, name, own, tracks, silenced }) {
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
    if (this.#room.hosts.has(participant)) item.append(sign('host', t('people.host')));
    if (isOn('screen')) item.append(sign('share', t('people.sharing')));
    const isSilenced = own ? this.#room.isSilenced('microphone') : silenced.includes('microphone');
    const microphone = isSilenced ? 'people.silenced' : isOn('microphone') ? 'people.micOn' : 'people.micOff';
    item.append(sign(isOn('microphone') ? 'mic' : 'mic-off', t(microphone)));
    item.append(sign(isOn('camera') ? 'cam' : 'cam-off', t(isOn('camera') ? 'people.camOn' : 'people.camOff')));
    if (!own && this.#room.isHost) {
      const buttons = this.#moderator.forPerson({ participant, name, tracks, silenced });
      for (const button of buttons) button.dataset.focusKey = `${participant} ${button.dataset.testid}`;
      const group = document.createElement('span');
      group.className = 'deeds';
      group.append(...buttons);
      item.append(group);
    }
    return item;
  }

  #roomEntry() {
    const item = document.createElement('li');
    item.className = 'room';
    const buttons = this.#moderator.forRoom([...this.#room.participants.values()]);
    for (const button of buttons) button.dataset.focusKey = `room ${button.dataset.testid}`;
    item.append(...buttons);
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
