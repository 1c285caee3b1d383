// Questions to the server that wait for their answer, each known by its id.

/** The signaling was lost while a question was on its way. */
export class Interrupted extends Error {}

/** One count for all, so that an error's id tells which question it answers. */
let lastId = 0;

export class Requests {
  /** @type {Map<number, {resolve: (answer: any) => void, reject: (error: Error) => void, timer: number}>} */
  #pending = new Map();
  #millis;
  #onSilence;

  /**
   * @param {number} millis after which an answer is not expected any more
   * @param {() => void} onSilence none came
   */
  constructor(millis, onSilence) {
    this.#millis = millis;
    this.#onSilence = onSilence;
  }

  /**
   * @param {(id: number) => boolean} send false: nothing was sent
   * @returns {Promise<any>} the answer; rejects with an Interrupted if it cannot come any more
   */
  ask(send) {
    return new Promise((resolve, reject) => {
      const id = ++lastId;
      const timer = setTimeout(() => {
        this.#take(id)?.reject(new Interrupted('no answer'));
        this.#onSilence();
      }, this.#millis);
      this.#pending.set(id, { resolve, reject, timer });
      if (!send(id)) this.#take(id).reject(new Interrupted('not connected'));
    });
  }

  /** @returns {boolean} false if nobody waits for it */
  answer(id, value) {
    const pending = this.#take(id);
    pending?.resolve(value);
    return pending !== undefined;
  }

  /** @returns {boolean} false if nobody waits for it */
  refuse(id, error) {
    const pending = this.#take(id);
    pending?.reject(error);
    return pending !== undefined;
  }

  /** No answer will come to what was asked so far. */
  interrupt() {
    for (const id of [...this.#pending.keys()]) this.refuse(id, new Interrupted('signaling lost'));
  }

  #take(id) {
    const pending = this.#pending.get(id);
    if (pending) clearTimeout(pending.timer);
    this.#pending.delete(id);
    return pending;
  }
}
