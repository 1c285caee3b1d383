// Another name for oneself, in the call.

import { t } from '../i18n/i18n.js';
import { alertUser } from './notices.js';
import { remember } from './settings.js';

const byId = (id) => document.getElementById(id);

/** @param {import('../plenum-client.js').PlenumRoom} room */
export function renameDialog(room) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('rename'));
  const input = /** @type {HTMLInputElement} */ (byId('rename-name'));
  input.value = room.name;
  byId('rename-form').onsubmit = (event) => {
    if (event.submitter?.value === 'cancel') return;
    const name = input.value.trim().replace(/\s+/gu, ' ').normalize();
    if (!name || name === room.name) return;
    // The server may refuse: then it says so, and nothing has changed.
    room.addEventListener('name', ({ detail }) => detail.name === name && remember('name', name), { once: true });
    if (!room.rename(name)) alertUser(t('chat.notSent'));
  };
  dialog.showModal();
  input.select();
}
