// Whether the room is broadcast or recorded by the server: everybody sees it, hears when it changes, and moderators
// begin and end it.

import { t } from '../i18n/i18n.js';
import { fileAt } from './addresses.js';
import { alertUser, notice } from './notices.js';

const byId = (id) => document.getElementById(id);

/** Two short notes, up for what begins and down for what ends. */
const NOTES_HZ = [660, 880];
const NOTE_SECONDS = 0.12;
const LOUDNESS = 0.08;

/** Of codecs, the one that players of broadcasts do not take. */
const UNSEEN_CODEC = 'video/VP8';

/** How often is looked whether one's own picture is seen in the broadcast. */
const LOOK_MILLIS = 4_000;

/** A browser that is asked for another codec needs a moment. */
const LOOKS = 2;

export class Observed {
  #room;
  #options;
  #told = { broadcast: false, recorded: false };
  #looking = 0;
  /** How often in a row one's own picture was not seen. */
  #unseen = 0;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {{tokens: boolean, recordings: boolean, moderation: () => import('../client/moderation.js').Moderation}} options
   *     tokens: whether the server asks for some: then it is for hosts; recordings: whether it keeps any
   */
  constructor(room, options) {
    this.#room = room;
    this.#options = options;
    room.addEventListener('rules', () => this.paint());
    room.addEventListener('observed', ({ detail }) => this.#tell(detail));
    room.addEventListener('state', ({ detail }) => detail.state === 'closed' && this.#hide());
    byId('toggle-broadcast').onclick = () => this.#toggle('broadcast', 'broadcast');
    byId('toggle-recording').onclick = () => this.#toggle('record', 'recorded');
    this.paint();
  }

  /** Whether it is for others to begin and end it. */
  get #onlyLooks() {
    return this.#options.tokens && !this.#room.isHost;
  }

  paint() {
    const { broadcast, recorded } = this.#room.observed;
    const parts = [broadcast && t('observed.live'), recorded && t('observed.recorded')].filter(Boolean);
    byId('observed').textContent = parts.join(' · ');
    byId('observed').hidden = parts.length === 0;
    byId('broadcast-item').hidden = this.#onlyLooks;
    byId('recording-item').hidden = this.#onlyLooks || !this.#options.recordings;
    byId('broadcast-text').textContent = t(broadcast ? 'observed.endLive' : 'observed.beginLive');
    byId('recording-text').textContent = t(recorded ? 'observed.endRecording' : 'observed.beginRecording');
  }

  /** Aloud: the notices are a live region, and there is a sound for who does not look. */
  #tell(now) {
    for (const [what, key] of [['broadcast', 'live'], ['recorded', 'recorded']]) {
      if (now[what] === this.#told[what]) continue;
      notice(t(`observed.${key}${now[what] ? 'Begins' : 'Ends'}`));
      play(now[what]);
    }
    this.#told = { ...now };
    this.#watch(now.broadcast);
    this.paint();
  }

  /** Whether pictures are of a codec that broadcasts can have. */
  #watch(live) {
    clearInterval(this.#looking);
    this.#looking = 0;
    this.#unseen = 0;
    if (!live) return;
    this.#looking = setInterval(() => this.#lookAtOwn(), LOOK_MILLIS);
    if (!this.#onlyLooks) setTimeout(() => this.#lookAtOthers(), LOOKS * LOOK_MILLIS);
  }

  /** Said once, unless it changes meanwhile. */
  #lookAtOwn() {
    const isUnseen = ['camera', 'screen'].some(
      (source) => this.#room.isPublished(source) && !this.#room.isMuted(source) && this.#room.codecSent(source) === UNSEEN_CODEC,
    );
    this.#unseen = isUnseen ? this.#unseen + 1 : 0;
    if (this.#unseen === LOOKS) alertUser(t('observed.unseen'));
  }

  async #lookAtOthers() {
    if (!this.#looking) return;
    const unseen = await this.#options.moderation().unseen().catch(() => []);
    const names = unseen.map((id) => this.#room.participants.get(id)?.name).filter(Boolean);
    if (names.length) notice(t('observed.othersUnseen', { names: names.join(', ') }));
  }

  async #toggle(method, what) {
    try {
      const begun = await this.#options.moderation()[method](!this.#room.observed[what]);
      if (begun?.watch) await copy(new URL(fileAt(begun.watch.slice(1))).href);
    } catch (error) {
      alertUser(t('problem.server', { message: error.message }));
    }
  }

  #hide() {
    this.#watch(false);
    byId('observed').hidden = true;
  }
}

/** Where the browser lets us. */
async function copy(link) {
  try {
    await navigator.clipboard.writeText(link);
    notice(t('observed.linkCopied'));
  } catch {
    // Whoever moderates finds the link in the API.
  }
}

function play(up) {
  const context = new AudioContext();
  const end = context.currentTime + NOTES_HZ.length * NOTE_SECONDS;
  const gain = new GainNode(context, { gain: LOUDNESS });
  gain.connect(context.destination);
  (up ? NOTES_HZ : [...NOTES_HZ].reverse()).forEach((frequency, i) => {
    const note = new OscillatorNode(context, { frequency });
    note.connect(gain);
    note.start(context.currentTime + i * NOTE_SECONDS);
    note.stop(context.currentTime + (i + 1) * NOTE_SECONDS);
    if (i === NOTES_HZ.length - 1) note.onended = () => context.close();
  });
  gain.gain.setTargetAtTime(0, end - NOTE_SECONDS / 2, NOTE_SECONDS / 4);
}
