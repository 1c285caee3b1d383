// The token with which a session goes on outlives a reload of this tab, not more. Storage may be forbidden: then a
// reload is a new join.

const keyOf = (room) => `plenum.resume.${room}`;

/** @param {string} room @returns {string | null} */
export function loadToken(room) {
  try {
    return sessionStorage.getItem(keyOf(room));
  } catch {
    return null;
  }
}

/** @param {string} room @param {string | null} token null: forgets it */
export function saveToken(room, token) {
  try {
    if (token) sessionStorage.setItem(keyOf(room), token);
    else sessionStorage.removeItem(keyOf(room));
  } catch {
    // forbidden
  }
}
