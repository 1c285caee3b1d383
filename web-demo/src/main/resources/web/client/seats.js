// Who sits where: which seat shows whom (ours to choose), and what each slot carries (the server's to say).

/**
 * @typedef {object} View what the page wants to show
 * @property {string} participant
 * @property {boolean} [screen] the screen share instead of the camera
 * @property {number} [maxHeight] of the picture, in pixels; 0 = sound only
 * @property {number} [maxFramerate] pictures a second that are worth while there; where the publisher sends temporal layers
 */

/**
 * @typedef {object} Slot what one slot carries, as the server's `slot` message has it
 * @property {string} mid
 * @property {number} seat -1 for an extra audio slot
 * @property {string | null} participant
 * @property {string | null} track
 * @property {string | null} source
 * @property {number} generation
 * @property {'codec' | 'bandwidth' | 'overload' | 'direct'} [paused] why nothing comes although it is bound; direct: it comes from the other one
 * @property {number} [height] of the picture that comes, in pixels; missing while unknown
 * @property {number} [wantedHeight] of the picture that would come if our bandwidth were no matter
 */

/** One key for a participant's camera tile, another for its screen. */
export const tileKey = (participant, screen) => `${participant}${screen ? '/screen' : ''}`;

/** Maps what is to be shown to seats; whatever stays visible keeps its seat. */
export class SeatPlan {
  /** @type {Map<string, number>} tile key → seat */
  #seats = new Map();

  /** How many seats it needs. */
  get seatCount() {
    return Math.max(0, ...[...this.#seats.values()].map((seat) => seat + 1));
  }

  /**
   * @param {View[]} views in order of importance
   * @param {number} seatCount seats that may be used: 0 … seatCount - 1
   * @returns {(View & {seat: number})[]} the views that got a seat
   */
  assign(views, seatCount) {
    const wanted = new Map(views.slice(0, seatCount).map((view) => [tileKey(view.participant, view.screen), view]));
    for (const [key, seat] of this.#seats) {
      if (!wanted.has(key) || seat >= seatCount) this.#seats.delete(key);
    }
    const taken = new Set(this.#seats.values());
    let next = 0;
    for (const key of wanted.keys()) {
      if (this.#seats.has(key)) continue;
      while (taken.has(next)) next++;
      taken.add(next);
      this.#seats.set(key, next);
    }
    return [...wanted].map(([key, view]) => ({ ...view, seat: this.#seats.get(key) }));
  }
}

const EMPTY = { participant: null, track: null, source: null, paused: null, height: 0, wantedHeight: 0 };

/** What each slot carries now. A binding older than one already seen is ignored. */
export class SlotTable {
  /** @type {Map<string, Slot>} by mid */
  #slots = new Map();

  /** @param {Slot} slot */
  apply(slot) {
    const known = this.#slots.get(slot.mid);
    if (!known || slot.generation >= known.generation) this.#slots.set(slot.mid, slot);
  }

  /** Takes the whole table of a resumed session: what is not listed is empty. */
  replace(slots) {
    const listed = new Set(slots.map((slot) => slot.mid));
    for (const slot of this.#slots.values()) {
      if (!listed.has(slot.mid)) Object.assign(slot, EMPTY);
    }
    slots.forEach((slot) => this.apply(slot));
  }

  /** Empties the slots that carry a track that is gone, whether or not the server says so too. */
  forget(track) {
    for (const slot of this.#slots.values()) {
      if (slot.track === track) Object.assign(slot, EMPTY);
    }
  }

  /** @param {string | null} mid */
  bound(mid) {
    const slot = this.#slots.get(mid);
    return slot?.participant ? slot : null;
  }
}
