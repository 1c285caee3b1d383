// Recording tiles: who is recorded by us, and a sign for everyone that somebody records.

import { t } from '../i18n/i18n.js';
import { Recorder } from '../plenum-client.js';
import { keepKey } from './recording-keys.js';
import { alertUser, notice } from './notices.js';

const byId = (id) => document.getElementById(id);

export class Recording {
  #room;
  #conversation;
  #options;
  /** @type {Map<import('./tile.js').Tile, Recorder>} */
  #recorders = new Map();

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {import('../plenum-client.js').Conversation} conversation
   * @param {{room: string}} options of the recordings
   */
  constructor(room, conversation, options) {
    this.#room = room;
    this.#conversation = conversation;
    this.#options = options;
    conversation.addEventListener('recorders', ({ detail: { participant, name, up } }) => {
      this.paint();
      if (participant !== room.participant) notice(t(up ? 'recording.by' : 'recording.noMore', { name }));
    });
    // What a slot carries next is somebody else's.
    room.addEventListener('tile', ({ detail }) => detail.stream === null && this.#stopFor(detail));
    room.addEventListener('state', ({ detail }) => detail.state === 'closed' && this.#stopAll());
  }

  /** @param {import('./tile.js').Tile} tile begins or ends */
  async toggle(tile) {
    const running = this.#recorders.get(tile);
    if (running) return running.stop();
    const participant = tile.participant ?? this.#room.participant;
    if (tile.participant) this.#room.allowDirect(false); // a recording cannot follow from one path to another
    const stream = this.#room.streamOf(participant, tile.kind === 'screen');
    if (!stream) {
      this.#allowDirect();
      return notice(t('recording.nothing'));
    }
    const recorder = new Recorder({ ...this.#options, token: this.#room.token });
    this.#recorders.set(tile, recorder);
    recorder.addEventListener('ended', ({ detail }) => this.#onEnded(tile, detail.error));
    this.#conversation.announceRecording(true); // before the first picture is taken
    try {
      await recorder.start(stream, tile.element.ariaLabel);
      tile.recorded = true;
      keepKey(recorder.id, recorder.key);
    } catch (error) {
      this.#onEnded(tile, error);
    }
  }

  paint() {
    const names = [...this.#conversation.recorders].map((id) =>
      id === this.#room.participant ? t('recording.you') : (this.#room.participants.get(id)?.name ?? ''));
    byId('recording').textContent = t('recording.on', { names: names.join(', ') });
    byId('recording').hidden = names.length === 0;
  }

  #onEnded(tile, error) {
    this.#recorders.delete(tile);
    tile.recorded = false;
    this.#allowDirect();
    if (!this.#recorders.size) this.#conversation.announceRecording(false);
    if (error) alertUser(t('recording.failed', { message: error.message }));
    else notice(t('recording.saved'));
  }

  /** Unless another of the others is still recorded. */
  #allowDirect() {
    this.#room.allowDirect(![...this.#recorders.keys()].some((tile) => tile.participant));
  }

  #stopFor({ participant, screen }) {
    for (const [tile, recorder] of this.#recorders) {
      if (tile.participant === participant && (tile.kind === 'screen') === Boolean(screen)) recorder.stop();
    }
  }

  #stopAll() {
    for (const recorder of this.#recorders.values()) recorder.stop();
    byId('recording').hidden = true;
  }
}
