// Keeps the screen from going dark during a call, where the browser lets us.

export class WakeLock {
  /** @type {WakeLockSentinel | null} */
  #held = null;
  #over = false;
  #onVisible = () => this.#take();

  /** @param {import('../plenum-client.js').PlenumRoom} room */
  constructor(room) {
    document.addEventListener('visibilitychange', this.#onVisible);
    room.addEventListener('state', ({ detail: { state } }) => {
      if (state === 'connected') this.#take();
      else if (state === 'closed') this.#end();
    });
  }

  /** Browsers take it back while the page is hidden. */
  async #take() {
    if (document.hidden || this.#over || (this.#held && !this.#held.released)) return;
    try {
      this.#held = (await navigator.wakeLock?.request('screen')) ?? null;
      if (this.#over) this.#release();
    } catch {
      // the battery is low, or the browser does not want to
    }
  }

  #end() {
    this.#over = true;
    document.removeEventListener('visibilitychange', this.#onVisible);
    this.#release();
  }

  #release() {
    this.#held?.release().catch(() => {});
    this.#held = null;
  }
}
