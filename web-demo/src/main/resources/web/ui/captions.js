// Captions: what somebody says, written by their own browser, where it can do so without sending the sound anywhere.
// They are messages with the topic `caption`. Both showing and writing them is off until somebody wants it.

import { language, onLanguage, t } from '../i18n/i18n.js';
import { MAX_TEXT } from '../plenum-client.js';
import { notice } from './notices.js';
import { recall, remember } from './settings.js';

const byId = (id) => document.getElementById(id);
const TOPIC = 'caption';
const SHOWN_MILLIS = 8000;
const MOST_LINES = 3;

/** A recogniser that failed is tried again after this. */
const PAUSE_MILLIS = 2000;

/** @typedef {'available' | 'downloadable' | 'downloading' | 'unavailable'} Availability */

/** @returns {Promise<Availability>} whether this browser recognises speech on the device, in the page's language */
export async function recognition() {
  const Recognition = globalThis.SpeechRecognition;
  if (!Recognition?.available) return 'unavailable';
  try {
    return await Recognition.available({ langs: [spoken()], processLocally: true });
  } catch {
    return 'unavailable';
  }
}

const spoken = () => navigator.languages.find((tag) => tag.startsWith(language()) && tag.includes('-')) ?? { en: 'en-US', de: 'de-DE',
  es: 'es-ES', fr: 'fr-FR', pt: 'pt-BR', ja: 'ja-JP', zh: 'zh-CN' }[language()];

export class Captions {
  #room;
  #ownName;
  #shows = recall('captions', false);
  #recogniser = null;
  #writes = false;
  #retry = 0;
  /** Whom we have been told of. @type {Set<string>} */
  #known = new Set();

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {string} name our own
   */
  constructor(room, name) {
    this.#room = room;
    this.#ownName = name;
    byId('captions').replaceChildren();
    room.addEventListener('message', ({ detail: { from, topic, text } }) => topic === TOPIC && this.#receive(from, text));
    room.addEventListener('published', ({ detail }) => detail.source === 'microphone' && this.#follow());
    const endTranslation = onLanguage(() => this.#paint());
    room.addEventListener('state', ({ detail }) => {
      if (detail.state !== 'closed') return;
      this.#writes = false;
      this.#stop();
      byId('captions').replaceChildren();
      endTranslation();
    });
    recognition().then((found) => (byId('write-captions').hidden = found === 'unavailable'));
  }

  toggleShown() {
    this.#shows = !this.#shows;
    remember('captions', this.#shows);
    if (!this.#shows) byId('captions').replaceChildren();
    this.#paint();
  }

  /** Writes what we say, or no more; only for this call. */
  async toggleWritten() {
    this.#writes = !this.#writes;
    if (this.#writes && (await recognition()) !== 'available') {
      notice(t('captions.loading'));
      const installed = await globalThis.SpeechRecognition.install({ langs: [spoken()], processLocally: true }).catch(() => false);
      if (!installed) {
        this.#writes = false;
        notice(t('captions.failed'));
      }
    }
    this.#paint();
    this.#follow();
  }

  /** Listens while captions are wanted and the microphone is open. */
  #follow() {
    const track = this.#room.localTrack('microphone');
    const wanted = this.#writes && track && !this.#room.isMuted('microphone') && this.#room.state !== 'closed';
    if (!wanted) return this.#stop();
    if (this.#recogniser) return;
    const recogniser = new globalThis.SpeechRecognition();
    recogniser.processLocally = true;
    recogniser.continuous = true;
    recogniser.lang = spoken();
    recogniser.onresult = ({ results, resultIndex }) => {
      for (let i = resultIndex; i < results.length; i++) if (results[i].isFinal) this.#say(results[i][0].transcript.trim());
    };
    recogniser.onend = () => {
      if (this.#recogniser !== recogniser) return;
      this.#recogniser = null;
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.#follow(), PAUSE_MILLIS);
    };
    this.#recogniser = recogniser;
    recogniser.start(track);
  }

  #stop() {
    clearTimeout(this.#retry);
    const recogniser = this.#recogniser;
    this.#recogniser = null;
    recogniser?.stop();
  }

  #say(text) {
    if (!text) return;
    this.#room.sendMessage(text.slice(0, MAX_TEXT), { topic: TOPIC });
    this.#show(this.#room.participant, this.#room.name || this.#ownName, text);
  }

  #receive(from, text) {
    const name = this.#room.participants.get(from)?.name;
    if (name === undefined) return;
    if (this.#shows) return this.#show(from, name, text);
    if (this.#known.has(from)) return;
    this.#known.add(from);
    notice(t('captions.offered', { name }));
  }

  #show(from, name, text) {
    if (!this.#shows) return;
    const line = document.createElement('p');
    line.dataset.testid = 'caption';
    line.dataset.from = from;
    const who = document.createElement('b');
    who.textContent = name;
    who.title = t('captions.by', { name });
    line.append(who, document.createTextNode(text));
    byId('captions').append(line);
    while (byId('captions').childElementCount > MOST_LINES) byId('captions').firstElementChild.remove();
    setTimeout(() => line.remove(), SHOWN_MILLIS);
  }

  #paint() {
    byId('captions-text').textContent = t(this.#shows ? 'captions.hide' : 'captions.show');
    byId('write-captions-text').textContent = t(this.#writes ? 'captions.writeNoMore' : 'captions.write');
  }
}
