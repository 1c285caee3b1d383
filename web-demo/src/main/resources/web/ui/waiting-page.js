// What somebody sees who waits to be let in: themselves, and that the hosts know.

import { onLanguage, t } from '../i18n/i18n.js';
import { DeviceSwitch } from './device-switch.js';
import { paintSwitch } from './switches.js';
import { paintAvatar } from './tile.js';

const byId = (id) => document.getElementById(id);

export class WaitingPage {
  #devices;
  /** @type {import('../plenum-client.js').PlenumRoom | null} */
  #room = null;
  /** @type {DeviceSwitch | null} */
  #switch = null;
  #roomName = '';
  #onPublished = () => this.#paint();

  /** @param {import('./devices.js').Devices} devices */
  constructor(devices) {
    this.#devices = devices;
    byId('waiting-mic').onclick = () => this.#toggle('microphone');
    byId('waiting-cam').onclick = () => this.#toggle('camera');
    byId('waiting-leave').onclick = () => this.#room?.leave();
    onLanguage(() => this.#paint());
  }

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {string} roomName
   */
  show(room, roomName) {
    this.hide(); // one door at a time
    this.#room = room;
    this.#switch = new DeviceSwitch(room, this.#devices);
    this.#roomName = roomName;
    room.addEventListener('published', this.#onPublished);
    byId('waiting').hidden = false;
    this.#paint();
    byId('waiting-title').focus();
  }

  hide() {
    this.#room?.removeEventListener('published', this.#onPublished);
    this.#room = null;
    byId('waiting').hidden = true;
    byId('waiting-picture').srcObject = null;
  }

  async #toggle(source) {
    try {
      await this.#switch.want(source, !this.#switch.isOn(source));
    } catch {
      // it stays off, as the button says
    }
    this.#paint();
  }

  #paint() {
    const room = this.#room;
    if (!room) return;
    byId('waiting-title').textContent = t('waiting.title', { room: this.#roomName });
    byId('waiting-name').textContent = t('waiting.as', { name: room.name });
    paintAvatar(byId('waiting-avatar'), room.name);
    const camera = room.isMuted('camera') ? null : room.localTrack('camera');
    const picture = byId('waiting-picture');
    if (picture.srcObject?.getTracks()[0] !== (camera ?? undefined)) picture.srcObject = camera && new MediaStream([camera]);
    picture.hidden = !camera;
    paintSwitch(byId('waiting-mic'), 'mic', !room.isMuted('microphone'));
    paintSwitch(byId('waiting-cam'), 'cam', camera !== null);
  }
}
