// One track of a recording, played in step with the others.

import { t } from '../i18n/i18n.js';

/** Further off than this, it is sought; less is made up by playing a little faster or slower. */
const SEEK_SECONDS = 0.25;
const CLOSE_SECONDS = 0.02;
const NUDGE = 0.05;

/**
 * @typedef {object} Part a file of a track, as the recording's manifest has it
 * @property {string} file
 * @property {number} start seconds on the recording's time line
 * @property {number} seconds
 * @property {[number, number][]} alignment seconds in the file, seconds on the time line
 */

/** @param {Part[]} parts @param {number} time @returns {Part | undefined} the file that plays then */
export const partAt = (parts, time) =>
  parts.findLast(({ start, seconds }) => start <= time && time < start + seconds);

/** @param {Part} part @param {number} time on the time line @returns {number} seconds in the file */
export function mediaTime({ start, alignment }, time) {
  const [media, line] = alignment.findLast(([, from]) => from <= time) ?? [0, start];
  return Math.max(0, media + time - line);
}

/** So often a file that cannot be played is tried with another address. */
const MOST_TRIES = 5;

export class Cell {
  /** how far it is from where it belongs, in seconds */
  off = 0;

  #track;
  #addressOf;
  #part;
  #address = '';
  #tries = 0;
  #caption = document.createElement('figcaption');

  /**
   * @param {{name: string, participant: string, source: string, parts: Part[]}} track
   * @param {(file: string) => string} addressOf
   * @param {() => void} onRefused what plays cannot be read any more: another address may help, see `renew`
   */
  constructor(track, addressOf, onRefused) {
    this.#track = track;
    this.#addressOf = addressOf;
    const isSound = track.source === 'microphone' || track.source === 'screen-audio';
    this.media = document.createElement(isSound ? 'audio' : 'video');
    this.media.preload = 'auto';
    this.media.playsInline = true;
    this.media.onloadeddata = () => (this.#tries = 0);
    this.media.onerror = () => this.#onError(onRefused);
    this.element = document.createElement(isSound ? 'span' : 'figure');
    this.element.append(this.media);
    if (!isSound) this.element.append(this.#caption);
    this.paint();
  }

  paint() {
    this.#caption.textContent = this.#track.name || t('replay.somebody');
  }

  /** Whether it should play, and has not enough for it. */
  get isWaiting() {
    return this.#part !== undefined && !this.media.error && (this.media.readyState < 2 || this.media.seeking);
  }

  /** @param {number} time @param {{playing: boolean, speed: number, speaker?: string}} how */
  follow(time, { playing, speed, speaker }) {
    this.#choose(partAt(this.#track.parts, time));
    this.element.hidden = this.media.hidden = this.#part === undefined;
    this.element.classList.toggle('speaking', speaker === this.#track.participant);
    if (!this.#part) return void this.media.pause();
    // A file may end before its part does: its last picture stands then. To play it would begin it anew.
    const wanted = Math.min(mediaTime(this.#part, time), this.media.duration || Infinity);
    const isOver = this.media.ended || wanted >= this.media.duration;
    this.off = this.media.readyState ? this.media.currentTime - wanted : 0;
    if (Math.abs(this.off) > SEEK_SECONDS && this.media.readyState && !this.media.seeking) this.media.currentTime = wanted;
    const nudge = Math.abs(this.off) < CLOSE_SECONDS ? 0 : -Math.sign(this.off) * NUDGE;
    this.media.playbackRate = speed * (1 + nudge);
    if (playing && this.media.paused && !isOver) this.media.play().catch(() => {}); // the next step tries again
    else if (!playing && !this.media.paused) this.media.pause();
  }

  /** What plays goes on from another address, if there is another by now. */
  renew() {
    this.off = 0;
    if (!this.#part) return;
    this.#address = this.#addressOf(this.#part.file);
    this.media.src = this.#address;
  }

  #onError(onRefused) {
    if (!this.#part) return;
    if (this.#address !== this.#addressOf(this.#part.file)) this.renew();
    else if (this.#tries++ < MOST_TRIES) onRefused();
  }

  #choose(part) {
    if (part === this.#part) return;
    this.#part = part;
    this.#tries = 0;
    this.renew();
  }
}
