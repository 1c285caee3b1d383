// What one tab knows of itself over a reload: whether it was in a call, and what stays off. Storage may be forbidden: then
// a reload begins in the lobby.

const KEY = 'plenum.call';
const OFF = 'plenum.off';

/** @type {Set<string>} devices */
const off = new Set(recallOff());

/** @param {string | null} room the call that this tab is in; null: none */
export function markCall(room) {
  try {
    if (room === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, room);
  } catch {
    // forbidden
  }
}

/** @param {string} room @returns {boolean} whether the page was reloaded in the middle of a call in this room */
export function wasReloadedIn(room) {
  try {
    const [navigation] = performance.getEntriesByType('navigation');
    return navigation?.type === 'reload' && sessionStorage.getItem(KEY) === room;
  } catch {
    return false;
  }
}

/** A device stays off in this tab, over calls and reloads, or no more. @param {string} source @param {boolean} isOff */
export function keepOff(source, isOff) {
  if (isOff) off.add(source);
  else off.delete(source);
  try {
    sessionStorage.setItem(OFF, [...off].join());
  } catch {
    // forbidden: until the reload
  }
}

/** @param {string} source */
export const isKeptOff = (source) => off.has(source);

function recallOff() {
  try {
    return sessionStorage.getItem(OFF)?.split(',').filter(Boolean) ?? [];
  } catch {
    return [];
  }
}
