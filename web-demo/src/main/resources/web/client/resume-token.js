// The token with which a session goes on outlives a reload of this tab, not more. Storage may be forbidden: then a
// reload is a new join.

/** On a host of its own the server's path is empty. */
const keyOf = (room, url) => `plenum.resume.${new URL(url).pathname.replace(/\/?ws$/, '')}${room}`;

/** @param {string} room @param {string} url of the WebSocket @returns {string | null} */
export function loadToken(room, url) {
  try {
    return sessionStorage.getItem(keyOf(room, url));
  } catch {
    return null;
  }
}

/** @param {string} room @param {string} url of the WebSocket @param {string | null} token null: forgets it */
export function saveToken(room, url, token) {
  try {
    if (token) sessionStorage.setItem(keyOf(room, url), token);
    else sessionStorage.removeItem(keyOf(room, url));
  } catch {
    // forbidden
  }
}
