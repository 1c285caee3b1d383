// What the browser does to the microphone's sound before anybody hears it: three switches in the settings.

import { recall, remember } from './settings.js';

const byId = (id) => document.getElementById(id);

const SWITCHES = { noiseSuppression: 'use-noise', echoCancellation: 'use-echo', autoGainControl: 'use-gain' };

/**
 * @param {boolean} strict whether what is switched off must be off: with less Chromium suppresses noise wherever it
 *     cancels echo. Some devices cannot be opened so
 * @returns {MediaTrackConstraints} of a microphone
 */
export function soundConstraints(strict) {
  const entries = Object.keys(SWITCHES).map((name) => {
    const on = recall(`sound.${name}`, true);
    return [name, strict && !on ? { exact: false } : on];
  });
  return Object.fromEntries(entries);
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
