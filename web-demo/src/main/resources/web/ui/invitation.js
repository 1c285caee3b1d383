// The link that brings others into the room.

import { t } from '../i18n/i18n.js';
import { addressOfRoom } from './addresses.js';
import { notice } from './notices.js';

/** @param {string} roomName @returns {string} the address of a room, without what is only ours */
export function linkTo(roomName) {
  const link = addressOfRoom(roomName);
  link.hash = '';
  const room = link.searchParams.get('room');
  link.search = room === null ? '' : `?${new URLSearchParams({ room })}`;
  return link.href;
}

/** @returns {string} the present address with the room in it, so that a reload finds it again */
export function addressWith(roomName) {
  return addressOfRoom(roomName).href;
}

/**
 * Leaves this page for another room, and joins there at once.
 * @param {string | null} token for it
 */
export function goTo(roomName, token) {
  const address = addressOfRoom(roomName);
  address.searchParams.set('autojoin', '1');
  address.hash = token ? `token=${token}` : '';
  location.assign(address);
  if (address.pathname === location.pathname) location.reload();
}

/** @param {string} link */
export async function copyLink(link) {
  try {
    await navigator.clipboard.writeText(link);
    notice(t('link.copied'));
  } catch {
    notice(link); // no clipboard on an insecure origin: let it be copied by hand
  }
}
