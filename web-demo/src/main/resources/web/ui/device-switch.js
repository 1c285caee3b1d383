// Turns one's microphone and camera on and off in a call. A device takes its time to open: what was wished last holds.

import { LatestWish } from '../client/latest-wish.js';

/** @typedef {'microphone' | 'camera'} Source */

export class DeviceSwitch {
  #room;
  #devices;
  #wishes = new LatestWish();
  /** What is being turned on or off. @type {Map<Source, boolean>} */
  #coming = new Map();

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {import('./devices.js').Devices} devices
   */
  constructor(room, devices) {
    this.#room = room;
    this.#devices = devices;
  }

  /** @param {Source} source @returns {boolean} whether it is on, or will be when it has opened */
  isOn(source) {
    return this.#coming.get(source) ?? !this.#room.isMuted(source);
  }

  /** @param {Source} source @returns {boolean} whether it is about to be turned on or off */
  isChanging(source) {
    return this.#coming.has(source);
  }

  /**
   * @param {Source} source
   * @param {boolean} on
   * @throws {Error} why it is not so, unless it was wished otherwise meanwhile
   */
  async set(source, on) {
    const isWished = this.#wishes.begin(source);
    this.#coming.set(source, on);
    try {
      if (this.#room.isPublished(source)) await this.#room.setMuted(source, !on);
      else if (on) await this.#open(source, isWished);
    } catch (error) {
      if (isWished()) throw error;
    } finally {
      if (isWished()) this.#coming.delete(source);
    }
  }

  /** The same, as the person wants it from now on. @param {Source} source @param {boolean} on @throws {Error} as `set` does */
  async want(source, on) {
    await this.set(source, on);
    if (this.#room.isMuted(source) !== on) this.#devices.want(source, on);
  }

  async #open(source, isWished) {
    const track = await this.#devices.acquire(source);
    if (!isWished() || this.#room.state === 'closed') track.stop(); // wished otherwise, or left, meanwhile
    else this.#room.publish(track, source);
  }
}
