// What is said above the buttons while a moderator keeps our microphone or camera off, and the question to be heard.

import { onLanguage, t } from '../i18n/i18n.js';

/** So long the question is not asked again. */
const ASK_MILLIS = 10_000;

const byId = (id) => document.getElementById(id);

export class SilencedNote {
  #room;
  #asked = false;
  #timer = 0;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {import('../plenum-client.js').Conversation} conversation
   */
  constructor(room, conversation) {
    this.#room = room;
    byId('ask').onclick = () => {
      if (this.#asked) return;
      conversation.askToBeHeard();
      this.#wait(true);
    };
    room.addEventListener('silenced', ({ detail: { source, silenced } }) => {
      if (source === 'microphone' && !silenced && conversation.handUp) conversation.raiseHand(false);
      this.#wait(false);
    });
    const endTranslation = onLanguage(() => this.#paint());
    room.addEventListener('state', ({ detail }) => {
      if (detail.state !== 'closed') return;
      clearTimeout(this.#timer);
      endTranslation();
      byId('silenced').hidden = true;
    });
  }

  #wait(asked) {
    clearTimeout(this.#timer);
    this.#asked = asked;
    if (asked) this.#timer = setTimeout(() => this.#wait(false), ASK_MILLIS);
    this.#paint();
  }

  #paint() {
    const device = ['microphone', 'camera'].find((source) => this.#room.isSilenced(source));
    byId('silenced').hidden = !device;
    if (!device) return;
    byId('silenced-text').textContent = t('silenced.now', { device: t(`device.${device}`) });
    byId('ask').textContent = t(this.#asked ? 'silenced.asked' : 'silenced.ask');
    byId('ask').setAttribute('aria-disabled', String(this.#asked));
  }
}
