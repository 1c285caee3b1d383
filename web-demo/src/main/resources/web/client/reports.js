// Tells the server now and then how the call looks from here: it cannot see a picture that stands still, nor a relay.

const FIRST_MILLIS = 2000;
const PAUSE_MILLIS = 10_000;

/** @typedef {{freezes: number, frozenMillis: number, relayed: boolean}} Report since the connection began */

export class Reports {
  #counters;
  #send;
  #timer = 0;
  /** @type {string | null} the latest that was sent */
  #said = null;

  /**
   * @param {() => Promise<import('./counters.js').Counters | null>} counters of the present connection
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

  /** Says it again only when it has changed. */
  async #tell(timer) {
    const counters = await this.#counters().catch(() => null);
    if (this.#timer !== timer) return;
    const report = counters && reportOf(counters);
    if (report && JSON.stringify(report) !== this.#said && this.#send(report)) this.#said = JSON.stringify(report);
    this.#wait(PAUSE_MILLIS);
  }
}

/**
 * @param {import('./counters.js').Counters} counters
 * @returns {Report | null} null while there is no path
 */
function reportOf({ relayed, receive }) {
  if (relayed === null) return null;
  const sum = (value) => receive.reduce((total, stream) => total + (value(stream) ?? 0), 0);
  return {
    freezes: sum(({ freezes }) => freezes),
    frozenMillis: Math.round(1000 * sum(({ frozen }) => frozen)),
    relayed,
  };
}
