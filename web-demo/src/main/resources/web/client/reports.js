// Tells the server now and then how the call looks from here: it cannot see a picture that stands still, nor a relay.

const FIRST_MILLIS = 2000;
const PAUSE_MILLIS = 2000;

/** While nobody looks at the page only what we send matters. */
const UNSEEN_PAUSE_MILLIS = 8000;

/** Less than that in a second is not seen or heard. */
const LEAST_FROZEN_MILLIS = 50;

/** Of the frames that came; cameras and screens are not that regular. */
const LEAST_SHOWN = 0.9;

/** As many sections the server takes in one report. */
const MOST_SECTIONS = 64;

/** @typedef {import('./counters.js').Counters} Counters */
/** @typedef {import('./counters.js').StreamCounters} StreamCounters */
/** @typedef {{mid: string, frozenMillis: number, received: number, shown: number}} Shown in a second, on average */
/** @typedef {{mid: string, limitation: 'cpu' | 'bandwidth'}} Encoder */

/**
 * @typedef {object} Report
 * @property {number} freezes since the connection began, all pictures together
 * @property {number} frozenMillis
 * @property {boolean} relayed
 * @property {Shown[]} slots those that did not run smoothly since the look before
 * @property {Encoder[]} encoders those that are held back
 */

export class Reports {
  #counters;
  #send;
  #timer = 0;
  /** @type {string | null} the latest that was sent */
  #said = null;
  /** @type {Counters | null} of the look before */
  #before = null;

  /**
   * @param {() => Promise<Counters | null>} counters of the present connection
   * @param {(report: Report) => boolean} send false if it could not
   */
  constructor(counters, send) {
    this.#counters = counters;
    this.#send = send;
  }

  /** A connection begins. */
  start() {
    this.stop();
    this.#said = null;
    this.#before = null;
    this.#wait(FIRST_MILLIS);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  #wait(millis) {
    const timer = setTimeout(() => this.#tell(timer), millis);
    this.#timer = timer;
  }

  /** Says it again only when it has changed, or while something does not run smoothly. */
  async #tell(timer) {
    const counters = await this.#counters().catch(() => null);
    if (this.#timer !== timer) return;
    const report = counters && reportOf(counters, this.#before);
    this.#before = counters;
    const isNews = report && (report.slots.length > 0 || JSON.stringify(report) !== this.#said);
    if (isNews && this.#send(report)) this.#said = JSON.stringify(report);
    this.#wait(document.hidden ? UNSEEN_PAUSE_MILLIS : PAUSE_MILLIS);
  }
}

/**
 * @param {Counters} counters
 * @param {Counters | null} before of the look before
 * @returns {Report | null} null while there is no path
 */
function reportOf({ at, relayed, receive, send }, before) {
  if (relayed === null) return null;
  const sum = (value) => receive.reduce((total, stream) => total + (value(stream) ?? 0), 0);
  return {
    freezes: sum(({ freezes }) => freezes),
    frozenMillis: Math.round(1000 * sum(({ frozen }) => frozen)),
    relayed,
    slots: before ? troubled(receive, before.receive, (at - before.at) / 1000) : [],
    encoders: heldBack(send),
  };
}

/**
 * What of a page that nobody looks at is shown says nothing.
 * @param {StreamCounters[]} now
 * @param {StreamCounters[]} before
 * @param {number} seconds between
 * @returns {Shown[]}
 */
function troubled(now, before, seconds) {
  if (document.hidden || seconds <= 0) return [];
  return now.flatMap((stream) => {
    const earlier = before.find((other) => other.mid === stream.mid && other.track === stream.track);
    if (!earlier || !stream.track) return [];
    const rate = (name) => Math.max(0, ((stream[name] ?? 0) - (earlier[name] ?? 0)) / seconds);
    const frozenMillis = Math.min(1000, Math.round(1000 * (rate('frozen') + rate('concealed'))));
    const received = Math.min(1000, Math.round(rate('arrived')));
    const shown = Math.max(0, received - Math.round(rate('dropped')));
    const isSmooth = frozenMillis < LEAST_FROZEN_MILLIS && shown >= received * LEAST_SHOWN;
    return isSmooth ? [] : [{ mid: stream.mid, frozenMillis, received, shown }];
  }).slice(0, MOST_SECTIONS);
}

/**
 * @param {StreamCounters[]} sent one for each layer
 * @returns {Encoder[]}
 */
function heldBack(sent) {
  /** @type {Map<string, Encoder>} */
  const byMid = new Map();
  for (const { mid, limitation } of sent) {
    const isWorse = limitation === 'cpu' || (limitation === 'bandwidth' && !byMid.has(mid));
    if (mid && isWorse) byMid.set(mid, { mid, limitation });
  }
  return [...byMid.values()].slice(0, MOST_SECTIONS);
}
