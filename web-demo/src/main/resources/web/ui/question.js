// Asks before something is done that cannot be undone.

import { t } from '../i18n/i18n.js';

const byId = (id) => document.getElementById(id);

/**
 * @param {{title: string, text: string, yes: string}} words `yes`: on the button that does it
 * @returns {Promise<boolean>} whether it is to be done
 */
export function ask({ title, text, yes }) {
  const dialog = byId('question');
  byId('question-title').textContent = title;
  byId('question-text').textContent = text;
  byId('question-yes').textContent = yes;
  byId('question-no').textContent = t('cancel');
  dialog.returnValue = '';
  dialog.showModal();
  byId('question-no').focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}
