// Listens to our own microphone in the call, muted or not: for the level at its button, and to say so when somebody
// talks into a muted one. Nothing of it leaves the browser.

import { LevelMeter } from '../client/level.js';

/** In a call the meter is small: more often would only make the page draw itself more often. */
export const LEVELS_A_SECOND = 8;

/** Event `level` `{level, muted}`: 0 … 1, some times a second while a microphone is open. */
export class OwnVoice extends EventTarget {
  #room;
  /** @type {MediaStreamTrack | null} */
  #heard = null;
  /** @type {MediaStreamTrack | null} of ours: a muted track is silent, its copy is not */
  #copy = null;
  /** @type {LevelMeter | null} */
  #meter = null;

  /** @param {import('../plenum-client.js').PlenumRoom} room */
  constructor(room) {
    super();
    this.#room = room;
    room.addEventListener('published', ({ detail }) => detail.source === 'microphone' && this.#listen());
    room.addEventListener('state', ({ detail }) => (detail.state === 'closed' ? this.#end() : this.#listen()));
  }

  #listen() {
    const track = this.#room.localTrack('microphone');
    if (track === this.#heard) return;
    this.#end();
    if (!track || track.readyState !== 'live' || !globalThis.AudioContext) return;
    this.#heard = track;
    this.#copy = track.clone();
    this.#copy.enabled = true;
    this.#meter = new LevelMeter(this.#copy, (level) => {
      if (track.readyState !== 'live') return this.#end(); // stopped by us, of which no event tells: the copy kept the device open
      const muted = this.#room.isMuted('microphone');
      this.dispatchEvent(new CustomEvent('level', { detail: { level, muted } }));
    }, LEVELS_A_SECOND);
    track.addEventListener('ended', () => this.#heard === track && this.#end());
  }

  #end() {
    this.#meter?.close();
    this.#copy?.stop();
    if (this.#heard) this.dispatchEvent(new CustomEvent('level', { detail: { level: 0, muted: true } }));
    this.#meter = this.#copy = this.#heard = null;
  }
}
