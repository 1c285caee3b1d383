// Plays what the room sends: one <audio> element for each of its audio slots.

import { canChooseSpeaker } from '../client/level.js';

export class Sound {
  /** @type {Map<MediaStream, HTMLAudioElement>} */
  #players = new Map();
  #button;
  #speaker;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {HTMLButtonElement} button shown when the browser wants a tap before it plays sound
   * @param {string} speaker deviceId, empty: the system's
   */
  constructor(room, button, speaker) {
    this.#button = button;
    this.#speaker = speaker;
    button.hidden = true;
    button.onclick = () => this.#playAll();
    room.addEventListener('sound', ({ detail: { stream, gone } }) => (gone ? this.#remove(stream) : this.#add(stream)));
  }

  /** @param {string} speaker deviceId, empty: the system's */
  set speaker(speaker) {
    this.#speaker = speaker;
    for (const player of this.#players.values()) this.#direct(player);
  }

  #add(stream) {
    const player = new Audio();
    player.autoplay = true;
    player.srcObject = stream;
    this.#players.set(stream, player);
    if (this.#speaker) this.#direct(player);
    this.#play(player);
  }

  #remove(stream) {
    const player = this.#players.get(stream);
    if (player) player.srcObject = null;
    this.#players.delete(stream);
    if (!this.#players.size) this.#button.hidden = true;
  }

  #playAll() {
    this.#button.hidden = true;
    for (const player of this.#players.values()) this.#play(player);
  }

  /** A speaker that is gone leaves the sound where it is. */
  #direct(player) {
    if (canChooseSpeaker()) player.setSinkId(this.#speaker).catch(() => {});
  }

  #play(player) {
    player.play().catch((error) => {
      if (error.name === 'NotAllowedError') this.#button.hidden = false;
    });
  }
}
