// The keys of the recordings that were made with this browser: who has the key may delete the recording.

import { recall, remember } from './settings.js';

const MOST_KEPT = 200;

/** @param {string} id of a recording */
export function keepKey(id, key) {
  const keys = [...Object.entries(recall('recordingKeys', {})), [id, key]];
  remember('recordingKeys', Object.fromEntries(keys.slice(-MOST_KEPT)));
}

/** @returns {string | undefined} */
export function keyOf(id) {
  return recall('recordingKeys', {})[id];
}
