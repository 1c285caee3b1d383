// What hosts have decided about the room, who they are, and who waits to be let in, as the server told it last.

/**
 * @typedef {object} Rules
 * @property {boolean} waitingRoom whoever comes waits until a host lets them in
 * @property {boolean} screen participants may share their screens
 * @property {boolean} chat participants may write to the chat
 * @property {boolean} unmute participants may unmute their own microphones
 * @property {boolean} files participants may send files in the chat, where the server takes any
 * @property {boolean} record participants may record
 * @property {boolean} history who comes late is sent what was written before
 */

/** @typedef {{waiting: string, name: string}} Waiter `waiting` is an id */

/** @type {Rules} */
const USUAL = { waitingRoom: false, screen: true, chat: true, unmute: true, files: true, record: true, history: true };

export class Ruling {
  locked = false;
  /** @type {Rules} */
  rules = USUAL;
  /** @type {Set<string>} participants */
  hosts = new Set();
  /** In order of coming; known to hosts only. @type {Waiter[]} */
  waiting = [];

  /** @param {{locked?: boolean, rules?: Partial<Rules>, hosts?: string[]}} told */
  apply({ locked = false, rules = {}, hosts = [] }) {
    this.locked = locked;
    this.rules = { ...USUAL, ...rules };
    this.hosts = new Set(hosts);
  }

  clear() {
    this.apply({});
    this.waiting = [];
  }
}
