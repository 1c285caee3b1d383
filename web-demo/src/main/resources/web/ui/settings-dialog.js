// Devices, language and habits, changed in the call.

import { languageChoice } from '../i18n/i18n.js';
import { DevicePickers } from './device-pickers.js';
import { paintMirror } from './preview.js';
import { recall, remember } from './settings.js';

const byId = (id) => document.getElementById(id);

export class SettingsDialog {
  #pickers;

  /**
   * @param {import('./devices.js').Devices} devices
   * @param {(kind: import('./devices.js').DeviceKind) => void} onDevice another one was chosen
   */
  constructor(devices, onDevice) {
    this.#pickers = new DevicePickers(byId('call-devices'), devices, onDevice);
    languageChoice(byId('call-language'));
    byId('call-mirror').onchange = () => {
      remember('mirror', byId('call-mirror').checked);
      byId('mirror').checked = byId('call-mirror').checked;
      paintMirror();
    };
  }

  open() {
    byId('call-mirror').checked = recall('mirror', true);
    this.#pickers.refresh();
    byId('settings').showModal();
  }
}
