// What the browser does to the microphone's sound before anybody hears it: three switches in the settings.

import { recall, remember } from './settings.js';

const byId = (id) => document.getElementById(id);

const SWITCHES = { noiseSuppression: 'use-noise', echoCancellation: 'use-echo', autoGainControl: 'use-gain' };

/** @returns {{noiseSuppression: boolean, echoCancellation: boolean, autoGainControl: boolean}} constraints of a microphone */
export function soundConstraints() {
  const entries = Object.keys(SWITCHES).map((name) => [name, recall(`sound.${name}`, true)]);
  return /** @type {any} */ (Object.fromEntries(entries));
}

/** @param {() => void} onChange the microphone is to be opened anew */
export function wireSoundSwitches(onChange) {
  const supported = navigator.mediaDevices?.getSupportedConstraints?.() ?? {};
  for (const [name, id] of Object.entries(SWITCHES)) {
    const box = /** @type {HTMLInputElement} */ (byId(id));
    box.closest('label').hidden = !supported[name];
    box.checked = recall(`sound.${name}`, true);
    box.onchange = () => {
      remember(`sound.${name}`, box.checked);
      onChange();
    };
  }
}
