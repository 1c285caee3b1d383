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
  /** Whether the key is down, and it was we who opened the microphone. */
  #held = false;
  #open = false;
  #busy = false;
  #onDown = (event) => this.#down(event);
  #onUp = (event) => event.code === 'Space' && this.#release();
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
    addEventListener('blur', this.#onAway);
    document.addEventListener('visibilitychange', this.#onAway);
    room.addEventListener('state', ({ detail }) => {
      if (detail.state !== 'closed') return;
      removeEventListener('keydown', this.#onDown);
      removeEventListener('keyup', this.#onUp);
      removeEventListener('blur', this.#onAway);
      document.removeEventListener('visibilitychange', this.#onAway);
    });
  }

  #down(event) {
    if (event.code !== 'Space' || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (!recall(KEY, false) || (event.target instanceof Element && event.target.closest(TAKES_SPACE))) return;
    event.preventDefault();
    if (event.repeat || this.#held || !this.#room.isMuted('microphone')) return;
    if (this.#room.isSilenced('microphone') || !this.#room.mayPublish('microphone')) return;
    this.#held = true;
    this.#follow();
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
