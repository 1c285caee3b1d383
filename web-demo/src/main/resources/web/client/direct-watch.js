// Whether a direct path is still any good: looks at what arrives by it, and beside it at what arrives by the server. No
// clock of its own, no connection.

/** Sound comes every 20 ms: so long without any, while the server's goes on, is no jitter of our own network. */
const SILENT_MILLIS = 100;

/** And so long may be a beginning of it. */
const DOUBTFUL_MILLIS = 60;

/** Pictures come less regularly: so many times the usual pause between two is none. */
const PAUSES = 6;

/** The same where their sound is silent too: then it is the path. */
const PAUSES_WITHOUT_SOUND = 2;

/** The server's path is alive if something came by it within this time: what stops both paths stops them together. */
const ALIVE_MILLIS = 50;

/** After so long without anything it does not matter how regular it was. */
const MOST_SILENT_MILLIS = 1500;

/** Packets lost of all, and for how long, until a path is given up. */
const MOST_LOSS = 0.1;
const MOST_LOSS_ALIVE = 0.05;
const LOSSY_SECONDS = 5;

/** In a second: fewer packets tell nothing. */
const LEAST_PACKETS = 20;

/**
 * One stream that arrives.
 * @typedef {object} Arrival
 * @property {string} key
 * @property {'audio' | 'video'} kind
 * @property {number | null} mark something that is another with each packet or picture; null: nothing ever came
 */

/** Since when nothing came of a stream, and how long that usually takes. */
class Pulse {
  #mark = null;
  #at = 0;
  #pause = 0;

  /** @returns {number | null} milliseconds since the last; null before the first */
  see(mark, now) {
    if (mark === null) return this.#mark === null ? null : now - this.#at;
    if (mark !== this.#mark) {
      if (this.#mark !== null) this.#pause = this.#pause === 0 ? now - this.#at : 0.9 * this.#pause + 0.1 * (now - this.#at);
      this.#mark = mark;
      this.#at = now;
    }
    return now - this.#at;
  }

  get pause() {
    return this.#pause;
  }
}

export class DirectWatch {
  /** @type {Map<string, Pulse>} */
  #pulses = new Map();
  #lossy = 0;

  /**
   * Looks several times a second.
   * @param {number} now milliseconds
   * @param {Arrival[]} direct those streams of which something should come now
   * @param {Arrival[]} server those that come by the server at the same time
   * @param {boolean} serverIsUp whether there is a path to the server as far as the browser knows
   * @returns {'good' | 'doubtful' | 'lost'} what is to be thought of the path
   */
  look(now, direct, server, serverIsUp) {
    const keys = new Set();
    const see = (path, { key, kind, mark }) => {
      const name = `${path}/${key}`;
      keys.add(name);
      const pulse = this.#pulses.get(name) ?? new Pulse();
      this.#pulses.set(name, pulse);
      return { age: pulse.see(mark, now), kind, pause: pulse.pause };
    };
    const came = direct.map((stream) => see('direct', stream)).filter(({ age }) => age !== null);
    const beside = server.map((stream) => see('server', stream)).filter(({ age }) => age !== null);
    for (const name of this.#pulses.keys()) if (!keys.has(name)) this.#pulses.delete(name);
    const isAlive = beside.length ? beside.some(({ age }) => age <= ALIVE_MILLIS) : serverIsUp;
    if (!isAlive || !came.length) return 'good';
    const isSoundGone = came.some((stream) => stream.kind === 'audio' && isSilent(stream, PAUSES));
    const pauses = isSoundGone ? PAUSES_WITHOUT_SOUND : PAUSES;
    if (came.every((stream) => isSilent(stream, pauses))) return 'lost';
    const sound = came.filter(({ kind }) => kind === 'audio');
    return sound.length && sound.every(({ age }) => age > DOUBTFUL_MILLIS) ? 'doubtful' : 'good';
  }

  /**
   * Looks once a second.
   * @param {{packets: number, lost: number}} direct in the second
   * @param {{packets: number, lost: number}} server
   * @returns {boolean} whether too much has been lost for too long
   */
  second(direct, server) {
    const isLossy = lossOf(direct) > MOST_LOSS && lossOf(server) <= MOST_LOSS_ALIVE;
    this.#lossy = isLossy ? this.#lossy + 1 : 0;
    return this.#lossy >= LOSSY_SECONDS;
  }
}

function isSilent({ age, kind, pause }, pauses) {
  const betweenPictures = pause === 0 ? MOST_SILENT_MILLIS : Math.max(SILENT_MILLIS, pauses * pause);
  const usual = kind === 'audio' ? SILENT_MILLIS : betweenPictures;
  return age > Math.min(usual, MOST_SILENT_MILLIS);
}

/** 0 to 1. */
function lossOf({ packets, lost }) {
  const all = packets + Math.max(0, lost);
  return all < LEAST_PACKETS ? 0 : Math.max(0, lost) / all;
}
