// The buttons of the call.

import { canShareScreen, deviceProblem } from './devices.js';
import { paintSwitch } from './join-form.js';
import { alertUser, notice } from './notices.js';

const byId = (id) => document.getElementById(id);

export class Toolbar {
  #room;
  #devices;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {import('./devices.js').Devices} devices
   * @param {string} link to this room, for others
   */
  constructor(room, devices, link) {
    this.#room = room;
    this.#devices = devices;
    byId('mic').onclick = () => this.#once('mic', () => this.#toggle('microphone'));
    byId('cam').onclick = () => this.#once('cam', () => this.#toggle('camera'));
    byId('share').onclick = () => this.#once('share', () => this.#toggleScreen());
    byId('share').hidden = !canShareScreen();
    byId('copy').onclick = () => copy(link);
    byId('leave').onclick = () => room.leave();
    room.addEventListener('published', () => this.paint());
    this.paint();
  }

  paint() {
    paintSwitch(byId('mic'), 'mic', 'Microphone', !this.#room.isMuted('microphone'));
    paintSwitch(byId('cam'), 'cam', 'Camera', !this.#room.isMuted('camera'));
    const sharing = this.#room.isPublished('screen');
    byId('share').setAttribute('aria-pressed', String(sharing));
    byId('share').title = sharing ? 'Stop sharing' : 'Share screen';
    byId('share').classList.toggle('active', sharing);
  }

  /** A second click while the first is at work does nothing. */
  async #once(id, action) {
    const button = byId(id);
    if (button.getAttribute('aria-busy') === 'true') return;
    button.setAttribute('aria-busy', 'true');
    await action();
    button.removeAttribute('aria-busy');
  }

  async #toggle(source) {
    try {
      if (this.#room.isPublished(source)) await this.#room.setMuted(source, !this.#room.isMuted(source));
      else this.#room.publish(await this.#devices.acquire(source), source);
    } catch (error) {
      alertUser(deviceProblem(error, source));
    }
  }

  async #toggleScreen() {
    if (this.#room.isPublished('screen')) {
      this.#room.unpublish('screen');
      this.#room.unpublish('screen-audio');
      return;
    }
    try {
      for (const { track, source } of await this.#devices.openScreen()) this.#room.publish(track, source);
      notice('You are sharing your screen');
    } catch (error) {
      // Closing the browser's chooser is a refusal too, and needs no comment.
      if (error.name !== 'NotAllowedError') alertUser(deviceProblem(error, 'screen'));
    }
  }
}

async function copy(link) {
  try {
    await navigator.clipboard.writeText(link);
    notice('Link copied');
  } catch {
    notice(link); // no clipboard on an insecure origin: let it be copied by hand
  }
}
