// The chat: what was written, a place to write, how many messages are unread.

import { language, t } from '../i18n/i18n.js';
import { MAX_TEXT } from '../plenum-client.js';
import { notice } from './notices.js';

const byId = (id) => document.getElementById(id);
const NOTICE_LENGTH = 120;
const MOST_SHOWN = 500;

export class ChatPanel {
  #conversation;
  #panels;
  #unread = 0;
  /** @type {(() => string) | null} why a text was not sent, in the present language */
  #problem = null;

  /**
   * @param {import('../plenum-client.js').Conversation} conversation
   * @param {import('./panels.js').Panels} panels
   */
  constructor(conversation, panels) {
    this.#conversation = conversation;
    this.#panels = panels;
    byId('chat-list').replaceChildren();
    byId('chat-text').value = '';
    byId('chat-form').onsubmit = (event) => {
      event.preventDefault();
      this.#say();
    };
    byId('chat-text').onkeydown = (event) => {
      // While an input method composes (Chinese, say), Enter chooses a word.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#say();
    };
    conversation.addEventListener('chat', ({ detail }) => this.#onMessage(detail.message));
    panels.addEventListener('change', () => this.#read());
    this.paint();
  }

  paint() {
    const opener = byId('open-chat');
    opener.title = t('chat.title');
    opener.setAttribute('aria-label', this.#unread ? t('chat.unread', { count: this.#unread }) : t('chat.title'));
    byId('unread').textContent = this.#unread > 99 ? '99+' : String(this.#unread);
    byId('unread').hidden = this.#unread === 0;
    byId('chat-empty').hidden = this.#conversation.messages.length > 0;
    byId('chat-error').textContent = this.#problem?.() ?? '';
    byId('chat-error').hidden = this.#problem === null;
  }

  #say() {
    // As the server passes it on: no more than one empty line in a row.
    const text = byId('chat-text').value.trim().replace(/[^\S\n]*\n(\s*\n){2,}/gu, '\n\n');
    if (!text) return;
    const { length } = text;
    if (length > MAX_TEXT) this.#problem = () => t('chat.tooLong', { most: MAX_TEXT, length });
    else if (!this.#conversation.say(text)) this.#problem = () => t('chat.notSent');
    else {
      this.#problem = null;
      byId('chat-text').value = ''; // what was refused stays, so that nothing typed is lost
    }
    this.paint();
  }

  #onMessage(message) {
    const list = byId('chat-list');
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    list.append(entry(message));
    while (list.childElementCount > MOST_SHOWN) list.firstElementChild.remove();
    if (atEnd || message.own) list.scrollTop = list.scrollHeight;
    if (!message.own && this.#panels.view !== 'chat') {
      this.#unread++;
      notice(t('chat.notice', { name: message.name, text: shorten(message.text) }));
    }
    this.paint();
  }

  #read() {
    if (this.#panels.view !== 'chat') return;
    this.#unread = 0;
    byId('chat-list').scrollTop = byId('chat-list').scrollHeight;
    this.paint();
  }
}

/** Text only: what others write is never taken for HTML. */
function entry({ name, text, at, own }) {
  const item = document.createElement('div');
  item.className = own ? 'message own' : 'message';
  item.dataset.testid = 'chat-message';
  const head = document.createElement('p');
  const who = Object.assign(document.createElement('strong'), { textContent: name });
  const when = document.createElement('time');
  when.dateTime = at.toISOString();
  when.textContent = at.toLocaleTimeString(language(), { hour: '2-digit', minute: '2-digit' });
  head.append(who, ' ', when);
  item.append(head, Object.assign(document.createElement('p'), { className: 'text', textContent: text }));
  return item;
}

function shorten(text) {
  const letters = [...text];
  return letters.length > NOTICE_LENGTH ? `${letters.slice(0, NOTICE_LENGTH).join('')}…` : text;
}
