// Buttons that switch something on and off.

import { t } from '../i18n/i18n.js';

/** What was pressed for is done by then even if no frame is drawn. */
const MOST_MILLIS = 100;

/**
 * What takes long to draw anew is done when it is on the screen that the button was pressed. Not for a key: the next one
 * goes to where the focus is then.
 * @param {MouseEvent} click
 * @param {() => void} act
 */
export function afterPress({ detail, currentTarget }, act) {
  if (detail === 0) return act();
  const button = /** @type {HTMLElement} */ (currentTarget);
  let isDone = false;
  const once = () => {
    if (isDone) return;
    isDone = true;
    button.classList.remove('pressed');
    act();
  };
  button.classList.add('pressed');
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, MOST_MILLIS);
}

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
