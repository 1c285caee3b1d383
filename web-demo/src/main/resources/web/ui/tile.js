// One participant's tile: picture or initials, name, whether the microphone is off, whether they speak.

/** @param {string} name */
export function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...word][0].toUpperCase()).join('') || '?';
}

/** Paints the round sign that stands for someone without a picture; the same name has the same hue. */
export function paintAvatar(element, name) {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + letter.codePointAt(0)) % 360;
  element.style.setProperty('--hue', String(hash));
  element.textContent = initials(name);
}

/** What to say where a picture is paused. */
const PAUSES = { codec: 'Your browser cannot play this picture.' };

export class Tile {
  #video = document.createElement('video');
  #avatar = document.createElement('div');
  #label = document.createElement('span');
  #note = document.createElement('p');
  #stream = null;
  #hasPicture = false;
  #paused = null;

  /**
   * @param {{participant?: string, name: string, label?: string, kind: 'tile' | 'self' | 'screen'}} options kind is the
   *     test id too; label is what is written on the tile, if it is not the name alone
   */
  constructor({ participant, name, label = name, kind }) {
    this.element = document.createElement('article');
    this.element.className = `tile ${kind}`;
    this.element.dataset.testid = kind;
    if (participant) this.element.dataset.participant = participant;

    this.#video.muted = true; // sound is played apart, see sound.js; muted pictures may always play
    this.#video.playsInline = true;
    this.#video.autoplay = true;
    this.#video.disablePictureInPicture = kind === 'self';
    this.#avatar.className = 'avatar';
    this.#avatar.setAttribute('aria-hidden', 'true');

    const plate = document.createElement('footer');
    plate.append(icon('mic-off'), this.#label);
    this.#note.className = 'note';
    this.#note.hidden = true;
    this.element.append(this.#avatar, this.#video, this.#note, plate);
    this.#label.textContent = label; // never as HTML: it comes from others
    this.element.setAttribute('aria-label', label);
    this.#video.setAttribute('aria-label', label);
    paintAvatar(this.#avatar, name);
  }

  /** @param {MediaStream | null} stream */
  set stream(stream) {
    if (this.#stream === stream) return;
    this.#stream = stream;
    this.#attach();
  }

  /** Whether there is a picture to show: the initials are shown otherwise, even if a last frame stands. */
  set hasPicture(hasPicture) {
    if (this.#hasPicture === hasPicture) return;
    this.#hasPicture = hasPicture;
    this.#attach();
  }

  /** @param {'codec' | null} reason why nothing comes */
  set paused(reason) {
    if (this.#paused === reason) return;
    this.#paused = reason;
    this.#note.textContent = PAUSES[reason] ?? '';
    this.#note.hidden = reason === null;
    this.#attach();
  }

  set soundOff(off) {
    this.element.classList.toggle('sound-off', off);
  }

  set speaking(speaking) {
    this.element.classList.toggle('speaking', speaking);
  }

  #attach() {
    const shown = this.#hasPicture && this.#paused === null ? this.#stream : null;
    if (this.#video.srcObject !== shown) this.#video.srcObject = shown;
    this.element.classList.toggle('with-picture', shown !== null);
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
