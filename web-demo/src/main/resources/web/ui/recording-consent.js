// Who is to be recorded is asked, and nobody is recorded before they have said yes. Questions and answers are messages
// with the topic `consent`: `ask` (one tile), `ask-call` (all of the call), `yes`, `no`, `over` (no answer is needed any more).

import { onLanguage, t } from '../i18n/i18n.js';
import { CallBar } from './call-bar.js';

/** Who has not answered by then has not agreed. */
const ANSWER_MILLIS = 60_000;

const TOPIC = 'consent';
const QUESTIONS = ['ask', 'ask-call'];

export class RecordingConsent {
  #room;
  /** @type {Map<string, (agreed: boolean) => void>} those whom we have asked, by participant */
  #asked = new Map();
  /** @type {Map<string, {bar: CallBar, question: string}>} those who ask us */
  #asking = new Map();

  /** @param {import('../plenum-client.js').PlenumRoom} room */
  constructor(room) {
    this.#room = room;
    room.addEventListener('message', ({ detail: { from, topic, text } }) => topic === TOPIC && this.#receive(from, text));
    room.addEventListener('left', ({ detail: { participant } }) => this.#forget(participant.participant));
    const endTranslation = onLanguage(() => this.#paint());
    room.addEventListener('state', ({ detail }) => {
      if (detail.state !== 'closed') return;
      endTranslation();
      for (const id of [...this.#asked.keys(), ...this.#asking.keys()]) this.#forget(id);
    });
  }

  /**
   * Asks somebody.
   * @param {string} participant ourselves: yes
   * @param {'ask' | 'ask-call'} question about one tile, or all of the call
   * @returns {Promise<boolean>} false too if they left or did not answer
   */
  ask(participant, question) {
    if (participant === this.#room.participant) return Promise.resolve(true);
    this.#asked.get(participant)?.(false);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#say('over', participant);
        settle(false);
      }, ANSWER_MILLIS);
      const settle = (agreed) => {
        clearTimeout(timer);
        if (this.#asked.get(participant) === settle) this.#asked.delete(participant);
        resolve(agreed);
      };
      this.#asked.set(participant, settle);
      if (!this.#say(question, participant)) settle(false);
    });
  }

  /** No answer is needed any more. */
  takeBack() {
    for (const [participant, settle] of [...this.#asked]) {
      this.#say('over', participant);
      settle(false);
    }
  }

  #receive(from, text) {
    if (QUESTIONS.includes(text)) this.#show(from, text);
    else if (text === 'over') this.#close(from);
    else if (text === 'yes' || text === 'no') this.#asked.get(from)?.(text === 'yes');
  }

  #show(from, question) {
    this.#close(from);
    this.#asking.set(from, { bar: new CallBar('consent', { role: 'alertdialog' }), question });
    this.#paint();
  }

  #paint() {
    for (const [from, { bar, question }] of this.#asking) {
      const name = this.#room.participants.get(from)?.name ?? '';
      const answer = (text) => () => {
        this.#say(text, from);
        this.#close(from);
      };
      bar.show(t(question === 'ask' ? 'consent.tile' : 'consent.call', { name }), [
        { id: 'consent-yes', text: t('consent.yes'), run: answer('yes') },
        { id: 'consent-no', text: t('consent.no'), run: answer('no') },
      ]);
    }
  }

  #close(from) {
    this.#asking.get(from)?.bar.hide();
    this.#asking.delete(from);
  }

  #forget(participant) {
    this.#asked.get(participant)?.(false);
    this.#close(participant);
  }

  #say(text, to) {
    return this.#room.sendMessage(text, { topic: TOPIC, to });
  }
}
