// Says that we are muted when we talk all the same.

import { t } from '../i18n/i18n.js';
import { CallBar } from './call-bar.js';
import { LEVELS_A_SECOND } from './own-voice.js';

/** As loud as somebody who talks into the microphone, on LevelMeter's scale. */
const SPEECH = 0.4;

/** So many of the last levels, about three seconds, must be as loud: a cough is not. */
const LOUD_LEVELS = 4;
const WATCHED_LEVELS = 3 * LEVELS_A_SECOND;

const SHOWN_MILLIS = 8000;

/** Who has been told and goes on talking is not told again so soon. */
const PAUSE_MILLIS = 30_000;

export class MutedSpeech {
  #room;
  #bar = new CallBar('muted-speech');
  /** @type {boolean[]} whether the last levels were loud */
  #loud = [];
  #quietUntil = 0;
  #timer = 0;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {import('./own-voice.js').OwnVoice} voice
   * @param {() => void} unmute
   */
  constructor(room, voice, unmute) {
    this.#room = room;
    voice.addEventListener('level', ({ detail }) => this.#hear(detail, unmute));
    room.addEventListener('published', ({ detail }) => detail.source === 'microphone' && !detail.muted && this.#hide());
    room.addEventListener('state', ({ detail }) => detail.state === 'closed' && this.#hide());
  }

  #hear({ level, muted }, unmute) {
    if (!muted || this.#room.isSilenced('microphone')) {
      this.#loud = [];
      return;
    }
    this.#loud.push(level > SPEECH);
    if (this.#loud.length > WATCHED_LEVELS) this.#loud.shift();
    if (this.#loud.filter(Boolean).length < LOUD_LEVELS || performance.now() < this.#quietUntil) return;
    this.#quietUntil = performance.now() + PAUSE_MILLIS;
    this.#loud = [];
    this.#bar.show(t('muted.talking'), [{ id: 'unmute', text: t('switch.mic.on'), run: unmute }]);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#bar.hide(), SHOWN_MILLIS);
  }

  #hide() {
    clearTimeout(this.#timer);
    this.#loud = [];
    this.#bar.hide();
  }
}
