// The chat: what was written, a place to write, how many messages are unread and where they begin.

import { t } from '../i18n/i18n.js';
import { MAX_TEXT } from '../plenum-client.js';
import { chatEntry, timeText, unreadMark } from './chat-entry.js';
import { FileSending } from './chat-files.js';
import { ChatRecipient } from './chat-recipient.js';
import { decimal } from './figures.js';
import { notice } from './notices.js';

const byId = (id) => document.getElementById(id);
const NOTICE_LENGTH = 120;
const MOST_SHOWN = 500;
const MOST_UNREAD = 99;

export class ChatPanel {
  #conversation;
  #panels;
  #room;
  #recipient;
  #files;
  #unread = 0;
  /** Above what was not read when the panel was opened. @type {HTMLElement | null} */
  #mark = null;
  /** @type {(() => string) | null} why a text was not sent, in the present language */
  #problem = null;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {import('../plenum-client.js').Conversation} conversation
   * @param {import('./panels.js').Panels} panels
   * @param {number} mostBytes of a file; 0: the server takes none
   */
  constructor(room, conversation, panels, mostBytes) {
    this.#room = room;
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
    this.#recipient = new ChatRecipient(room, () => {
      this.#problem = this.#recipient.problemOf(this.#recipient.chosen);
      this.paint();
    });
    this.#files = new FileSending(mostBytes, {
      isAllowed: () => room.isHost || room.rules.files,
      recipient: () => this.#recipient.chosen,
      problemOf: (recipient) => this.#recipient.problemOf(recipient),
      send: (file, recipient) => conversation.sendFile(file, recipient?.participant),
      onProblem: (problem) => {
        this.#problem = problem;
        this.paint();
      },
    });
    room.addEventListener('rules', () => this.paint());
    this.paint();
  }

  paint() {
    const opener = byId('open-chat');
    opener.title = t('chat.title');
    opener.setAttribute('aria-label', this.#unread ? t('chat.unread', { count: this.#unread }) : t('chat.title'));
    byId('unread').textContent = decimal(Math.min(this.#unread, MOST_UNREAD), 0) + (this.#unread > MOST_UNREAD ? '+' : '');
    byId('unread').hidden = this.#unread === 0;
    byId('chat-empty').hidden = this.#conversation.messages.length > 0;
    byId('chat-empty').textContent = t(this.#room.rules.history ? 'chat.emptyKept' : 'chat.empty');
    this.#paintForm();
    byId('chat-error').textContent = this.#problem?.() ?? '';
    byId('chat-error').hidden = this.#problem === null;
  }

  /** Another language is spoken: what is listed tells its times in it. */
  translate() {
    for (const time of byId('chat-list').querySelectorAll('time')) time.textContent = timeText(new Date(time.dateTime));
    this.paint();
  }

  #paintForm() {
    const isOff = !this.#room.rules.chat && !this.#room.isHost;
    byId('chat-form').hidden = isOff;
    byId('chat-off').hidden = !isOff;
    this.#recipient.translate();
    this.#files.paint();
    const { chosen } = this.#recipient;
    byId('chat-text').placeholder = chosen ? t('chat.hintTo', { name: chosen.name }) : t('chat.hint');
    byId('chat-form').classList.toggle('direct', chosen !== null);
  }

  #say() {
    // As the server passes it on: no more than one empty line in a row.
    const text = byId('chat-text').value.trim().replace(/[^\S\n]*\n(\s*\n){2,}/gu, '\n\n');
    if (!text) return;
    const { length } = text;
    const { chosen } = this.#recipient;
    const problem = this.#recipient.problemOf(chosen);
    if (problem) this.#problem = problem;
    else if (length > MAX_TEXT) this.#problem = () => t('chat.tooLong', { most: MAX_TEXT, length });
    else if (!this.#conversation.say(text, chosen?.participant)) this.#problem = () => t('chat.notSent');
    else {
      this.#problem = null;
      byId('chat-text').value = ''; // what was refused stays, so that nothing typed is lost
    }
    this.paint();
  }

  #onMessage(message) {
    const list = byId('chat-list');
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    const isUnread = !message.own && !message.past && this.#panels.view !== 'chat';
    if (isUnread && this.#unread === 0) this.#markUnread(list);
    if (message.own && !message.past) this.#markUnread(null);
    list.insertBefore(chatEntry(message, (file) => this.#room.fetchFile(file)), message.past ? firstAfter(list, message.at) : null);
    while (list.childElementCount > MOST_SHOWN) list.firstElementChild.remove();
    if (atEnd || message.own) list.scrollTop = list.scrollHeight;
    if (isUnread) {
      this.#unread++;
      notice(t(message.direct ? 'chat.noticePrivate' : 'chat.notice', { name: message.name, text: shorten(message.text) }));
    }
    this.paint();
  }

  /** @param {HTMLElement | null} list null: all has been read */
  #markUnread(list) {
    this.#mark?.remove();
    this.#mark = list && unreadMark();
    if (list) list.append(this.#mark);
  }

  #read() {
    if (this.#panels.view !== 'chat') return this.#unread || this.#markUnread(null);
    this.#unread = 0;
    if (this.#mark) this.#mark.scrollIntoView({ block: 'start' });
    else byId('chat-list').scrollTop = byId('chat-list').scrollHeight;
    this.paint();
  }
}

/** What was missed comes late: it stands where it was written. @returns {Element | null} null: at the end */
function firstAfter(list, at) {
  const isLater = (entry) => entry.querySelector('time')?.dateTime > at.toISOString();
  return [...list.children].find(isLater) ?? null;
}

function shorten(text) {
  const letters = [...text];
  return letters.length > NOTICE_LENGTH ? `${letters.slice(0, NOTICE_LENGTH).join('')}…` : text;
}
