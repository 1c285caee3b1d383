// What we publish: our own tracks, muted or not, from joining to leaving.

import { LatestWish } from './latest-wish.js';

/** @typedef {'microphone' | 'camera' | 'screen' | 'screen-audio'} Source */

/**
 * @typedef {object} Publication
 * @property {Source} source
 * @property {'audio' | 'video'} kind
 * @property {MediaStreamTrack | null} track null while muted, if it was stopped
 * @property {boolean} muted
 */

/**
 * @typedef {object} PublicationsHandlers
 * @property {() => import('./media.js').MediaSession | null} media the present one
 * @property {(source: Source) => Promise<MediaStreamTrack>} acquire a new track for unmuting
 * @property {(mid: string, muted: boolean) => void} sayMute tells the others
 * @property {(detail: {source: Source, muted: boolean, gone: boolean}) => void} onChange
 * @property {(source: Source) => void} onEnded the device was unplugged, or taken away; the source is muted
 */

export class Publications {
  /** @type {Map<Source, Publication>} */
  #bySource = new Map();
  #handlers;
  /** Which of them are to be on: a device takes its time to open. */
  #wishes = new LatestWish();

  /** @param {PublicationsHandlers} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
  }

  /** @returns {Source[]} */
  get sources() {
    return [...this.#bySource.keys()];
  }

  /** @returns {Publication[]} */
  get all() {
    return [...this.#bySource.values()];
  }

  /** @param {Source} source */
  has(source) {
    return this.#bySource.has(source);
  }

  /** @param {Source} source */
  track(source) {
    return this.#bySource.get(source)?.track ?? null;
  }

  /** @param {Source} source @returns {MediaStreamTrack | null} what is to be sent of it now */
  sent(source) {
    return this.isMuted(source) ? null : this.track(source);
  }

  /** @param {Source} source */
  isMuted(source) {
    return this.#bySource.get(source)?.muted ?? true;
  }

  /** @param {string} mid of the section it is sent in */
  sourceOf(mid) {
    return this.sources.find((source) => this.#handlers.media()?.mid(source) === mid) ?? null;
  }

  /** Takes a track to be published as soon as there is a connection. */
  add(track, source) {
    /** @type {Publication} */
    const publication = { source, kind: track.kind, track, muted: false };
    this.#bySource.set(source, publication);
    this.#watch(track, source);
    return publication;
  }

  publish(track, source) {
    const known = this.#bySource.get(source);
    this.#wishes.giveUp(source);
    if (known) {
      known.track?.stop();
      known.track = track;
      this.#watch(track, source);
      this.#setSending(known, true);
    } else {
      const publication = this.add(track, source);
      this.#handlers.media()?.publish(publication);
      this.#handlers.onChange({ source, muted: false, gone: false });
    }
  }

  unpublish(source) {
    const publication = this.#bySource.get(source);
    if (!publication) return;
    publication.track?.stop();
    this.#wishes.giveUp(source);
    this.#bySource.delete(source);
    this.#handlers.media()?.unpublish(source);
    this.#handlers.onChange({ source, muted: true, gone: true });
  }

  /** What is wished last holds, also while a device opens: it is let go if it is wanted no more. */
  async setMuted(source, muted) {
    const publication = this.#bySource.get(source);
    if (!publication) return;
    const isWished = this.#wishes.begin(source);
    if (publication.muted === muted) return;
    if (muted && source !== 'microphone') {
      publication.track?.stop();
      publication.track = null;
    }
    if (!muted && publication.track?.readyState !== 'live') {
      const track = await this.#acquire(source, isWished);
      if (!track) return;
      publication.track = track;
      this.#watch(track, source);
    }
    this.#setSending(publication, !muted);
  }

  /** @param {Source} source @param {() => boolean} isWished @returns {Promise<MediaStreamTrack | null>} null: it is wanted no more */
  async #acquire(source, isWished) {
    try {
      const track = await this.#handlers.acquire(source);
      if (isWished()) return track;
      track.stop(); // muted, left, or opened otherwise meanwhile
    } catch (error) {
      if (isWished()) throw error;
    }
    return null;
  }

  /** A moderator mutes a source: nothing of it is sent, and it does not begin again by itself. @param {Source} source */
  silence(source) {
    if (source.startsWith('screen')) this.unpublish(source);
    else this.setMuted(source, true);
  }

  /** Says of all tracks whether they are muted: it may have changed while nobody heard. */
  sayMutes() {
    for (const publication of this.#bySource.values()) this.#sayMute(publication);
  }

  /** The call is over: every device is let go. */
  stop() {
    for (const { track } of this.#bySource.values()) track?.stop();
    this.#wishes.giveUp();
    this.#bySource.clear();
  }

  /** A device was unplugged, or sharing was ended in the browser's own bar. */
  #watch(track, source) {
    track.addEventListener('ended', () => {
      if (this.#bySource.get(source)?.track !== track) return;
      if (source.startsWith('screen')) this.unpublish(source);
      else if (!this.isMuted(source)) {
        this.setMuted(source, true);
        this.#handlers.onEnded(source);
      }
    });
  }

  #setSending(publication, sending) {
    publication.muted = !sending;
    if (publication.track) publication.track.enabled = sending;
    this.#handlers.media()?.sender(publication.source)?.replaceTrack(sending ? publication.track : null);
    this.#sayMute(publication);
    this.#handlers.onChange({ source: publication.source, muted: publication.muted, gone: false });
  }

  #sayMute({ source, muted }) {
    const mid = this.#handlers.media()?.mid(source);
    if (mid) this.#handlers.sayMute(mid, muted);
  }
}
