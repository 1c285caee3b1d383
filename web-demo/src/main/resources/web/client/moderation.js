// What a moderator may do, by the server's API with the token of the invitation. The server decides; what the token
// says is read here only to know which buttons to show.

import { detailOf } from './errors.js';
import { addressAt } from './server-address.js';

/** @typedef {import('./publications.js').Source} Source */

/**
 * @typedef {object} InvitationWish
 * @property {string | null} [name] what others are shown; without it each guest chooses
 * @property {Source[]} [publish] all by default
 * @property {boolean} [messages] whether guests may send messages; default true
 * @property {number} [seconds] how long it lets guests in, 60 to 2 592 000; default a day
 * @property {boolean} [once] whether it is for one guest only
 */

/** @typedef {InvitationWish & {invitation: string, expires: string, used: number, token: string}} Invitation */

export class Moderation {
  #url;
  #token;

  /**
   * @param {string} room
   * @param {string} [token] none where the server asks for none
   * @param {string} [server] its address; default: where this module came from
   */
  constructor(room, token, server) {
    this.#url = addressAt(`api/v1/rooms/${encodeURIComponent(room)}`, server);
    this.#token = token;
  }

  /** @param {string | undefined} token @returns {boolean} whether it says that its holder moderates the room */
  static isGranted(token) {
    try {
      const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
      const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0));
      return JSON.parse(new TextDecoder().decode(bytes)).video?.roomAdmin === true;
    } catch {
      return false;
    }
  }

  /** Mutes a track at the server, or lets it be heard or seen again. */
  async silence(participant, track, silenced) {
    const path = `/participants/${encodeURIComponent(participant)}/tracks/${encodeURIComponent(track)}`;
    await this.#request('PATCH', path, { silenced });
  }

  /**
   * Mutes sources of a person, published or not, until a moderator allows them again; no reload ends it.
   * @param {string} participant
   * @param {import('./publications.js').Source[]} sources all that are muted from now on
   */
  async silenceSources(participant, sources) {
    await this.#request('PATCH', `/participants/${encodeURIComponent(participant)}`, { silenced: sources });
  }

  /** Sends somebody away; the token they came with lets them in no more. */
  async remove(participant) {
    await this.#request('DELETE', `/participants/${encodeURIComponent(participant)}`);
  }

  /** Lets nobody in any more, or everybody again. */
  async lock(locked) {
    await this.#request('PATCH', '', { locked });
  }

  /** @returns {Promise<boolean>} */
  async isLocked() {
    return (await this.#request('GET', '')).locked;
  }

  /**
   * Lets others watch the room live, or nobody any more.
   * @param {boolean} on
   * @returns {Promise<{playlist?: string, watch?: string, expires?: string | null}>} where, if it is on
   */
  async broadcast(on) {
    return this.#request(on ? 'POST' : 'DELETE', '/broadcast', on ? {} : undefined);
  }

  /** @returns {Promise<string[]>} the participants whose pictures cannot be shown in the broadcast, for they come in VP8 */
  async unseen() {
    return (await this.#request('GET', '/broadcast')).unseen;
  }

  /** Has the server record each track, or no more. @param {boolean} on */
  async record(on) {
    await this.#request(on ? 'POST' : 'DELETE', '/recording', on ? {} : undefined);
  }

  /** Changes some of the room's rules. @param {Partial<import('./ruling.js').Rules>} rules */
  async rule(rules) {
    await this.#request('PATCH', '', { rules });
  }

  /** Makes somebody a host, or takes that back. @param {string} participant @param {boolean} host */
  async makeHost(participant, host) {
    await this.#request('PATCH', `/participants/${encodeURIComponent(participant)}`, { host });
  }

  /** Ends the meeting for everybody. */
  async end() {
    await this.#request('DELETE', '');
  }

  /**
   * Lets in those who wait.
   * @param {{waiting: string[]} | {name: string} | {all: true}} which by their ids, by a name, or all
   * @returns {Promise<number>} how many there were
   */
  async admit(which) {
    return (await this.#request('POST', '/waiting', which)).admitted;
  }

  /** Sends somebody away who waits. @param {string} waiting an id */
  async refuse(waiting) {
    await this.#request('DELETE', `/waiting/${encodeURIComponent(waiting)}`);
  }

  /** Makes as many breakout rooms as there are titles, while none is open. @param {string[]} titles */
  async makeBreakouts(titles) {
    await this.#request('PUT', '/breakouts', { titles });
  }

  /**
   * Gives people rooms, sets the time, opens the rooms.
   * @param {{assignments?: {participant: string, room?: string}[], random?: boolean, seconds?: number, open?: true}} change
   *     an assignment without a room: the main room
   */
  async changeBreakouts(change) {
    await this.#request('PATCH', '/breakouts', change);
  }

  /** Says something to everybody in the breakout rooms, and in the main room. @param {string} text */
  async tellBreakouts(text) {
    await this.#request('POST', '/breakouts/messages', { text });
  }

  /** Calls everybody back from the breakout rooms, and ends them. */
  async endBreakouts() {
    await this.#request('DELETE', '/breakouts');
  }

  /** @param {InvitationWish} wish @returns {Promise<Invitation>} `token` is for a link */
  async invite(wish) {
    return this.#request('POST', '/invitations', wish);
  }

  /** @returns {Promise<Invitation[]>} those that hold, the oldest first */
  async invitations() {
    return (await this.#request('GET', '/invitations')).invitations;
  }

  /** Takes one back: neither it nor its guests' passes let anybody in any more. @param {string} invitation its id */
  async revoke(invitation) {
    await this.#request('DELETE', `/invitations/${encodeURIComponent(invitation)}`);
  }

  /** @throws {Error} with the server's words */
  async #request(method, path, body) {
    const response = await fetch(this.#url + path, {
      method,
      headers: { ...(this.#token ? { Authorization: `Bearer ${this.#token}` } : {}), ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await detailOf(response));
    const text = await response.text();
    return text ? JSON.parse(text) : {};
  }
}
