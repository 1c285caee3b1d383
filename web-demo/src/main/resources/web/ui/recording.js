// Recording tiles: who is recorded by us, and a sign for everyone that somebody records.

import { t } from '../i18n/i18n.js';
import { Recorder } from '../plenum-client.js';
import { keepKey } from './recording-keys.js';
import { alertUser, notice } from './notices.js';

const byId = (id) => document.getElementById(id);

export class Recording {
  #room;
  #conversation;
  #consent;
  #options;
  /** What runs, and what it takes. @type {Map<import('./tile.js').Tile, {recorder: Recorder, stream: MediaStream}>} */
  #running = new Map();
  /** Tiles whose people are being asked. @type {Set<import('./tile.js').Tile>} */
  #asking = new Set();
  /** Why our recording sign is up. @type {Set<string>} */
  #signs = new Set();

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {import('../plenum-client.js').Conversation} conversation
   * @param {import('./recording-consent.js').RecordingConsent} consent
   * @param {{room: string}} options of the recordings
   */
  constructor(room, conversation, consent, options) {
    this.#room = room;
    this.#conversation = conversation;
    this.#consent = consent;
    this.#options = options;
    conversation.addEventListener('recorders', ({ detail: { participant, name, up } }) => {
      this.paint();
      if (participant !== room.participant) notice(t(up ? 'recording.by' : 'recording.noMore', { name }));
    });
    // What a slot carries next is somebody else's.
    room.addEventListener('tile', ({ detail }) => detail.stream === null && this.#stopFor(detail));
    room.addEventListener('bound', ({ detail }) => detail.participant !== null && this.#stopWhatIsCarriedNoMore());
    room.addEventListener('left', ({ detail: { participant: { participant } } }) => {
      for (const screen of [false, true]) this.#stopFor({ participant, screen });
    });
    room.addEventListener('rules', () => room.rules.record || room.isHost || this.#stopAll());
    room.addEventListener('state', ({ detail }) => {
      if (detail.state !== 'closed') return;
      this.#stopAll();
      byId('recording').hidden = true;
    });
  }

  /** @param {import('./tile.js').Tile} tile begins or ends */
  async toggle(tile) {
    const running = this.#running.get(tile);
    if (running) return running.recorder.stop();
    const participant = tile.participant ?? this.#room.participant;
    if (!(await this.#mayRecord(tile, participant))) return;
    const stream = this.#room.streamOf(participant, tile.kind === 'screen');
    if (!stream) return notice(t('recording.nothing'));
    const recorder = new Recorder({ ...this.#options, token: this.#room.token });
    if (tile.participant) this.#room.avoidDirect(recorder, true);
    this.#running.set(tile, { recorder, stream });
    recorder.addEventListener('ended', ({ detail }) => this.#onEnded(tile, detail.error));
    this.announce('tiles', true); // before the first picture is taken
    try {
      await recorder.start(stream, tile.element.ariaLabel);
      tile.recorded = true;
      keepKey(recorder.id, recorder.key);
    } catch (error) {
      this.#onEnded(tile, error);
    }
  }

  /** Tells everyone that we record, or do no more. @param {'tiles' | 'call'} what @param {boolean} on */
  announce(what, on) {
    if (on) this.#signs.add(what);
    else this.#signs.delete(what);
    this.#conversation.announceRecording(this.#signs.size > 0);
  }

  /** Asks whom it shows. */
  async #mayRecord(tile, participant) {
    if (participant === this.#room.participant) return true;
    if (this.#asking.has(tile)) return false;
    this.#asking.add(tile);
    const name = this.#room.participants.get(participant)?.name ?? '';
    notice(t('recording.asking', { name }));
    const agreed = await this.#consent.ask(participant, 'ask');
    this.#asking.delete(tile);
    if (!agreed && this.#room.state !== 'closed') notice(t('recording.refused', { name }));
    return agreed && this.#room.participants.has(participant);
  }

  paint() {
    const names = [...this.#conversation.recorders].map((id) =>
      id === this.#room.participant ? t('recording.you') : (this.#room.participants.get(id)?.name ?? ''));
    byId('recording').textContent = t('recording.on', { names: names.join(', ') });
    byId('recording').hidden = names.length === 0;
  }

  #onEnded(tile, error) {
    this.#room.avoidDirect(this.#running.get(tile)?.recorder, false);
    this.#running.delete(tile);
    tile.recorded = false;
    if (!this.#running.size) this.announce('tiles', false);
    if (error) alertUser(t('recording.failed', { message: error.message }));
    else notice(t('recording.saved'));
  }

  #stopFor({ participant, screen }) {
    for (const [tile, { recorder }] of this.#running) {
      if (tile.participant === participant && (tile.kind === 'screen') === Boolean(screen)) recorder.stop();
    }
  }

  /** A slot that is recorded carries somebody else: of who is there without a picture nothing else tells. */
  #stopWhatIsCarriedNoMore() {
    for (const [tile, { recorder, stream }] of this.#running) {
      const now = tile.participant && this.#room.streamOf(tile.participant, tile.kind === 'screen')?.getTracks();
      if (tile.participant && !stream.getTracks().every((track) => now?.includes(track))) recorder.stop();
    }
  }

  #stopAll() {
    for (const { recorder } of this.#running.values()) recorder.stop();
  }
}
