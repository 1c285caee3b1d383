// What a host decides for the whole room: its rules, everybody's hands, the end of the meeting.

import { onLanguage, t } from '../i18n/i18n.js';
import { alertUser } from './notices.js';
import { ask } from './question.js';

const RULES = ['waitingRoom', 'screen', 'chat', 'files', 'unmute', 'record', 'history'];

const byId = (id) => document.getElementById(id);

export class HostDialog {
  #room;
  #conversation;
  #moderation;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {import('../plenum-client.js').Conversation} conversation
   * @param {() => import('../plenum-client.js').Moderation} moderation
   */
  constructor(room, conversation, moderation) {
    this.#room = room;
    this.#conversation = conversation;
    this.#moderation = moderation;
    byId('host-rules').replaceChildren(...RULES.map((rule) => this.#check(rule)));
    byId('host-lock').onchange = () => this.#try(() => moderation().lock(byId('host-lock').checked));
    byId('host-hands').onclick = () => {
      conversation.lowerHands();
      byId('host-dialog').close();
    };
    byId('host-end').onclick = () => this.#end();
    const endTranslation = onLanguage(() => this.#paint());
    room.addEventListener('rules', () => this.#paint());
    conversation.addEventListener('hands', () => this.#paint());
    room.addEventListener('state', ({ detail }) => detail.state === 'closed' && endTranslation());
  }

  open() {
    if (!this.#room.isHost) return;
    this.#paint();
    byId('host-dialog').showModal();
  }

  #check(rule) {
    const label = document.createElement('label');
    label.className = 'check';
    const box = Object.assign(document.createElement('input'), { type: 'checkbox', id: `rule-${rule}` });
    box.dataset.testid = `rule-${rule}`;
    box.onchange = () => this.#try(() => this.#moderation().rule({ [rule]: box.checked }));
    label.append(box, document.createElement('span'));
    return label;
  }

  #paint() {
    byId('open-host').hidden = !this.#room.isHost;
    if (!this.#room.isHost && byId('host-dialog').open) byId('host-dialog').close();
    for (const rule of RULES) {
      const box = byId(`rule-${rule}`);
      box.checked = this.#room.rules[rule];
      box.nextElementSibling.textContent = t(`rule.${rule}`);
    }
    byId('host-lock').checked = this.#room.locked;
    byId('host-hands').disabled = this.#conversation.hands.size === 0;
  }

  async #end() {
    byId('host-dialog').close();
    const words = { title: t('host.endAsk'), text: t('host.endText'), yes: t('host.end') };
    if (await ask(words)) await this.#try(() => this.#moderation().end());
  }

  /** What the server did not do is not shown as done. */
  async #try(act) {
    try {
      await act();
    } catch (error) {
      alertUser(t('problem.server', { message: error.message }));
      this.#paint();
    }
  }
}
