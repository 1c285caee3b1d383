// One participant's tile: picture or initials, name, how well it comes, whether the microphone is off, whether they speak.

import { onLanguage, t } from '../i18n/i18n.js';
import { Bars } from './bars.js';

/** @param {string} name */
export function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...word][0].toUpperCase()).join('') || '?';
}

/** @param {string} name @returns {number} the same for the same name */
export function hueOf(name) {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + letter.codePointAt(0)) % 360;
  return hash;
}

/** Paints the round sign that stands for someone without a picture. */
export function paintAvatar(element, name) {
  element.style.setProperty('--hue', String(hueOf(name)));
  element.textContent = initials(name);
}

/**
 * @typedef {object} TileOptions
 * @property {string} [participant]
 * @property {string} name
 * @property {() => string} [label] what is written on the tile, if it is not the name alone
 * @property {'tile' | 'self' | 'screen'} kind the test id too
 * @property {import('./tile-actions.js').TileAction[]} [actions]
 */

/** So long a picture is smaller than it should be before it is said: most are so for a moment, when they begin. */
const LIMITED_MILLIS = 3000;

export class Tile {
  #video = document.createElement('video');
  #avatar = document.createElement('div');
  #label = document.createElement('span');
  #labelText;
  #note = document.createElement('p');
  #limit = document.createElement('p');
  #limitTimer = 0;
  #limited = false;
  #direct = document.createElement('span');
  #hand = document.createElement('span');
  #handPlace = 0;
  #actions = document.createElement('div');
  #bars;
  #name;
  #stream = null;
  #hasPicture = false;
  #paused = null;
  #endTranslation;

