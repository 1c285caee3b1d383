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

/** Writes the room into the address, so that a reload finds it again. */
export function keepInAddress(roomName) {
  history.replaceState(null, '', addressOfRoom(roomName));
}

/** A name that stands in the address is the one that one has now, so that a reload finds it again. @param {string} name */
export function keepNameInAddress(name) {
  const address = new URL(location.href);
  if (!address.searchParams.has('name')) return;
  address.searchParams.set('name', name);
  history.replaceState(null, '', address);
}

/**
 * Makes another room's address of the present one.
 * @param {string | null} token for it
 */
export function exchangeAddress(roomName, token) {
  const address = addressOfRoom(roomName);
  address.hash = token ? `token=${token}` : '';
  history.replaceState(null, '', address);
}

/** Takes the wish to join at once out of the address: whoever is sent it decides that alone. */
export function dropAutojoin() {
  const address = new URL(location.href);
  address.searchParams.delete('autojoin');
  history.replaceState(null, '', address);
}

/** Whether a page of somebody else brought us here, as far as browsers tell: one may keep to itself who it is. */
export function isFromElsewhere() {
  if (window.parent !== window) return true;
  return document.referrer !== '' && new URL(document.referrer).origin !== location.origin;
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
