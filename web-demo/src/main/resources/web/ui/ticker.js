// A clock that goes on in a hidden page, where the page's own timers do not.

export class Ticker {
  #worker;

  /**
   * @param {number} millis between two ticks; more where a tick takes longer than that: they never wait in a queue
   * @param {() => void} onTick
   */
  constructor(millis, onTick) {
    this.#worker = new Worker(new URL('./ticker-worker.js', import.meta.url), { type: 'module' });
    let began = 0;
    const rest = () => Math.max(millis / 4, millis - (performance.now() - began));
    this.#worker.onmessage = () => {
      began = performance.now();
      onTick();
      this.#worker.postMessage(rest());
    };
    this.#worker.postMessage(millis);
  }

  close() {
    this.#worker.terminate();
  }
}
