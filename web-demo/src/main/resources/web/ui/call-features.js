// What the call has beside pictures, sound and chat, each in a file of its own: made together, and reached by the menu and
// by the page around us.

import { CallRecording } from './call-recording.js';
import { Captions } from './captions.js';
import { ConnectionNote } from './connection-note.js';
import { paintOwnLevel } from './device-menu.js';
import { canOpenMiniWindow, MiniWindow } from './mini-window.js';
import { MutedSpeech } from './muted-speech.js';
import { OwnVoice } from './own-voice.js';
import { PushToTalk } from './push-to-talk.js';
import { renameDialog } from './rename.js';
import { SharingBar } from './sharing-bar.js';

const byId = (id) => document.getElementById(id);

/**
 * @typedef {object} CallParts
 * @property {string} name our own
 * @property {string} roomName
 * @property {boolean} mayRecord whether anything can be recorded here
 * @property {import('./stage.js').Stage} stage
 * @property {import('./toolbar.js').Toolbar} toolbar
 * @property {import('./panels.js').Panels} panels
 * @property {import('../plenum-client.js').Conversation} conversation
 * @property {import('./recording.js').Recording} recording
 * @property {import('./recording-consent.js').RecordingConsent} consent
 */

export class CallFeatures {
  #room;
  #parts;
  #callRecording;
  #captions;
  #mini;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room not joined yet
   * @param {CallParts} parts
   */
  constructor(room, parts) {
    this.#room = room;
    this.#parts = parts;
    const { name, roomName, stage, toolbar, recording, consent } = parts;
    const announce = (on) => recording.announce('call', on);
    this.#callRecording = new CallRecording(room, { name, roomName, stage, consent, possible: parts.mayRecord, announce });
    this.#captions = new Captions(room, name);
    this.#mini = new MiniWindow(room, stage);
    byId('mini-item').hidden = !canOpenMiniWindow();
    new SharingBar(room);
    new ConnectionNote(room, () => toolbar.set('camera', false));
    const voice = new OwnVoice(room);
    voice.addEventListener('level', ({ detail }) => paintOwnLevel(detail.level, detail.muted));
    new MutedSpeech(room, voice, () => toolbar.set('microphone', true));
    new PushToTalk(room, (on) => toolbar.setDevice('microphone', on));
  }

  get conversation() {
    return this.#parts.conversation;
  }

  /** @returns {(() => void) | undefined} what the menu's item does */
  action(name) {
    return {
      'record-call': () => this.#callRecording.toggle(),
      captions: () => this.#captions.toggleShown(),
      'write-captions': () => this.#captions.toggleWritten(),
      mini: () => this.#mini.toggle(),
      rename: () => renameDialog(this.#room),
    }[name];
  }

  // --- For the page around us ---

  leave() {
    this.#room.leave();
  }

  /** @param {'microphone' | 'camera' | 'screen'} source @param {boolean} on */
  async setDevice(source, on) {
    if (source === 'screen') await this.#parts.toolbar.setScreen(on);
    else await this.#parts.toolbar.set(source, on);
    if (this.#room.isMuted(source) === on) throw new Error(`the ${source} could not be turned ${on ? 'on' : 'off'}`);
  }

  raiseHand(up) {
    if (up !== this.conversation.handUp) this.conversation.raiseHand(up);
  }

  say(text) {
    if (!this.conversation.say(text)) throw new Error('there is no connection at the moment');
  }

  /** @param {'grid' | 'speaker'} layout */
  showLayout(layout) {
    const { stage } = this.#parts;
    for (let tries = 0; tries < 2 && (stage.layout === 'grid') !== (layout === 'grid'); tries++) stage.toggleLayout();
  }

  /** @param {'chat' | 'people' | 'statistics' | 'none'} panel */
  showPanel(panel) {
    const { panels } = this.#parts;
    if (panel === 'none') panels.close();
    else if (panels.view !== panel) panels.toggle(panel);
  }

  describe() {
    const room = this.#room;
    const isOn = (source) => !room.isMuted(source);
    return {
      state: room.state,
      room: this.#parts.roomName,
      participant: room.participant,
      participants: [...room.participants.values()].map(({ participant, name }) => ({ participant, name })),
      microphone: isOn('microphone'),
      camera: isOn('camera'),
      screen: isOn('screen'),
      hand: this.conversation.handUp,
    };
  }
}
