// The WebSocket to the server: it comes back by itself when it is lost.
// It knows nothing of what the messages mean.

import { detailOf } from './errors.js';

const SUBPROTOCOL = 'plenum.v1';
const FIRST_RETRY_MILLIS = 250;
const LAST_RETRY_MILLIS = 4000;

/** To a server that does not answer at all: browsers hold back WebSockets after many that failed. */
const GONE_RETRY_MILLIS = 15_000;

/** How often a server that went away is looked for, at first; it is back within a minute, or stays away for long. */
const WATCH_MILLIS = 400;
const LAST_WATCH_MILLIS = 5000;

/** So long it is looked for as often; then the pauses grow with the time that it is away. */
const EAGER_MILLIS = 30_000;

/** An attempt that is not `settled` by then is given up. */
const ATTEMPT_MILLIS = 10_000;

/** A server that does not even take a connection by then is gone, where there are others. */
const OPEN_MILLIS = 1500;

/** So long it may take to say why we are not wanted. */
const REFUSAL_MILLIS = 5000;

/**
 * @typedef {object} SignalingHandlers
 * @property {() => void} onOpen the socket is open: say hello
 * @property {(message: any) => void} onMessage one message from the server
 * @property {() => void} onLost the socket was lost; another one is being opened unless `close` is called
 */

export class SignalingSocket {
  /** @type {WebSocket | null} */
  #socket = null;
  #attempts = 0;
  /** Before it no attempt is made unless the socket is asked for; by performance.now(). */
  #notBefore = 0;
  #closed = false;
  #retryTimer = 0;
  #attemptTimer = 0;
  /** Whether nothing answered when it was looked for last. */
  #isGone = false;
  /** The latest look-out, if one is kept. */
  #watching = {};
  /** Since when we are without a session, by performance.now(); null while there is one. @type {number | null} */
  #lostAt = null;
  #url;
  /** Where the server can be found too, the nodes of its cluster. @type {string[]} */
  #others = [];
  /** Which address the next attempt is for: 0 is the first. */
  #turn = 0;
  #handlers;

  /**
   * @param {string} url
   * @param {SignalingHandlers} handlers
   */
  constructor(url, handlers) {
    this.#url = url;
    this.#handlers = handlers;
  }

