// The WebSocket to the server: it comes back by itself when it is lost.
// It knows nothing of what the messages mean.

const SUBPROTOCOL = 'plenum.v1';
const FIRST_RETRY_MILLIS = 250;
const LAST_RETRY_MILLIS = 4000;

/** An attempt that is not `settled` by then is given up. */
const ATTEMPT_MILLIS = 10_000;

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
  #closed = false;
  #retryTimer = 0;
  #attemptTimer = 0;
  #url;
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
    const socket = new WebSocket(this.#url, SUBPROTOCOL);
    this.#socket = socket;
    this.#attemptTimer = setTimeout(() => this.#lost(socket), ATTEMPT_MILLIS);
    socket.onopen = () => this.#handlers.onOpen();
    socket.onclose = () => this.#lost(socket);
    socket.onmessage = (event) => this.#receive(event.data);
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

  /** Opens a new socket at once if the last one is gone: the network came back. */
  hurry() {
    if (!this.#socket) this.connect();
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
    const pause = Math.min(LAST_RETRY_MILLIS, FIRST_RETRY_MILLIS * 2 ** this.#attempts++);
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.connect(), pause * (0.5 + Math.random() / 2));
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
