// The breakout rooms of the room, as the server told them last.

/** @typedef {{room: string, title: string}} BreakoutRoom */

/** @typedef {{participant: string, name: string, room: string, assigned: string | null}} Placed where somebody is, and which room a host has given them */

export class Breakouts {
  /** The main room, to which they belong. */
  main = '';
  /** The room in which we are: the main one, or one of them. */
  here = '';
  /** Whether people are moved into them. */
  open = false;
  /** When all are called back, by performance.now(); null: when a host does. @type {number | null} */
  endsAt = null;
  /** @type {BreakoutRoom[]} */
  rooms = [];
  /** The one that a host has given us. @type {string | null} */
  assigned = null;
  /** Everybody in all of them and in the main room; hosts know, others do not. @type {Placed[] | null} */
  people = null;

  /** Whether we are in one of them. */
  get inside() {
    return this.here !== this.main;
  }

  /** What people call the one in which we are; empty in the main room, or if it is over. */
  get title() {
    return this.rooms.find(({ room }) => room === this.here)?.title ?? '';
  }

  /** We are in this room, of which nothing else is known yet. @param {string} main @param {string} here */
  enter(main, here) {
    this.apply({ main, here });
  }

  /**
   * @param {{main: string, here: string, open?: boolean, secondsLeft?: number, rooms?: BreakoutRoom[], assigned?: string,
   *     people?: (Omit<Placed, 'assigned'> & {assigned?: string})[]}} told
   */
  apply({ main, here, open = false, secondsLeft, rooms = [], assigned = null, people }) {
    this.main = main;
    this.here = here;
    this.open = open;
    this.endsAt = secondsLeft === undefined ? null : performance.now() + secondsLeft * 1000;
    this.rooms = rooms;
    this.assigned = assigned;
    this.people = people?.map((one) => ({ ...one, assigned: one.assigned ?? null })) ?? null;
  }
}
