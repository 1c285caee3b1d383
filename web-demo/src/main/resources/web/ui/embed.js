// The page within another one (`?embed`): it does what that one says by postMessage, and tells it what happens. Who may
// frame the page is the server's setting (http.frame-ancestors), and the browser holds others to it.
//
// A message to us is {plenum: 1, id, verb, …}, the answer {plenum: 1, id, result} or {plenum: 1, id, error};
// what happens is {plenum: 1, event, …}. docs/embedding.md has them all.

import { t } from '../i18n/i18n.js';
import { notice } from './notices.js';

const VERSION = 1;
const parameters = new URLSearchParams(location.search);

/** Whether the page is part of another one. */
export const isEmbedded = parameters.has('embed') && window.parent !== window;

/** What the embedding page may ask for. */
export const VERBS = ['join', 'leave', 'microphone', 'camera', 'screen', 'hand', 'say', 'layout', 'panel', 'state'];

export class Embed {
  #handlers;
  /** Of the page around us, once it has said something: it is answered, and told what happens. */
  #origin = null;

  /** @param {Record<string, (message: any) => any>} handlers by verb; each returns the result, or throws */
  constructor(handlers) {
    this.#handlers = handlers;
    if (!isEmbedded) return;
    document.body.classList.add('embedded');
    addEventListener('message', (event) => event.source === window.parent && this.#receive(event));
    // Says that we listen, and nothing else: whose page it is, we do not know yet.
    window.parent.postMessage({ plenum: VERSION, event: 'ready' }, '*');
  }

  /** @param {string} event @param {object} [detail] */
  tell(event, detail = {}) {
    if (this.#origin) window.parent.postMessage({ ...detail, plenum: VERSION, event }, this.#origin);
  }

  async #receive({ data, origin }) {
    if (data?.plenum !== VERSION || typeof data.verb !== 'string') return;
    this.#origin = origin === 'null' ? '*' : origin; // a sandboxed page has no origin that could be named
    const { id = null, verb } = data;
    const answer = (rest) => window.parent.postMessage({ plenum: VERSION, id, ...rest }, this.#origin);
    if (!VERBS.includes(verb)) return answer({ error: `unknown verb ${verb.slice(0, 64)}: expected one of ${VERBS.join(', ')}` });
    try {
      answer({ result: (await this.#handlers[verb](data)) ?? null });
    } catch (error) {
      answer({ error: error.message });
    }
  }
}

/** @param {any} value @param {string} field @returns {boolean} */
export function flag(value, field) {
  if (typeof value !== 'boolean') throw new TypeError(`${field} must be true or false, it is ${JSON.stringify(value)}`);
  return value;
}

/** @param {any} value @param {string} field @param {number} most @returns {string} */
export function words(value, field, most) {
  if (typeof value !== 'string' || value.length < 1 || value.length > most) {
    throw new TypeError(`${field} must be a text of 1 to ${most} characters`);
  }
  return value;
}

/** @param {any} value @param {string} field @param {readonly string[]} choices @returns {string} */
export function oneOf(value, field, choices) {
  if (!choices.includes(value)) throw new TypeError(`${field} must be one of ${choices.join(', ')}, it is ${JSON.stringify(value)}`);
  return value;
}

/** What is opened at the wish of another page is never opened in silence. @param {'microphone' | 'camera' | 'screen'} source */
export function tellOpened(source) {
  notice(t('embed.opened', { device: t(`device.${source}`) }));
}
