// What a host sees beside each name: mute, stop a share, make a host, send away; and below, what is for all.
// Whoever is no host any more sees none of it.

import { t } from '../i18n/i18n.js';
import { alertUser } from './notices.js';
import { ask } from './question.js';
import { icon } from './tile.js';

export class ModeratorButtons {
  #room;
  #conversation;
  #newModeration;
  #onChange;

  get #moderation() {
    return this.#newModeration();
  }

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {import('../plenum-client.js').Conversation} conversation
   * @param {() => import('../client/moderation.js').Moderation} moderation
   * @param {() => void} onChange what is shown is out of date
   */
  constructor(room, conversation, moderation, onChange) {
    this.#room = room;
    this.#conversation = conversation;
    this.#newModeration = moderation;
    this.#onChange = onChange;
  }

  /** @returns {HTMLElement[]} for somebody else */
  forPerson({ participant, name, tracks, silenced }) {
    const microphone = tracks.find(({ source }) => source === 'microphone');
    const buttons = [
      ...this.#forScreen({ participant, name, tracks, silenced }),
      this.#forHost(participant, name),
      this.#button('remove', 'moderate.remove', { name }, () => this.#remove(participant, name)),
    ];
    const isSilenced = silenced.includes('microphone');
    if (!isSilenced && (!microphone || microphone.muted)) return buttons; // muted by its owner
    const key = isSilenced ? 'moderate.unmute' : 'moderate.mute';
    const wanted = isSilenced ? silenced.filter((source) => source !== 'microphone') : [...silenced, 'microphone'];
    const silence = () => this.#moderation.silenceSources(participant, wanted);
    return [this.#button(isSilenced ? 'mic' : 'mic-off', key, { name }, silence), ...buttons];
  }

  /** A share that was stopped does not begin again until it is allowed. */
  #forScreen({ participant, name, tracks, silenced }) {
    const stopped = silenced.includes('screen');
    if (!stopped && !tracks.some(({ source }) => source === 'screen')) return [];
    const others = silenced.filter((source) => !source.startsWith('screen'));
    const wanted = stopped ? others : [...others, 'screen', 'screen-audio'];
    const key = stopped ? 'moderate.allowShare' : 'moderate.stopShare';
    const act = () => this.#moderation.silenceSources(participant, wanted);
    return [this.#button(stopped ? 'share' : 'share-off', key, { name }, act)];
  }

  #forHost(participant, name) {
    const isHost = this.#room.hosts.has(participant);
    const key = isHost ? 'moderate.unhost' : 'moderate.host';
    const button = this.#button('host', key, { name }, () => this.#moderation.makeHost(participant, !isHost));
    button.classList.toggle('filled', isHost);
    return button;
  }

  /**
   * @param {import('../plenum-client.js').Participant[]} others
   * @returns {HTMLElement[]} for the room
   */
  forRoom(others) {
    const lock = this.#plain('lock', t(this.#room.locked ? 'moderate.unlock' : 'moderate.lock'), () => this.#moderation.lock(!this.#room.locked));
    lock.setAttribute('aria-pressed', String(this.#room.locked));
    const heard = others.filter(({ tracks, silenced }) =>
      !silenced.includes('microphone') && tracks.some(({ source, muted }) => source === 'microphone' && !muted));
    const buttons = [lock];
    if (heard.length) buttons.push(this.#plain('mute-all', t('moderate.muteAll'), () => this.#silenceAll(heard)));
    if (this.#conversation.hands.size) buttons.push(this.#plain('lower-all', t('host.hands'), () => this.#conversation.lowerHands()));
    return buttons;
  }

  /** What fails for one, who may just have left, is done for the others all the same. */
  async #silenceAll(people) {
    const moderation = this.#moderation;
    const done = await Promise.allSettled(people.map(({ participant, silenced }) =>
      moderation.silenceSources(participant, [...silenced, 'microphone'])));
    const isHere = (index) => this.#room.participants.has(people[index].participant);
    const failed = done.find(({ status }, index) => status === 'rejected' && isHere(index));
    if (failed) throw failed.reason;
  }

  async #remove(participant, name) {
    const words = { title: t('moderate.removeAsk', { name }), text: t('moderate.removeText'), yes: t('moderate.removeYes') };
    if (await ask(words)) await this.#moderation.remove(participant);
  }

  #plain(testId, text, act) {
    const button = document.createElement('button');
    button.className = 'plain';
    button.dataset.testid = testId;
    button.textContent = text;
    button.onclick = () => this.#try(act);
    return button;
  }

  #button(picture, key, values, act) {
    const button = document.createElement('button');
    button.className = 'small';
    button.dataset.testid = key.replace('.', '-');
    button.title = t(key, values);
    button.setAttribute('aria-label', button.title);
    button.append(icon(picture));
    button.onclick = () => this.#try(act);
    return button;
  }

  async #try(act) {
    try {
      await act();
      this.#onChange();
    } catch (error) {
      alertUser(t('problem.server', { message: error.message }));
    }
  }
}
