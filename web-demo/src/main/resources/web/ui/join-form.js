// The page before the call: room, name, a look at oneself.

import { deviceProblem } from './devices.js';
import { paintAvatar } from './tile.js';

const NAME_KEY = 'plenum.name';
const byId = (id) => document.getElementById(id);

/**
 * @typedef {object} Wish
 * @property {string} room
 * @property {string} name
 * @property {import('./devices.js').SourceTrack[]} tracks
 * @property {string | null} problem why a track is missing, for a person
 */

export class JoinForm {
  #devices;
  /** @type {Map<string, MediaStreamTrack>} what will be published, by source */
  #tracks = new Map();
  #opened = Promise.resolve();
  /** @type {string | null} what is wrong with the devices */
  #problem = null;
  /** What the address asks for; the room can be changed in the form, the rest cannot. */
  #parameters;

  /**
   * @param {import('./devices.js').Devices} devices
   * @param {URLSearchParams} parameters of the page's address
   * @param {(wish: Wish) => void} onJoin
   */
  constructor(devices, parameters, onJoin) {
    this.#devices = devices;
    this.#parameters = parameters;
    byId('room').value = roomOfAddress(parameters);
    byId('name').value = parameters.get('name') ?? recall(NAME_KEY);
    byId('name').oninput = () => this.#paint();
    byId('preview-mic').onclick = () => this.#toggle('microphone');
    byId('preview-cam').onclick = () => this.#toggle('camera');
    byId('join-form').onsubmit = async (event) => {
      event.preventDefault();
      this.busy = true;
      await this.#opened; // perhaps the browser is still asking for permission
      onJoin(this.#takeWish());
    };
  }

  /** Shows the form and opens the devices for the preview. */
  show() {
    byId('lobby').hidden = false;
    byId(byId('room').value ? 'name' : 'room').focus();
    this.#paint();
    this.#opened = this.#openDevices();
  }

  async #openDevices() {
    const { tracks, problem } = await this.#devices.openBoth();
    for (const { track, source } of tracks) this.#tracks.set(source, track);
    this.#hint(problem);
    this.#paint();
  }

  /** Joins without a click, as the address `?autojoin=1` asks. */
  submit() {
    byId('name').value ||= 'Guest';
    byId('join-form').requestSubmit();
  }

  hide() {
    byId('lobby').hidden = true;
    byId('preview').srcObject = null;
  }

  /** @param {string | null} text */
  set error(text) {
    byId('lobby-error').textContent = text ?? '';
    byId('lobby-error').hidden = !text;
  }

  set busy(busy) {
    const button = document.querySelector('[data-testid=join]');
    button.disabled = busy;
    button.textContent = busy ? 'Joining…' : 'Join';
  }

  #takeWish() {
    const wish = {
      room: byId('room').value.trim(),
      name: byId('name').value.trim(),
      tracks: [...this.#tracks].map(([source, track]) => ({ source, track })),
      problem: this.#problem,
    };
    this.#tracks.clear(); // they are the room's now, which stops them in the end
    if (!this.#parameters.has('name')) remember(NAME_KEY, wish.name);
    return wish;
  }

  async #toggle(source) {
    const track = this.#tracks.get(source);
    track?.stop();
    this.#tracks.delete(source);
    if (!track) {
      try {
        this.#tracks.set(source, await this.#devices.acquire(source));
        this.#hint(null);
      } catch (error) {
        this.#hint(deviceProblem(error, source));
      }
    }
    this.#paint();
  }

  #hint(problem) {
    this.#problem = problem;
    byId('device-hint').textContent = problem ? `${problem} You can join all the same.` : '';
    byId('device-hint').hidden = !problem;
  }

  #paint() {
    const camera = this.#tracks.get('camera');
    const preview = byId('preview');
    if (preview.srcObject?.getTracks()[0] !== camera) preview.srcObject = camera ? new MediaStream([camera]) : null;
    preview.hidden = !camera;
    paintAvatar(byId('preview-avatar'), byId('name').value);
    paintSwitch(byId('preview-mic'), 'mic', 'Microphone', this.#tracks.has('microphone'));
    paintSwitch(byId('preview-cam'), 'cam', 'Camera', Boolean(camera));
  }
}

/** Shows a button that switches something on and off. */
export function paintSwitch(button, icon, label, isOn) {
  button.querySelector('use').setAttribute('href', `#icon-${icon}${isOn ? '' : '-off'}`);
  button.setAttribute('aria-pressed', String(isOn));
  button.setAttribute('aria-label', label);
  button.title = `Turn ${label.toLowerCase()} ${isOn ? 'off' : 'on'}`;
  button.classList.toggle('off', !isOn);
}

function roomOfAddress(parameters) {
  const path = /^\/r\/([^/]+)$/.exec(location.pathname);
  return path ? decodeURIComponent(path[1]) : (parameters.get('room') ?? '');
}

// Storage may be forbidden; then nothing is remembered.
function recall(key) {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // forbidden
  }
}
