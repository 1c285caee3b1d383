// Plays what the room sends: one <audio> element for each of its audio slots.

export class Sound {
  /** @type {Map<MediaStream, HTMLAudioElement>} */
  #players = new Map();
  #button;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {HTMLButtonElement} button shown when the browser wants a tap before it plays sound
   */
  constructor(room, button) {
    this.#button = button;
    button.hidden = true;
    button.onclick = () => this.#playAll();
    room.addEventListener('sound', ({ detail: { stream, gone } }) => (gone ? this.#remove(stream) : this.#add(stream)));
  }

  #add(stream) {
    const player = new Audio();
    player.autoplay = true;
    player.srcObject = stream;
    this.#players.set(stream, player);
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

  #play(player) {
    player.play().catch((error) => {
      if (error.name === 'NotAllowedError') this.#button.hidden = false;
    });
  }
}
