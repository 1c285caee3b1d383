// Buttons that switch something on and off.

import { t } from '../i18n/i18n.js';

/**
 * @param {HTMLButtonElement} button
 * @param {'mic' | 'cam'} icon
 * @param {boolean} isOn
 */
export function paintSwitch(button, icon, isOn) {
  button.querySelector('use').setAttribute('href', `#icon-${icon}${isOn ? '' : '-off'}`);
  button.setAttribute('aria-pressed', String(isOn));
  button.setAttribute('aria-label', t(`switch.${icon}`));
  button.title = t(`switch.${icon}.${isOn ? 'off' : 'on'}`);
  button.classList.toggle('off', !isOn);
}
