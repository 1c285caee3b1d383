// One message of the chat as it is shown: who, when, for whom, the text with its links, a button that copies it.

import { language, t } from '../i18n/i18n.js';
import { fileEntry } from './chat-files.js';
import { linkedText } from './linked-text.js';
import { notice } from './notices.js';
import { icon } from './tile.js';

/**
 * @param {import('../client/conversation.js').ChatMessage} message
 * @param {(file: import('../client/files.js').SentFile) => Promise<Blob>} fetchFile
 */
export function chatEntry({ name, text, at, own, direct, to, file }, fetchFile) {
  const item = document.createElement('div');
  item.className = own ? 'message own' : 'message';
  item.classList.toggle('direct', direct);
  item.dataset.testid = 'chat-message';
  const head = document.createElement('p');
  head.className = 'head';
  const who = Object.assign(document.createElement('strong'), { textContent: name });
  const when = document.createElement('time');
  when.dateTime = at.toISOString();
  when.textContent = timeText(at);
  head.append(who, ' ', when);
  if (direct) head.append(' ', privately(own ? t('chat.privateTo', { name: to }) : t('chat.private')));
  if (file) {
    item.append(head, fileEntry(file, fetchFile));
    return item;
  }
  head.append(copyButton(text, name));
  const body = Object.assign(document.createElement('p'), { className: 'text' });
  body.append(...linkedText(text));
  item.append(head, body);
  return item;
}

/** @param {Date} at @returns {string} as the present language writes it */
export function timeText(at) {
  return at.toLocaleTimeString(language(), { hour: '2-digit', minute: '2-digit' });
}

/** The line above what nobody has read yet. */
export function unreadMark() {
  const mark = Object.assign(document.createElement('p'), { className: 'unread-mark', textContent: t('chat.new') });
  mark.dataset.testid = 'unread-mark';
  mark.dataset.i18n = 'chat.new';
  return mark;
}

function privately(text) {
  const mark = Object.assign(document.createElement('em'), { textContent: text });
  mark.dataset.testid = 'chat-private';
  return mark;
}

function copyButton(text, name) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.dataset.testid = 'chat-copy';
  button.title = t('chat.copyOf', { name });
  button.setAttribute('aria-label', button.title);
  button.append(icon('copy'));
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(text);
      notice(t('chat.copied'));
    } catch {
      notice(t('chat.notCopied'));
    }
  };
  return button;
}
