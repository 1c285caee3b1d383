// Our own connection and device, in words, and what helps: from what the server says of our tracks and of those that
// we get.

import { onLanguage, t } from '../i18n/i18n.js';
import { CallBar } from './call-bar.js';

/** So long it must be bad before it is said, and good before it is no more. */
const BAD_MILLIS = 4000;
const GOOD_MILLIS = 6000;

/** Who closed it has read it. */
const CLOSED_MILLIS = 120_000;

const BAD = ['poor', 'bad'];

export class ConnectionNote {
  #room;
  #bar = new CallBar('connection');
  /** @type {Map<string, import('../plenum-client.js').Quality>} by participant and source */
  #rated = new Map();
  /** @type {'uplink' | 'downlink' | 'device' | null} */
  #shown = null;
  #timer = 0;
  /** What the timer is for. */
  #next = null;
  #closedUntil = 0;
  #turnCameraOff;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {() => void} turnCameraOff
   */
  constructor(room, turnCameraOff) {
    this.#room = room;
    this.#turnCameraOff = turnCameraOff;
    room.addEventListener('quality', ({ detail }) => this.#rate(detail));
    room.addEventListener('published', () => this.#paint());
    const endTranslation = onLanguage(() => this.#paint());
    room.addEventListener('state', ({ detail }) => {
      if (detail.state !== 'closed') return;
      endTranslation();
      clearTimeout(this.#timer);
      this.#shown = null;
      this.#bar.hide();
    });
  }

  #rate(quality) {
    const key = `${quality.participant} ${quality.source}`;
    if (quality.grade === null) this.#rated.delete(key);
    else this.#rated.set(key, quality);
    const what = weakness([...this.#rated.values()], this.#room.participant);
    if (what === this.#next && this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#next = what;
    if (what === this.#shown) return;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.#shown = what;
      this.#paint();
    }, what ? BAD_MILLIS : GOOD_MILLIS);
  }

  #paint() {
    if (!this.#shown || performance.now() < this.#closedUntil) return this.#bar.hide();
    const cameraOn = !this.#room.isMuted('camera');
    const actions = [{ id: 'connection-close', text: t('close'), run: () => this.#close() }];
    if (cameraOn) actions.unshift({ id: 'connection-camera', text: t('switch.cam.off'), run: this.#turnCameraOff });
    this.#bar.show(`${t(`connection.${this.#shown}`)} ${t(`connection.${this.#shown}.do`)}`, actions);
  }

  #close() {
    this.#closedUntil = performance.now() + CLOSED_MILLIS;
    this.#paint();
  }
}

/**
 * What is weak on our side.
 * @param {import('../plenum-client.js').Quality[]} qualities of our own tracks and those that we get
 * @param {string | null} self our own id
 * @returns {'uplink' | 'downlink' | 'device' | null} null: nothing, as far as is known
 */
export function weakness(qualities, self) {
  const bad = qualities.filter(({ grade }) => BAD.includes(grade));
  const own = bad.filter(({ participant }) => participant === self).map(({ cause }) => cause);
  if (own.includes('publisher-uplink')) return 'uplink';
  if (own.includes('publisher-device')) return 'device';
  const theirs = bad.filter(({ participant }) => participant !== self).map(({ cause }) => cause);
  if (theirs.includes('viewer-downlink')) return 'downlink';
  return theirs.includes('viewer-device') ? 'device' : null;
}
