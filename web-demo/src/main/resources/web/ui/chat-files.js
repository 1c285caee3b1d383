// Files in the chat: the button that sends one, and the entry by which others fetch it. Nothing of it is ever opened in the
// page.

import { t } from '../i18n/i18n.js';
import { sizeText } from './figures.js';
import { notice } from './notices.js';
import { icon } from './tile.js';

const byId = (id) => document.getElementById(id);

/** @param {string} name @returns {string} what its ending says; empty if it has none */
export function typeText(name) {
  const ending = /\.([\p{L}\p{N}]{1,8})$/u.exec(name)?.[1] ?? '';
  return ending.toUpperCase();
}

/**
 * @param {import('../client/files.js').SentFile} file
 * @param {(file: import('../client/files.js').SentFile) => Promise<Blob>} fetchFile
 * @returns {HTMLElement}
 */
export function fileEntry(file, fetchFile) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'sent-file';
  button.dataset.testid = 'chat-file';
  const name = Object.assign(document.createElement('b'), { textContent: file.name });
  const about = [typeText(file.name), sizeText(file.bytes)].filter(Boolean).join(' · ');
  button.append(icon('file'), name, Object.assign(document.createElement('span'), { className: 'soft', textContent: about }));
  button.title = t('files.fetch', { name: file.name, about });
  button.onclick = async () => {
    button.setAttribute('aria-busy', 'true');
    try {
      save(await fetchFile(file), file.name);
    } catch (error) {
      notice(t('problem.server', { message: error.message }));
    }
    button.removeAttribute('aria-busy');
  };
  return button;
}

function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @typedef {import('./chat-recipient.js').Recipient} Recipient */

export class FileSending {
  #mostBytes;
  #isAllowed;

  /**
   * @param {number} mostBytes of one file; 0: the server takes none
   * @param {{isAllowed: () => boolean, recipient: () => Recipient, problemOf: (recipient: Recipient) => (() => string) | null,
   *     send: (file: File, recipient: Recipient) => Promise<void>, onProblem: (problem: (() => string) | null) => void}} handlers
   */
  constructor(mostBytes, { isAllowed, recipient, problemOf, send, onProblem }) {
    this.#mostBytes = mostBytes;
    this.#isAllowed = isAllowed;
    const chooser = byId('chat-file-chooser');
    /** For whom the chooser was opened, whoever is chosen by the time that a file is. @type {Recipient | undefined} */
    let meant;
    byId('chat-attach').onclick = () => {
      meant = recipient();
      const problem = problemOf(meant);
      if (problem) onProblem(problem);
      else chooser.click();
    };
    chooser.onchange = async () => {
      const [file] = chooser.files;
      chooser.value = '';
      const to = meant === undefined ? recipient() : meant;
      meant = undefined;
      if (!file) return;
      const problem = problemOf(to);
      if (problem) return onProblem(problem);
      if (file.size > mostBytes) return onProblem(() => t('files.tooLarge', { most: sizeText(mostBytes), size: sizeText(file.size) }));
      if (file.size === 0) return onProblem(() => t('files.empty'));
      byId('chat-attach').disabled = true;
      try {
        await send(file, to);
        onProblem(null);
      } catch (error) {
        onProblem(() => t('problem.server', { message: error.message }));
      }
      byId('chat-attach').disabled = false;
      byId('chat-attach').focus();
    };
    this.paint();
  }

  paint() {
    byId('chat-attach').hidden = this.#mostBytes === 0 || !this.#isAllowed();
    byId('chat-attach').title = t('files.send', { most: sizeText(this.#mostBytes) });
    byId('chat-attach').setAttribute('aria-label', byId('chat-attach').title);
  }
}