  /** @param {TileOptions} options */
  constructor({ participant, name, label, kind, actions = [] }) {
    this.kind = kind;
    this.participant = participant;
    this.element = document.createElement('article');
    this.element.className = `tile ${kind}`;
    this.element.dataset.testid = kind;
    if (participant) this.element.dataset.participant = participant;

    this.#video.muted = true; // sound is played apart, see sound.js; muted pictures may always play
    this.#video.playsInline = true;
    this.#video.autoplay = true;
    this.#video.onloadeddata = () => this.#reveal();
    this.#video.disablePictureInPicture = kind === 'self';
    this.#avatar.className = 'avatar';
    this.#avatar.setAttribute('aria-hidden', 'true');

    const plate = document.createElement('footer');
    this.#bars = new Bars(kind === 'self');
    this.#name = name;
    this.#direct.className = 'direct';
    this.#direct.hidden = true;
    this.#direct.setAttribute('role', 'img');
    this.#direct.append(icon('direct'));
    plate.append(icon('mic-off'), this.#label, this.#direct, this.#bars.element);
    this.#note.className = 'note';
    this.#note.hidden = true;
    this.#limit.className = 'limit';
    this.#limit.hidden = true;
    this.#hand.className = 'raised';
    this.#hand.hidden = true;
    this.#hand.setAttribute('role', 'img');
    this.#hand.append(icon('hand'));
    this.#actions.className = 'tile-actions';
    this.#actions.append(...actions.map((action) => action.button(this)));
    this.element.append(this.#avatar, this.#video, this.#note, this.#limit, this.#hand, plate, this.#actions);
    this.#labelText = label ?? (() => this.#name);
    paintAvatar(this.#avatar, name);
    this.#endTranslation = onLanguage(() => this.#translate(this.#labelText()));
  }

  /** Whose tile it is, if that is learnt or changed later. */
  set name(name) {
    this.#name = name;
    paintAvatar(this.#avatar, name);
    this.#translate(this.#labelText());
  }

  /** @param {MediaStream | null} stream */
  set stream(stream) {
    if (this.#stream === stream) return;
    this.#stream = stream;
    this.#attach();
  }

  get video() {
    return this.#video;
  }

  get hasPicture() {
    return this.#hasPicture;
  }

  /** Whether there is a picture to show: the initials are shown otherwise, even if a last frame stands. */
  set hasPicture(hasPicture) {
    if (this.#hasPicture === hasPicture) return;
    this.#hasPicture = hasPicture;
    this.#attach();
  }

  /** @param {'codec' | 'bandwidth' | 'overload' | null} reason why nothing comes */
  set paused(reason) {
    if (this.#paused === reason) return;
    this.#paused = reason;
    this.#paintNote();
    this.#attach();
  }

  /** Whether our own connection keeps the picture small. */
  set limited(limited) {
    if (this.#limited === limited) return;
    this.#limited = limited;
    clearTimeout(this.#limitTimer);
    if (limited) this.#limitTimer = setTimeout(() => (this.#limit.hidden = false), LIMITED_MILLIS);
    else this.#limit.hidden = true;
  }

  /** How good one of its tracks is. @param {import('../plenum-client.js').Quality} quality */
  rate(quality) {
    this.#bars.rate(quality);
    this.#bars.paint(this.#name);
  }

  /** Whether sound and picture come directly from them, and not by the server. */
  set direct(direct) {
    this.#direct.hidden = !direct;
  }

  set soundOff(off) {
    this.element.classList.toggle('sound-off', off);
  }

  set speaking(speaking) {
    this.element.classList.toggle('speaking', speaking);
  }

  /** @param {number} place of their raised hand among others, from 1; 0: it is down */
  set hand(place) {
    if (this.#handPlace === place) return;
    this.#hand.hidden = place === 0;
    this.#hand.dataset.place = String(place);
    this.#handPlace = place;
    this.#paintHand();
  }

  set pinned(pinned) {
    this.element.classList.toggle('pinned', pinned);
    this.#actions.querySelector('[data-action=pin]')?.setAttribute('aria-pressed', String(pinned));
  }

  /** Whether we record it. */
  set recorded(recorded) {
    this.#actions.querySelector('[data-action=record]')?.setAttribute('aria-pressed', String(recorded));
  }

  /** Puts the tile elsewhere; a picture that plays goes on playing. @param {Element | null} next before which; null: last */
  moveTo(parent, next) {
    if (parent.moveBefore && this.element.isConnected && parent.isConnected) parent.moveBefore(this.element, next);
    else parent.insertBefore(this.element, next);
    if (this.#video.srcObject) this.#video.play().catch(() => {});
  }

  remove() {
    this.#endTranslation();
    clearTimeout(this.#limitTimer);
    this.element.remove();
    this.#video.srcObject = null;
  }

  #translate(label) {
    this.#label.textContent = label; // never as HTML: it comes from others
    this.element.setAttribute('aria-label', label);
    this.#video.setAttribute('aria-label', label);
    this.#paintHand();
    this.#direct.setAttribute('aria-label', t('direct.sign'));
    this.#direct.title = t('direct.more');
    this.#limit.textContent = t('limited.bandwidth');
    this.#limit.title = t('limited.bandwidthMore');
    this.#paintNote();
    this.#bars.paint(this.#name);
    for (const button of this.#actions.children) {
      button.title = t(`tile.${button.dataset.action}`);
      button.setAttribute('aria-label', t(`tile.${button.dataset.action}Of`, { name: label }));
    }
  }

  #paintHand() {
    this.#hand.setAttribute('aria-label', t('hand.place', { place: this.#handPlace }));
  }

  #paintNote() {
    this.#note.textContent = this.#paused ? t(`paused.${this.#paused}`) : '';
    this.#note.hidden = this.#paused === null;
  }

  /** Until its first frame a picture is an empty box: the initials stand there till then. */
  #reveal() {
    const isSeen = this.#video.srcObject !== null && this.#video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    this.element.classList.toggle('with-picture', isSeen);
  }

  #attach() {
    const shown = this.#hasPicture && this.#paused === null ? this.#stream : null;
    if (this.#video.srcObject !== shown) this.#video.srcObject = shown;
    this.#reveal();
    if (shown) this.#video.play().catch(() => {}); // autoplay does it where this is refused
  }
}

/** @param {string} name */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}
