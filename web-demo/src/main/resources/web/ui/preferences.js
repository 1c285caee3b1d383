// Everything that is chosen in the settings and the menus beside the buttons, wired once for the life of the page.

import { backgroundPicker } from './background-picker.js';
import { makeDeviceMenus } from './device-menu.js';
import { wirePushToTalk } from './push-to-talk.js';
import { wireSoundSwitches } from './sound-switches.js';
import { wireViewSettings } from './view-settings.js';

/**
 * @param {import('./devices.js').Devices} devices
 * @param {{onDevice: (kind: import('./devices.js').DeviceKind) => void, onView: () => void, openSettings: () => void}} options
 *     onDevice: another one is to be opened; onView: the stage looks otherwise
 */
export function wirePreferences(devices, { onDevice, onView, openSettings }) {
  makeDeviceMenus(devices, onDevice, openSettings);
  backgroundPicker(document.getElementById('call-devices'), () => onDevice('camera'));
  wireSoundSwitches(() => onDevice('microphone'));
  wirePushToTalk();
  wireViewSettings(onView);
}
