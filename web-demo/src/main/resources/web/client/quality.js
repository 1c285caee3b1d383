// How good each track is by the server's word, and whose fault it is if it is not.

/** @typedef {import('./publications.js').Source} Source */
/** @typedef {'good' | 'fair' | 'poor' | 'bad'} Grade */
/** @typedef {'none' | 'publisher-device' | 'publisher-uplink' | 'server' | 'viewer-downlink' | 'viewer-device'} Cause */

/**
 * @typedef {object} Quality of one track: as we get it, or one of our own as it comes in at the server
 * @property {string} participant who publishes it
 * @property {Source} source
 * @property {number | null} score 0 to 100; null: it is not rated any more
 * @property {Grade | null} grade the same in a word
 * @property {Cause | null} cause whose fault it is; `none` only if it is good
 */

/** @typedef {{participant: string, source: Source, track: string | null}} Carried what goes through a section; track null: our own */

export class Qualities {
  #carried;
  #onChange;
  /** @type {Map<string, Carried>} those that are rated, by mid */
  #rated = new Map();

  /**
   * @param {(mid: string) => Carried | null} carried what goes through a section now
   * @param {(quality: Quality) => void} onChange
   */
  constructor(carried, onChange) {
    this.#carried = carried;
    this.#onChange = onChange;
  }

  /** @param {{mid: string, score?: number, grade?: Grade, cause?: Cause}[]} sections of a `quality` message */
  apply(sections) {
    for (const { mid, score = null, grade = null, cause = null } of sections) {
      const carried = this.#carried(mid);
      if (grade === null || !carried) {
        this.#end(mid);
      } else {
        this.#rated.set(mid, carried);
        this.#onChange({ participant: carried.participant, source: carried.source, score, grade, cause });
      }
    }
  }

  /** Sections may carry something else by now: what was said of them is over. */
  check() {
    for (const [mid, { participant, source, track }] of [...this.#rated]) {
      const now = this.#carried(mid);
      if (now?.participant !== participant || now.source !== source || now.track !== track) this.#end(mid);
    }
  }

  /** A track of somebody else, by its id, or one of our own, by its source, is muted or gone. */
  forget(which) {
    for (const [mid, { track, source }] of [...this.#rated]) {
      if ((track ?? source) === which) this.#end(mid);
    }
  }

  /** The connection is gone, or the server says everything anew. */
  clear() {
    for (const mid of [...this.#rated.keys()]) this.#end(mid);
  }

  #end(mid) {
    const known = this.#rated.get(mid);
    if (!known) return;
    this.#rated.delete(mid);
    this.#onChange({ participant: known.participant, source: known.source, score: null, grade: null, cause: null });
  }
}
