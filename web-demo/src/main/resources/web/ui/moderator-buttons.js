// What a moderator sees beside each name: mute, send away; and one button that locks the room.

import { t } from '../i18n/i18n.js';
import { alertUser } from './notices.js';
import { ask } from './question.js';
import { icon } from './tile.js';

export class ModeratorButtons {
  #moderation;
  #onChange;
  #locked = false;

  /**
   * @param {import('../client/moderation.js').Moderation} moderation
   * @param {() => void} onChange what is shown is out of date
   */
  constructor(moderation, onChange) {
    this.#moderation = moderation;
    this.#onChange = onChange;
    this.#try(async () => (this.#locked = await moderation.isLocked()));
  }

  /** @returns {HTMLElement[]} for somebody else */
  forPerson({ participant, name, tracks, silenced }) {
    const microphone = tracks.find(({ source }) => source === 'microphone');
    const buttons = [this.#button('remove', 'moderate.remove', { name }, () => this.#remove(participant, name))];
    const isSilenced = silenced.includes('microphone');
    if (!isSilenced && (!microphone || microphone.muted)) return buttons; // muted by its owner
    const key = isSilenced ? 'moderate.unmute' : 'moderate.mute';
    const wanted = isSilenced ? silenced.filter((source) => source !== 'microphone') : [...silenced, 'microphone'];
    const silence = () => this.#moderation.silenceSources(participant, wanted);
    return [this.#button(isSilenced ? 'mic' : 'mic-off', key, { name }, silence), ...buttons];
  }

  /**
   * @param {import('../plenum-client.js').Participant[]} others
   * @returns {HTMLElement[]} for the room
   */
  forRoom(others) {
    const lock = this.#plain('lock', t(this.#locked ? 'moderate.unlock' : 'moderate.lock'), async () => {
      await this.#moderation.lock(!this.#locked);
      this.#locked = !this.#locked;
    });
    lock.setAttribute('aria-pressed', String(this.#locked));
    const heard = others.filter(({ tracks, silenced }) =>
      !silenced.includes('microphone') && tracks.some(({ source, muted }) => source === 'microphone' && !muted));
    if (!heard.length) return [lock];
    return [lock, this.#plain('mute-all', t('moderate.muteAll'), () => this.#silenceAll(heard))];
  }

  async #silenceAll(people) {
    for (const { participant, silenced } of people) {
      await this.#moderation.silenceSources(participant, [...silenced, 'microphone']);
    }
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
