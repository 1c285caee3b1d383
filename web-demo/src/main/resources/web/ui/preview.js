// A look at oneself before the call: the picture, the microphone's level, and what will be published.

import { LatestWish } from '../client/latest-wish.js';
import { LevelMeter } from '../client/level.js';
import { onLanguage } from '../i18n/i18n.js';
import { DeviceProblem } from './devices.js';
import { paintLevel } from './level-bar.js';
import { recall, remember } from './settings.js';
import { paintSwitch } from './switches.js';

const byId = (id) => document.getElementById(id);

export class Preview {
  #devices;
  #onProblem;
  /** @type {Map<string, MediaStreamTrack>} what will be published, by source */
  #tracks = new Map();
  /** @type {LevelMeter | null} */
  #meter = null;
  #metered = null;
  #wishes = new LatestWish();

  /**
   * @param {import('./devices.js').Devices} devices
   * @param {(problem: DeviceProblem | null) => void} onProblem
   */
  constructor(devices, onProblem) {
    this.#devices = devices;
    this.#onProblem = onProblem;
    byId('preview-mic').onclick = () => this.#toggle('microphone');
    byId('preview-cam').onclick = () => this.#toggle('camera');
    byId('mirror').checked = recall('mirror', true);
    byId('mirror').onchange = () => {
      remember('mirror', byId('mirror').checked);
      paintMirror();
    };
    paintMirror();
    onLanguage(() => this.#paint());
  }

  /** Opens what is wanted and there. */
  async open() {
    const isLatest = this.#wishes.begin('all');
    const { tracks, problem } = await this.#devices.openWanted();
    if (!isLatest()) return tracks.forEach(({ track }) => track.stop()); // joined otherwise meanwhile
    this.#stop();
    for (const { track, source } of tracks) this.#tracks.set(source, track);
    this.#onProblem(problem);
    this.#paint();
  }

  /** Another device was chosen: what is on goes on with it. */
  async exchange(kind) {
    if (this.#tracks.has(kind)) await this.#acquire(kind);
  }

  /** Gives the tracks away: whoever takes them stops them. */
  take() {
    const tracks = [...this.#tracks].map(([source, track]) => ({ source, track }));
    this.#tracks.clear();
    this.#wishes.giveUp();
    this.#meter?.close();
    this.#meter = this.#metered = null;
    return tracks;
  }

  /** What nobody took is let go. */
  hide() {
    for (const { track } of this.take()) track.stop();
    byId('preview').srcObject = null;
  }

  async #toggle(source) {
    const on = !this.#tracks.has(source);
    this.#devices.want(source, on);
    if (on) return this.#acquire(source);
    this.#wishes.giveUp(source);
    this.#tracks.get(source).stop();
    this.#tracks.delete(source);
    this.#paint();
  }

  async #acquire(source) {
    const isLatest = this.#wishes.begin(source);
    try {
      const track = await this.#devices.acquire(source);
      if (!isLatest()) return track.stop(); // joined meanwhile, turned off again, or another was chosen
      this.#tracks.get(source)?.stop();
      this.#tracks.set(source, track);
      this.#onProblem(null);
    } catch (error) {
      if (!isLatest()) return;
      this.#onProblem(new DeviceProblem([[error, source]]));
    }
    this.#paint();
  }

  #stop() {
    for (const track of this.#tracks.values()) track.stop();
    this.#tracks.clear();
  }

  #paint() {
    const camera = this.#tracks.get('camera');
    const preview = byId('preview');
    if (preview.srcObject?.getTracks()[0] !== camera) preview.srcObject = camera ? new MediaStream([camera]) : null;
    preview.hidden = !camera;
    paintSwitch(byId('preview-mic'), 'mic', this.#tracks.has('microphone'));
    paintSwitch(byId('preview-cam'), 'cam', Boolean(camera));
    this.#listen(this.#tracks.get('microphone') ?? null);
  }

  #listen(microphone) {
    if (microphone === this.#metered) return;
    this.#meter?.close();
    this.#metered = microphone;
    this.#meter = microphone && new LevelMeter(microphone, (level) => paintLevel(byId('level'), level));
    if (!microphone) paintLevel(byId('level'), 0);
  }
}

/** One's own picture is shown as a mirror does, if one likes it so. */
export function paintMirror() {
  document.body.classList.toggle('mirror', recall('mirror', true));
}
