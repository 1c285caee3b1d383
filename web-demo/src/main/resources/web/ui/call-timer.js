// How long we have been in the call.

import { clock } from './figures.js';

const byId = (id) => document.getElementById(id);

export class CallTimer {
  #began = 0;
  #ticking = 0;

  /** @param {import('../plenum-client.js').PlenumRoom} room */
  constructor(room) {
    room.addEventListener('state', ({ detail: { state } }) => {
      if (state === 'connected' && !this.#ticking) this.#begin();
      else if (state === 'closed') this.#end();
    });
  }

  #begin() {
    this.#began = performance.now();
    this.#ticking = setInterval(() => this.#paint(), 1000);
    this.#paint();
    byId('timer').hidden = false;
  }

  #end() {
    clearInterval(this.#ticking);
    byId('timer').hidden = true;
  }

  #paint() {
    if (document.hidden) return;
    byId('timer').textContent = clock((performance.now() - this.#began) / 1000);
  }
}
