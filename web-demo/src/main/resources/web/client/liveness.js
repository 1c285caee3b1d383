// Notices a server that is gone without a word: nothing of sound or picture comes, and no answer to a question.
// Where there are other servers that is no reason to wait for what the browser finds out.

const LOOK_MILLIS = 200;

/** After so long without anything the server is asked, and so long it may take to answer at first. */
const QUIET_MILLIS = 500;

/** An answer that is late more than once is a slow network's: from then on it may take longer, up to this. */
const MOST_PATIENCE_MILLIS = 8000;

/** Without sound or picture for so long nobody waits for any: the server is asked now and then. */
const IDLE_MILLIS = 5000;

/** Our own clock stood still for so long: whatever came meanwhile was not seen. */
const ASLEEP_MILLIS = 400;

export class Liveness {
  #handlers;
  #timer = 0;
  #lookedAt = 0;
  /** When anything came last, and anything to play. */
  #heardAt = 0;
  #playedAt = 0;
  #played = 0;
  /** When the question was asked that has no answer; 0: none. */
  #askedAt = 0;
  #patience = QUIET_MILLIS;

  /**
   * @param {object} handlers
   * @param {() => number} handlers.played grows while something is played
   * @param {() => void} handlers.ask asks the server; `heard` says that it answered
   * @param {() => void} handlers.onSilence the server is gone
   */
  constructor(handlers) {
    this.#handlers = handlers;
  }

  start() {
    this.stop();
    this.#lookedAt = performance.now();
    this.#playedAt = this.#lookedAt;
    this.heard();
    this.#timer = setInterval(() => this.#look(), LOOK_MILLIS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  /** Something came of the server. */
  heard() {
    this.#heardAt = performance.now();
    this.#askedAt = 0;
  }

  /** It was there after all, and so is the session: the network is slow. */
  falseAlarm() {
    this.#patience = Math.min(MOST_PATIENCE_MILLIS, 2 * this.#patience);
  }

  #look() {
    const now = performance.now();
    const slept = now - this.#lookedAt > ASLEEP_MILLIS;
    this.#lookedAt = now;
    const played = this.#handlers.played();
    if (played !== this.#played) {
      this.#played = played;
      this.#playedAt = now;
      this.heard();
    }
    if (slept) return this.heard();
    const quiet = now - this.#playedAt > IDLE_MILLIS ? IDLE_MILLIS : QUIET_MILLIS;
    if (!this.#askedAt && now - this.#heardAt >= quiet) {
      this.#askedAt = now;
      this.#handlers.ask();
    } else if (this.#askedAt && now - this.#askedAt >= Math.max(this.#patience, quiet / 2)) {
      this.heard();
      this.#handlers.onSilence();
    }
  }
}
