// How long we have been in the call.

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
    byId('timer').textContent = clock(Math.floor((performance.now() - this.#began) / 1000));
  }
}

/** @param {number} seconds @returns {string} `4:05`, `1:04:05` */
export function clock(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number) => String(number).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
