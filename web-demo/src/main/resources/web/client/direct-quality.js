// How good the direct path is, by our own counters, for the server sees nothing of it. The points are those of the
// server's QualityScore. No clock of its own, no connection.

/** @typedef {import('./counters.js').Counters} Counters */
/** @typedef {import('./counters.js').StreamCounters & {participant: string, source: import('./publications.js').Source}} Counted */
/** @typedef {import('./quality.js').Quality & {track: string | null}} DirectRating unrated as yet: all of it null */

/** Points that each symptom costs at its worst. */
const FULL = 100;
const LOST_SOUND = 65; // nobody sends it again
const LOST_PICTURES = 25; // sent again: how much of it is seen the freezes say
const DELAY = 40;
const JITTER = 25;
const FREEZE = 80;
const FRAMES = 60;
const DEVICE_LIMIT = 25;
const PATH_LIMIT = 15;

/** What the other side reports of our loss comes every few seconds: it is counted over so many readings. */
const READINGS = 6;

/** Fewer packets tell nothing of loss. */
const LEAST_PACKETS = 20;

/** The least score of each grade. */
const GRADES = /** @type {const} */ ([[80, 'good'], [60, 'fair'], [35, 'poor'], [0, 'bad']]);

const between = (value, from, to) => Math.min(1, Math.max(0, (value - from) / (to - from)));

/** @typedef {{at: number, counters: Counted}} Reading */
/** @typedef {{score: number, grade: import('./quality.js').Grade, cause: import('./quality.js').Cause}} Rating */

/** One track that comes or goes directly, second by second. */
class Stream {
  /** @type {Reading[]} the latest */
  #readings = [];
  /** Of the second before. @type {Rating | null} */
  #latest = null;
  /** What counts: the same for two seconds. @type {Rating | null} */
  rating = null;

  /** @param {Reading} reading @param {(now: Counted, grown: Grown) => Rating} rate */
  take(reading, rate) {
    const before = this.#readings.at(-1);
    if (before && reading.counters.packets < before.counters.packets) this.#readings = [];
    this.#readings.push(reading);
    if (this.#readings.length > READINGS) this.#readings.shift();
    if (this.#readings.length < 2) return;
    const rating = rate(reading.counters, grownBetween(this.#readings.at(-2), reading, this.#readings[0]));
    const isSteady = rating.grade === this.#latest?.grade && rating.cause === this.#latest.cause;
    if (isSteady) this.rating = rating;
    this.#latest = rating;
  }
}

export class DirectQuality {
  /** @type {Map<string, Stream>} */
  #streams = new Map();

  /**
   * Looks once a second.
   * @param {Counters} counters of the direct path, as PlenumRoom.counters
   * @param {string | null} self our own id
   * @param {boolean} isSeen whether anybody looks at the page: what else of pictures is shown says nothing
   * @returns {DirectRating[]} of all that comes and goes; whoever is not rated yet or no more has null
   */
  second({ at, roundTripTime, receive, send }, self, isSeen) {
    const delay = (1000 * (roundTripTime ?? 0)) / 2;
    const before = this.#streams;
    this.#streams = new Map();
    return /** @type {Counted[]} */ ([...receive, ...send]).filter(({ track }) => track).map((counters) => {
      const { participant, source, track } = counters;
      const isOwn = participant === self;
      const key = `${participant} ${source} ${track}`;
      const stream = before.get(key) ?? new Stream();
      this.#streams.set(key, stream);
      stream.take({ at, counters }, (now, grown) => (isOwn ? rateSent(now, grown, delay) : rateReceived(now, grown, delay, isSeen)));
      const { score = null, grade = null, cause = null } = stream.rating ?? {};
      return { participant, source, track: isOwn ? null : track, score, grade, cause, path: 'direct' };
    });
  }
}

/**
 * @typedef {object} Grown
 * @property {number} seconds
 * @property {number} loss 0 to 1, over some seconds
 * @property {number} frozen seconds in which the picture stood still, or sound was made up, of each second
 * @property {number} concealed
 * @property {number} unshown 0 to 1 of the frames that came
 * @property {number} nacks
 */

/** @param {Reading} before @param {Reading} now @param {Reading} first @returns {Grown} */
function grownBetween(before, now, first) {
  const seconds = Math.max(0.001, (now.at - before.at) / 1000);
  const grew = (field, since = before) => Math.max(0, (now.counters[field] ?? 0) - (since.counters[field] ?? 0));
  const lost = grew('lost', first);
  const isReceived = now.counters.arrived !== null || now.counters.concealed !== null;
  const all = grew('packets', first) + (isReceived ? lost : 0); // what is sent counts what is lost
  const arrived = grew('arrived');
  return {
    seconds,
    loss: all < LEAST_PACKETS ? 0 : Math.min(1, lost / all),
    frozen: Math.min(1, grew('frozen') / seconds),
    concealed: Math.min(1, grew('concealed') / seconds),
    unshown: arrived ? Math.min(1, grew('dropped') / arrived) : 0,
    nacks: grew('nacks'),
  };
}

const lossPoints = (kind, loss) => (kind === 'audio' ? LOST_SOUND * between(loss, 0, 0.15) : LOST_PICTURES * between(loss, 0.01, 0.2));

const delayPoints = (delay) => DELAY * between(delay, 150, 600);

/** @param {Counted} now @param {Grown} grown @param {number} delay milliseconds @param {boolean} isSeen */
function rateReceived({ kind, jitter }, { loss, frozen, concealed, unshown, nacks }, delay, isSeen) {
  const path = lossPoints(kind, loss) + delayPoints(delay) + JITTER * between(1000 * (jitter ?? 0), 40, 200);
  const stood = FREEZE * (concealed + (isSeen ? frozen : 0)) + (isSeen ? FRAMES * between(unshown, 0.1, 1) : 0);
  const isPath = kind === 'audio' || path > 1 || nacks > 0;
  return ratingOf(path + stood, isPath ? 'direct-path' : 'viewer-device');
}

/** @param {Counted} now @param {Grown} grown @param {number} delay milliseconds */
function rateSent({ kind, limitation }, { loss }, delay) {
  const device = limitation === 'cpu' ? DEVICE_LIMIT : 0;
  const path = lossPoints(kind, loss) + delayPoints(delay) + (limitation === 'bandwidth' ? PATH_LIMIT : 0);
  return ratingOf(path + device, device > path ? 'publisher-device' : 'direct-path');
}

/** @param {number} points that it costs @param {import('./quality.js').Cause} cause @returns {Rating} */
function ratingOf(points, cause) {
  const score = Math.round(Math.max(0, FULL - points));
  const [, grade] = GRADES.find(([least]) => score >= least);
  return { score, grade, cause: grade === 'good' ? 'none' : cause };
}
