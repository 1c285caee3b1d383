// How good each track is, and whose fault it is if it is not: by the server's word, and of what goes directly by our own
// counters.

/** @typedef {import('./publications.js').Source} Source */
/** @typedef {'good' | 'fair' | 'poor' | 'bad'} Grade */
/** @typedef {'none' | 'publisher-device' | 'publisher-uplink' | 'server' | 'viewer-downlink' | 'viewer-device' | 'direct-path'} Cause */

/**
 * @typedef {object} Quality of one track: as we get it, or one of our own as it comes in at the server, or at the other
 *     one whom we talk to directly
 * @property {string} participant who publishes it
 * @property {Source} source
 * @property {number | null} score 0 to 100; null: it is not rated any more
 * @property {Grade | null} grade the same in a word
 * @property {Cause | null} cause whose fault it is; `none` only if it is good
 * @property {'direct' | 'server'} path that is rated
 */

/** @typedef {{participant: string, source: Source, track: string | null}} Carried what goes through a section; track null: our own */

export class Qualities {
  #carried;
  #onChange;
  /** @type {Map<string, Carried & {quality: Quality}>} those that the server rates, by mid */
  #rated = new Map();
  /** What goes directly: the server's word of it does not count. By participant and source. @type {Map<string, import('./direct-quality.js').DirectRating>} */
  #direct = new Map();

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
        const { participant, source } = carried;
        const quality = { participant, source, score, grade, cause, path: /** @type {const} */ ('server') };
        this.#rated.set(mid, { ...carried, quality });
        this.#tell(quality);
      }
    }
  }

  /** @param {import('./direct-quality.js').DirectRating[]} ratings of all that goes directly now */
  applyDirect(ratings) {
    const before = this.#direct;
    this.#direct = new Map(ratings.map((rating) => [keyOf(rating), rating]));
    for (const [key, rating] of this.#direct) {
      const former = before.get(key);
      if (!former || former.grade !== rating.grade || former.cause !== rating.cause) this.#tellDirect(rating);
    }
    for (const [key, rating] of before) if (!this.#direct.has(key)) this.#onChange(this.#ofServer(key) ?? unrated(rating, 'server'));
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
    for (const rating of this.#direct.values()) {
      if ((rating.track ?? rating.source) === which) this.#onChange(unrated(rating, 'direct'));
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
    this.#tell(unrated(known, 'server'));
  }

  /** What the server says. */
  #tell(quality) {
    if (!this.#direct.has(keyOf(quality))) this.#onChange(quality);
  }

  #tellDirect({ participant, source, score, grade, cause, path }) {
    this.#onChange({ participant, source, score, grade, cause, path });
  }

  #ofServer(key) {
    return [...this.#rated.values()].find(({ quality }) => keyOf(quality) === key)?.quality ?? null;
  }
}

const keyOf = ({ participant, source }) => `${participant} ${source}`;

/** @returns {Quality} */
const unrated = ({ participant, source }, path) => ({ participant, source, score: null, grade: null, cause: null, path });
