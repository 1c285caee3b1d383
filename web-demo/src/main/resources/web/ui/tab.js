// What one tab knows of itself over a reload: whether it was in a call. Storage may be forbidden: then a reload begins
// in the lobby.

const KEY = 'plenum.call';

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
