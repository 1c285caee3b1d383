// Recording all of the call as one file: those who agreed, as they are seen and heard; the others by name only.

import { onLanguage, t } from '../i18n/i18n.js';
import { Recorder } from '../plenum-client.js';
import { alertUser, notice } from './notices.js';
import { keepKey } from './recording-keys.js';

const byId = (id) => document.getElementById(id);

export class CallRecording {
  #room;
  #options;
  /** @type {Recorder | null} */
  #recorder = null;
  /** @type {import('./composition.js').Composition | null} */
  #composition = null;
  /** Who agreed, since the recording began. @type {Set<string>} */
  #agreed = new Set();
  #busy = false;
  #screen = document.createElement('video');

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {{roomName: string, name: string, stage: import('./stage.js').Stage, consent: import('./recording-consent.js').RecordingConsent,
   *     possible: boolean, announce: (on: boolean) => void}} options possible: whether anything can be recorded here; announce: tells
   *     everyone that we record
   */
  constructor(room, options) {
    this.#room = room;
    this.#options = options;
    room.addEventListener('joined', ({ detail: { participant } }) => this.#recorder && this.#ask(participant.participant));
    room.addEventListener('moving', () => this.#recorder?.stop()); // whoever is there has not been asked
    room.addEventListener('rules', () => {
      const allowed = room.rules.record || room.isHost;
      if (!allowed) this.#recorder?.stop();
      byId('record-call').hidden = !options.possible || !allowed;
    });
    room.addEventListener('left', ({ detail: { participant } }) => this.#agreed.delete(participant.participant));
    // A slot carries somebody else from now on, who may not have agreed.
    for (const type of ['bound', 'track', 'published']) room.addEventListener(type, () => this.#composition?.syncSound());
    const endTranslation = onLanguage(() => this.#paint());
    room.addEventListener('state', ({ detail }) => {
      if (detail.state !== 'closed') return;
      endTranslation();
      this.#recorder?.stop();
      this.#paint();
    });
  }

  async toggle() {
    if (this.#busy) return;
    if (this.#recorder) return this.#recorder.stop();
    this.#busy = true;
    try {
      await this.#begin();
    } catch (error) {
      this.#onEnded(error);
    }
    this.#busy = false;
  }

  async #begin() {
    const { Composition } = await import('./composition.js');
    const { roomName, announce, stage } = this.#options;
    this.#agreed = new Set([this.#room.participant]);
    const recorder = new Recorder({ room: roomName, token: this.#room.token });
    recorder.addEventListener('ended', ({ detail }) => this.#onEnded(detail.error));
    this.#recorder = recorder;
    this.#room.avoidDirect(recorder, true);
    stage.keepSeen('recording', true);
    announce(true); // before the first picture is taken
    this.#composition = new Composition(() => this.#parts(), () => this.#tracks());
    await recorder.start(this.#composition.stream, t('recording.callTitle', { room: roomName }));
    keepKey(recorder.id, recorder.key);
    this.#paint();
    if (this.#room.participants.size) notice(t('recording.askingAll'));
    for (const id of this.#room.participants.keys()) this.#ask(id);
  }

  async #ask(id) {
    const recorder = this.#recorder;
    const name = this.#room.participants.get(id)?.name ?? '';
    const agreed = await this.#options.consent.ask(id, 'ask-call');
    if (this.#recorder !== recorder || !this.#room.participants.has(id)) return;
    if (agreed) this.#agreed.add(id);
    else notice(t('recording.refused', { name }));
  }

  /** As others are shown it now. */
  get #ownName() {
    return this.#room.name || this.#options.name;
  }

  /** @returns {import('./composition.js').Part[]} */
  #parts() {
    const parts = this.#options.stage.pictures().map(({ participant, name, video, large }) => {
      const id = participant ?? this.#room.participant;
      return { participant: id, name: participant ? name : this.#ownName, large, video: this.#agreed.has(id) ? video : null };
    });
    return [...this.#ownScreen(), ...parts];
  }

  /** It has no tile. */
  #ownScreen() {
    const track = this.#room.localTrack('screen');
    if (!track) return [];
    if (this.#screen.srcObject?.getTracks()[0] !== track) {
      this.#screen.muted = true;
      this.#screen.srcObject = new MediaStream([track]);
      this.#screen.play().catch(() => {});
    }
    return [{ participant: this.#room.participant, name: t('tile.screen', { name: this.#ownName }), video: this.#screen, large: true }];
  }

  #tracks() {
    const streams = [...this.#agreed].flatMap((id) => [this.#room.streamOf(id), this.#room.streamOf(id, true)]);
    return streams.flatMap((stream) => stream?.getAudioTracks() ?? []).filter((track) => track.readyState === 'live');
  }

  #onEnded(error) {
    if (!this.#recorder) return;
    this.#room.avoidDirect(this.#recorder, false);
    this.#recorder = null;
    this.#composition?.close();
    this.#composition = null;
    this.#screen.srcObject = null;
    this.#options.stage.keepSeen('recording', false);
    this.#options.consent.takeBack();
    this.#options.announce(false);
    if (error) alertUser(t('recording.failed', { message: error.message }));
    else notice(t('recording.saved'));
    this.#paint();
  }

  #paint() {
    byId('record-call-text').textContent = t(this.#recorder ? 'recording.callStop' : 'recording.call');
  }
}
