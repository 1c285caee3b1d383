// The buttons of the call.

import { t } from '../i18n/i18n.js';
import { DeviceSwitch } from './device-switch.js';
import { canShareScreen, DeviceProblem } from './devices.js';
import { alertUser, notice } from './notices.js';
import { showPermissionHelp } from './permission-dialog.js';
import { paintSwitch } from './switches.js';

const byId = (id) => document.getElementById(id);

export class Toolbar {
  #room;
  #devices;
  #conversation;
  #switch;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {import('./devices.js').Devices} devices
   * @param {{conversation: import('../plenum-client.js').Conversation}} options
   */
  constructor(room, devices, { conversation }) {
    this.#room = room;
    this.#devices = devices;
    this.#conversation = conversation;
    this.#switch = new DeviceSwitch(room, devices);
    byId('mic').onclick = () => this.#toggle('mic', 'microphone');
    byId('cam').onclick = () => this.#toggle('cam', 'camera');
    byId('share').onclick = () => this.#once('share', () => this.#toggleScreen());
    byId('hand').onclick = () => conversation.raiseHand(!conversation.handUp);
    byId('leave').onclick = () => room.leave();
    room.addEventListener('published', () => this.paint());
    room.addEventListener('silenced', ({ detail }) => this.#onSilenced(detail));
    room.addEventListener('rules', () => this.paint());
    room.addEventListener('state', () => this.paint()); // with its welcome the server tells what we may do
    conversation.addEventListener('hands', () => this.paint());
  }

  paint() {
    this.#paintDevice('mic', 'microphone');
    this.#paintDevice('cam', 'camera');
    byId('share').hidden = byId('share-item').hidden = !canShareScreen() || !this.#room.mayPublish('screen');
    const sharing = this.#room.isPublished('screen');
    paintToggle(byId('share'), sharing, t('share'), t(sharing ? 'share.stop' : 'share'));
    const { handUp } = this.#conversation;
    paintToggle(byId('hand'), handUp, t('hand'), t(handUp ? 'hand.down' : 'hand'));
  }

  /** What is allowed again is still off: no reload, move or rejoining turns it on. */
  #onSilenced({ source, silenced }) {
    if (silenced && (source === 'microphone' || source === 'camera')) this.#devices.keepOff(source);
    this.paint();
  }

  #paintDevice(id, source) {
    paintSwitch(byId(id), id, !this.#room.isMuted(source));
    byId(id).hidden = !this.#room.mayPublish(source);
    const silenced = this.#room.isSilenced(source);
    byId(id).setAttribute('aria-disabled', String(silenced));
    if (silenced) byId(id).title = reason(source);
  }

  /** A second click while the first is at work does nothing. */
  async #once(id, action) {
    const button = byId(id);
    if (button.getAttribute('aria-busy') === 'true') return;
    button.setAttribute('aria-busy', 'true');
    await action();
    button.removeAttribute('aria-busy');
  }

  /** A click while it opens means that it shall not. */
  async #toggle(id, source) {
    const button = byId(id);
    button.setAttribute('aria-busy', 'true');
    await this.set(source, !this.#switch.isOn(source));
    if (!this.#switch.isChanging(source)) button.removeAttribute('aria-busy');
  }

  /** Turns it on or off, as the person wants it from now on. @param {'microphone' | 'camera'} source @param {boolean} on */
  async set(source, on) {
    if (this.#room.isSilenced(source)) return notice(reason(source));
    try {
      await this.#switch.want(source, on);
    } catch (error) {
      this.#tell(error, source);
    }
  }

  /**
   * Turns it on or off for a moment.
   * @param {'microphone' | 'camera'} source
   * @param {boolean} on
   * @throws {Error} what is wrong has been told
   */
  async setDevice(source, on) {
    try {
      await this.#switch.set(source, on);
    } catch (error) {
      this.#tell(error, source);
      throw error;
    }
  }

  #tell(error, source) {
    const problem = new DeviceProblem([[error, source]]);
    if (problem.isRefusal) showPermissionHelp(problem);
    else alertUser(problem.text);
  }

  #toggleScreen() {
    return this.setScreen(!this.#room.isPublished('screen'));
  }

  /** @param {boolean} on */
  async setScreen(on) {
    if (on === this.#room.isPublished('screen')) return;
    if (!on) {
      this.#room.unpublish('screen');
      this.#room.unpublish('screen-audio');
      return;
    }
    if (this.#room.isSilenced('screen')) return notice(reason('screen'));
    try {
      const opened = await this.#devices.openScreen();
      if (this.#room.state === 'closed') return opened.forEach(({ track }) => track.stop()); // left meanwhile
      for (const { track, source } of opened) this.#room.publish(track, source);
      notice(t('share.started'));
    } catch (error) {
      // Closing the browser's chooser is a refusal too, and needs no comment.
      if (error.name !== 'NotAllowedError') alertUser(new DeviceProblem([[error, 'screen']]).text);
    }
  }
}

/** Why a button does nothing. */
const reason = (source) => t('silenced.now', { device: t(`device.${source}`) });

/** The label stays, as what is on or off; the title says what a click does. */
function paintToggle(button, isOn, label, title) {
  button.setAttribute('aria-pressed', String(isOn));
  button.setAttribute('aria-label', label);
  button.title = title;
  button.classList.toggle('active', isOn);
}
