// The addresses of this page: they lie where its files do, on a host of their own or below a path of another.

import { addressAt } from '../client/server-address.js';

const ROOM = 'r/';

/** @param {string} path of a file of the page, without a slash in front @returns {string} its address */
export const fileAt = (path) => addressAt(path);

/** @returns {string | null} the room that the path of the present address names, as in `/r/<room>` */
export const roomOfPath = () => roomBelow(ROOM);

/** @param {string} path `watch/` @returns {string | null} the room that the path of the present address names below it */
export function roomBelow(path) {
  const start = new URL(addressAt(path)).pathname;
  const room = location.pathname.startsWith(start) ? location.pathname.slice(start.length) : '';
  return room && !room.includes('/') ? decodeURIComponent(room) : null;
}

/**
 * @param {string} room
 * @returns {URL} the present address with the room in it, in the path or in a parameter, as it was, and not in both
 */
export function addressOfRoom(room) {
  const address = new URL(location.href);
  address.searchParams.delete('room');
  if (roomOfPath() === null) address.searchParams.set('room', room);
  else address.pathname = new URL(addressAt(ROOM + encodeURIComponent(room))).pathname;
  return address;
}
