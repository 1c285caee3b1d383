// The small button beside the microphone's and the camera's: which device, and whether it is heard.

import { onLanguage, t } from '../i18n/i18n.js';
import { backgroundPicker } from './background-picker.js';
import { DevicePickers } from './device-pickers.js';
import { paintLevel } from './level-bar.js';
import { icon } from './tile.js';

const byId = (id) => document.getElementById(id);

/**
 * Makes both menus; they last as long as the page.
 * @param {import('./devices.js').Devices} devices
 * @param {(kind: import('./devices.js').DeviceKind) => void} onDevice another one was chosen
 * @param {() => void} openSettings
 */
export function makeDeviceMenus(devices, onDevice, openSettings) {
  const sound = makeMenu('mic', openSettings);
  const level = document.createElement('div');
  level.className = 'level';
  level.id = 'own-level';
  level.setAttribute('role', 'meter');
  level.setAttribute('aria-valuemin', '0');
  level.setAttribute('aria-valuemax', '100');
  level.setAttribute('aria-valuenow', '0');
  onLanguage(() => level.setAttribute('aria-label', t('lobby.level')));
  sound.pickers.after(level);
  const picture = makeMenu('cam', openSettings);
  const soundPickers = new DevicePickers(sound.pickers, devices, onDevice, ['microphone', 'speaker']);
  const picturePickers = new DevicePickers(picture.pickers, devices, onDevice, ['camera']);
  backgroundPicker(picture.pickers, () => onDevice('camera'));
  sound.popover.addEventListener('beforetoggle', ({ newState }) => newState === 'open' && soundPickers.refresh());
  picture.popover.addEventListener('beforetoggle', ({ newState }) => newState === 'open' && picturePickers.refresh());
}

/** The ring around the button has so many widths: what is not seen is not drawn. */
const RINGS = 8;
let ring = 0;

/** @param {number} level 0 … 1 @param {boolean} muted of our own microphone */
export function paintOwnLevel(level, muted) {
  if (document.hidden) return;
  const next = muted ? 0 : Math.round(level * RINGS);
  if (next !== ring) byId('mic').style.setProperty('--own-level', String(next / RINGS));
  ring = next;
  if (byId('mic-menu').matches(':popover-open')) paintLevel(byId('own-level'), level);
}

function makeMenu(id, openSettings) {
  const popover = document.createElement('div');
  popover.id = `${id}-menu`;
  popover.className = 'popover devices';
  popover.popover = 'auto';
  popover.setAttribute('role', 'group');
  popover.dataset.testid = popover.id;
  const pickers = document.createElement('div');
  pickers.id = `${id}-devices`;
  pickers.className = 'pickers';
  const settings = document.createElement('button');
  settings.type = 'button';
  settings.className = 'plain';
  settings.onclick = () => {
    popover.hidePopover();
    openSettings();
  };
  popover.append(pickers, settings);

  const opener = document.createElement('button');
  opener.type = 'button';
  opener.className = 'chevron';
  opener.dataset.testid = `${id}-more`;
  opener.popoverTargetElement = popover;
  opener.append(icon('chevron'));
  const pair = document.createElement('span');
  pair.className = 'pair';
  const button = byId(id);
  button.before(pair);
  pair.append(button, opener);
  byId('call').append(popover);
  onLanguage(() => {
    const text = t(`devices.${id}`);
    popover.setAttribute('aria-label', text);
    opener.setAttribute('aria-label', text);
    opener.title = text;
    settings.textContent = t('settings.title');
  });
  return { popover, pickers };
}
