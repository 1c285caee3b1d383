// While the space bar is held a muted microphone is open, if one has chosen so in the settings.

import { recall, remember } from './settings.js';

const byId = (id) => document.getElementById(id);
const KEY = 'pushToTalk';

/** What takes the space bar for itself. */
const TAKES_SPACE = 'input, textarea, select, button, summary, a[href], [contenteditable], dialog, [tabindex="0"], [role=slider]';

export function wirePushToTalk() {
  const box = /** @type {HTMLInputElement} */ (byId('use-push-to-talk'));
  box.checked = recall(KEY, false);
  box.onchange = () => remember(KEY, box.checked);
}

export class PushToTalk {
  #room;
  #setMicrophone;
  /** Whether the key went down for us, and not for what has the focus. */
  #isOurs = false;
  /** Whether the key is down, and it was we who opened the microphone. */
  #held = false;
  #open = false;
  #busy = false;
  /** A button of the call that has the focus only because it was clicked: the space bar is not for it. @type {Element | null} */
  #clicked = null;
  #onClick = (event) => (this.#clicked = event.detail > 0 ? event.target.closest('button') : null);
  #onFocus = () => (this.#clicked = null);
  #onDown = (event) => this.#down(event);
  #onUp = (event) => event.code === 'Space' && this.#up(event);
  #onAway = () => this.#release();

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {(on: boolean) => Promise<void>} setMicrophone
   */
  constructor(room, setMicrophone) {
    this.#room = room;
    this.#setMicrophone = setMicrophone;
    addEventListener('keydown', this.#onDown);
    addEventListener('keyup', this.#onUp);
    addEventListener('click', this.#onClick, true);
    addEventListener('focusout', this.#onFocus);
    addEventListener('blur', this.#onAway);
    document.addEventListener('visibilitychange', this.#onAway);
    room.addEventListener('state', ({ detail }) => {
      if (detail.state !== 'closed') return;
      removeEventListener('keydown', this.#onDown);
      removeEventListener('keyup', this.#onUp);
      removeEventListener('click', this.#onClick, true);
      removeEventListener('focusout', this.#onFocus);
      removeEventListener('blur', this.#onAway);
      document.removeEventListener('visibilitychange', this.#onAway);
    });
  }

  #down(event) {
    if (event.code !== 'Space' || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (!recall(KEY, false) || this.#isTaken(event.target)) return;
    event.preventDefault();
    this.#isOurs = true;
    if (event.repeat || this.#held || !this.#room.isMuted('microphone')) return;
    if (this.#room.isSilenced('microphone') || !this.#room.mayPublish('microphone')) return;
    this.#held = true;
    this.#follow();
  }

  /** Whether what has the focus wants the space bar. */
  #isTaken(target) {
    const taker = target instanceof Element ? target.closest(TAKES_SPACE) : null;
    return taker !== null && (taker !== this.#clicked || taker.closest('dialog, [popover]') !== null);
  }

  /** What was taken from a button when it went down is not left to it when it goes up. */
  #up(event) {
    if (this.#isOurs) event.preventDefault();
    this.#isOurs = false;
    this.#release();
  }

  #release() {
    this.#held = false;
    this.#follow();
  }

  /** Opens and closes one after the other, for a device takes its time: what the key says last holds. */
  async #follow() {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#open !== this.#held && this.#room.state !== 'closed') {
      const open = this.#held;
      this.#open = open;
      try {
        await this.#setMicrophone(open);
      } catch {
        this.#held = this.#open = false; // it has been told
      }
    }
    this.#busy = false;
  }
}
