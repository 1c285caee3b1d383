// In the call: how to give this page a device that the browser keeps from it.

import { t } from '../i18n/i18n.js';
import { fillPermissionHelp } from './permission-help.js';

const byId = (id) => document.getElementById(id);
let filled = false;

/** @param {import('./devices.js').DeviceProblem} problem a refusal */
export function showPermissionHelp(problem) {
  if (!filled) fillPermissionHelp(byId('permission-call-steps'));
  filled = true;
  byId('permission-text').textContent = problem.text;
  byId('permission-close').textContent = t('close');
  const dialog = /** @type {HTMLDialogElement} */ (byId('permission'));
  if (!dialog.open) dialog.showModal();
}