  /** Opens the socket now, instead of after the present pause if there is one. */
  connect() {
    if (this.#closed) return;
    clearTimeout(this.#retryTimer);
    this.#drop();
    const socket = new WebSocket(this.#address, SUBPROTOCOL);
    this.#socket = socket;
    const give = (millis) => {
      clearTimeout(this.#attemptTimer);
      this.#attemptTimer = setTimeout(() => this.#lost(socket), millis);
    };
    give(this.#others.length ? OPEN_MILLIS : ATTEMPT_MILLIS);
    socket.onopen = () => {
      give(ATTEMPT_MILLIS);
      this.#handlers.onOpen();
    };
    socket.onclose = () => this.#lost(socket);
    socket.onmessage = (event) => this.#receive(event.data);
  }

  /**
   * Other addresses of the same service, asked in turn with the first while that does not answer.
   * @param {string[]} urls of WebSockets
   */
  alternatives(urls) {
    this.#others = urls.filter((url) => url !== this.#url);
  }

  /** The next attempt is for the first of the other addresses. */
  preferOther() {
    this.#turn = 1;
  }

  /** Where the next attempt goes. */
  get #address() {
    return [this.#url, ...this.#others][this.#turn % (1 + this.#others.length)];
  }

  /** Whether messages can be sent now. */
  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** @returns {boolean} false if the socket is not open; nothing is kept for later */
  send(message) {
    if (!this.isOpen) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Gives up a socket that looks alive and is not, and opens another. */
  reset() {
    if (this.#socket) this.#lost(this.#socket);
  }

  /** Takes another socket at once: nothing is wrong with this one, but the session is to go on anew. */
  renew() {
    this.#drop();
    this.#handlers.onLost();
    this.connect();
  }

  /** The server is silent: tries the next address at once. */
  escape() {
    if (this.#closed) return;
    const socket = this.#socket;
    this.#turn++;
    if (socket) this.#lost(socket);
    this.connect();
  }

  /** Keeps the socket as long as it lasts, and opens no other. */
  retire() {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#attemptTimer);
  }

  /** Opens a new socket at once if the last one is gone: the network came back. */
  hurry() {
    if (!this.#socket && performance.now() >= this.#notBefore) this.connect();
  }

  /**
   * The server refuses us for now and closes the socket: the next attempt waits at least so long, and not everyone equally.
   * @param {number} seconds
   */
  holdOff(seconds) {
    this.#isGone = false;
    this.#notBefore = performance.now() + seconds * 1000 * (1 + Math.random());
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    this.#drop();
  }

  /** The server welcomed us: this attempt has succeeded. */
  settled() {
    clearTimeout(this.#attemptTimer);
    this.#attempts = 0;
    this.#isGone = false;
    this.#lostAt = null;
  }

  #receive(text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return; // not ours; unknown messages are ignored
    }
    this.#handlers.onMessage(message);
  }

  #lost(socket) {
    if (socket !== this.#socket) return;
    this.#drop();
    this.#handlers.onLost();
    if (this.#closed) return;
    const now = performance.now();
    this.#lostAt ??= now;
    if (this.#attempts > 0) this.#turn++; // an attempt to come back failed: elsewhere, then
    const most = this.#isGone && this.#others.length === 0 ? GONE_RETRY_MILLIS : LAST_RETRY_MILLIS;
    const pause = Math.min(most, FIRST_RETRY_MILLIS * 2 ** this.#attempts++) * (0.5 + Math.random() / 2);
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.connect(), Math.max(pause, this.#notBefore - now));
    this.#watch();
  }

  /** Looks for a server that went away, and does not wait out the pause once it is back. */
  async #watch() {
    const watch = (this.#watching = {});
    const isOver = () => this.#closed || this.#socket !== null || this.#watching !== watch;
    while (!isOver()) {
      if (navigator.onLine && (await this.#isBack(isOver))) return this.connect();
      const pause = Math.min(LAST_WATCH_MILLIS, WATCH_MILLIS * Math.max(1, (performance.now() - this.#lostAt) / EAGER_MILLIS));
      await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
    }
  }

  /** Looks once. @param {() => boolean} isOver whether the look-out ended meanwhile */
  async #isBack(isOver) {
    const answers = await this.#answers();
    if (isOver()) return false;
    const wasGone = this.#isGone;
    this.#isGone = !answers;
    return answers && wasGone;
  }

  /**
   * Whether anything answers there, whatever it says. A proxy that finds nothing behind it does not count; of another
   * origin the status cannot be seen, and a proxy's answer is taken for the server's.
   */
  async #answers() {
    try {
      const address = this.#url.replace(/^ws/, 'http');
      const signal = AbortSignal.timeout(ATTEMPT_MILLIS);
      const { status } = await fetch(address, { method: 'HEAD', mode: 'no-cors', cache: 'no-store', credentials: 'omit', signal });
      return status < 502 || status > 504;
    } catch {
      return false;
    }
  }

  /**
   * Why the server wants no WebSocket of this page, if that is so. Browsers do not show what a handshake was answered, but
   * what a request is: a POST, since only that carries the page's origin to a server that is its own.
   * @returns {Promise<string | null>} the server's words; null if it has nothing against us, or the browser does not tell
   */
  async refusal() {
    try {
      const signal = AbortSignal.timeout(REFUSAL_MILLIS);
      const response = await fetch(this.#url.replace(/^ws/, 'http'), { method: 'POST', cache: 'no-store', credentials: 'omit', signal });
      const isOurs = response.headers.get('Content-Type')?.startsWith('application/problem+json');
      return response.status === 403 && isOurs ? await detailOf(response) : null;
    } catch {
      return null;
    }
  }

  #drop() {
    clearTimeout(this.#attemptTimer);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onclose = socket.onmessage = null;
    socket.close();
  }
}
