// The call as a part of another page: an <iframe> and ten verbs. docs/embedding.md tells how; the server must name the
// page's origin in `http.frame-ancestors`.
//
//   import { PlenumFrame } from 'https://meet.example.org/plenum-frame.js';
//   const frame = new PlenumFrame(document.getElementById('call'));
//   await frame.join({ room: 'lobby', name: 'Ada' });
//   frame.addEventListener('joined', ({ detail }) => console.log(detail.name));

const VERSION = 1;

/** So long it may take until the frame listens: it never does where the server lets nobody frame it. */
const READY_MILLIS = 30_000;

/** So long an answer is waited for; joining takes as long as a person needs to allow a camera. */
const ANSWER_MILLIS = 15_000;
const JOIN_MILLIS = 120_000;

/**
 * Events (CustomEvent, `detail` in braces): `state` `{state, reason, error}`, `joined` and `left` `{participant, name}`,
 * `speakers` `{participants}`, `published` `{source, on}`, `chat` `{from, name, text, own}`.
 */
export class PlenumFrame extends EventTarget {
  #iframe = document.createElement('iframe');
  #origin;
  /** @type {Map<number, {resolve: (result: any) => void, reject: (error: Error) => void, timer: number}>} */
  #asked = new Map();
  #next = 1;
  #closed = false;
  #ready;
  #onMessage = (event) => this.#receive(event);

  /**
   * @param {Element} parent is given the frame
   * @param {{server?: string, title?: string, language?: string}} [options] server: its address; default: where this module came from
   */
  constructor(parent, { server, title = 'Plenum', language } = {}) {
    super();
    const address = new URL('./', server ?? import.meta.url);
    address.searchParams.set('embed', '');
    if (language) address.searchParams.set('lang', language);
    this.#origin = address.origin;
    this.#iframe.src = address.href;
    this.#iframe.title = title;
    this.#iframe.allow = ['camera', 'microphone', 'display-capture', 'autoplay', 'fullscreen', 'speaker-selection', 'screen-wake-lock', 'clipboard-write']
      .map((feature) => `${feature} ${this.#origin}`).join('; ');
    this.#iframe.style.border = '0';
    this.#iframe.style.width = this.#iframe.style.height = '100%';
    this.#ready = new Promise((resolve) => this.addEventListener('ready', resolve, { once: true }));
    addEventListener('message', this.#onMessage);
    parent.append(this.#iframe);
  }

  get element() {
    return this.#iframe;
  }

  /** @param {{room: string, name: string, token?: string}} wish */
  join(wish) {
    return this.#ask('join', wish, JOIN_MILLIS);
  }

  leave() {
    return this.#ask('leave');
  }

  /** @param {boolean} on */
  microphone(on) {
    return this.#ask('microphone', { on });
  }

  /** @param {boolean} on */
  camera(on) {
    return this.#ask('camera', { on });
  }

  /** Browsers want a click in the frame itself before a screen may be shared. @param {boolean} on */
  screen(on) {
    return this.#ask('screen', { on }, JOIN_MILLIS);
  }

  /** @param {boolean} up */
  hand(up) {
    return this.#ask('hand', { up });
  }

  /** @param {string} text for everyone in the call */
  say(text) {
    return this.#ask('say', { text });
  }

  /** @param {'grid' | 'speaker'} layout */
  layout(layout) {
    return this.#ask('layout', { layout });
  }

  /** @param {'chat' | 'people' | 'statistics' | 'none'} panel */
  panel(panel) {
    return this.#ask('panel', { panel });
  }

  /** @returns {Promise<{state: string, room?: string, participant?: string, participants?: {participant: string, name: string}[],
   *     microphone?: boolean, camera?: boolean, screen?: boolean, hand?: boolean}>} */
  state() {
    return this.#ask('state');
  }

  /** Takes the frame away; a call in it ends. */
  close() {
    this.#closed = true;
    removeEventListener('message', this.#onMessage);
    for (const { reject, timer } of this.#asked.values()) {
      clearTimeout(timer);
      reject(new Error('the frame was closed'));
    }
    this.#asked.clear();
    this.#iframe.remove();
  }

  async #ask(verb, fields = {}, millis = ANSWER_MILLIS) {
    if (this.#closed) throw new Error('the frame was closed');
    const id = this.#next++;
    const fail = (message) => {
      this.#asked.get(id)?.reject(new Error(`${verb}: ${message}`));
      this.#asked.delete(id);
    };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(fail, READY_MILLIS, `the frame did not load within ${READY_MILLIS} ms; may this page frame it?`);
      const asked = { resolve, reject, timer };
      this.#asked.set(id, asked);
      this.#ready.then(() => {
        if (!this.#asked.has(id)) return;
        clearTimeout(asked.timer);
        asked.timer = setTimeout(fail, millis, `no answer within ${millis} ms`);
        this.#iframe.contentWindow.postMessage({ ...fields, plenum: VERSION, id, verb }, this.#origin);
      });
    });
  }

  #receive({ source, origin, data }) {
    if (source !== this.#iframe.contentWindow || origin !== this.#origin || data?.plenum !== VERSION) return;
    if (data.event) {
      const { plenum, event, ...detail } = data;
      this.dispatchEvent(new CustomEvent(event, { detail }));
      return;
    }
    const asked = this.#asked.get(data.id);
    if (!asked) return;
    this.#asked.delete(data.id);
    clearTimeout(asked.timer);
    if (data.error === undefined) asked.resolve(data.result);
    else asked.reject(new Error(data.error));
  }
}
