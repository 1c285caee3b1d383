// The page before the call: room, name, devices, a look at oneself.

import { backgroundPicker } from './background-picker.js';
import { languageChoice, onLanguage, t } from '../i18n/i18n.js';
import { roomOfPath } from './addresses.js';
import { DevicePickers } from './device-pickers.js';
import { copyLink } from './invitation.js';
import { fillPermissionHelp } from './permission-help.js';
import { Preview } from './preview.js';
import { recall, remember } from './settings.js';
import { paintAvatar } from './tile.js';

const NARROW = 720;
const byId = (id) => document.getElementById(id);

/**
 * @typedef {object} Wish
 * @property {string} room
 * @property {string} name
 * @property {import('./devices.js').SourceTrack[]} tracks
 * @property {import('./devices.js').DeviceProblem | null} problem why a track is missing
 */

export class JoinForm {
  #preview;
  #pickers;
  #opened = Promise.resolve();
  /** @type {import('./devices.js').DeviceProblem | null} what is wrong with the devices */
  #problem = null;
  /** @type {(() => string) | null} what went wrong, in the present language */
  #error = null;
  #busy = false;
  /** Whether the room's address lets others in, as far as we know. */
  #offersLink = false;
  /** What the address asks for; the room can be changed in the form, the rest cannot. */
  #parameters;
  #linkTo;

  /**
   * @param {import('./devices.js').Devices} devices
   * @param {URLSearchParams} parameters of the page's address
   * @param {{onJoin: (wish: Wish) => void, linkTo: (room: string) => string}} options
   */
  constructor(devices, parameters, { onJoin, linkTo }) {
    this.#parameters = parameters;
    this.#linkTo = linkTo;
    this.#preview = new Preview(devices, (problem) => this.#hint(problem));
    this.#pickers = new DevicePickers(byId('lobby-devices'), devices, (kind) => this.#preview.exchange(kind));
    backgroundPicker(byId('lobby-devices'), () => this.#preview.exchange('camera'));
    byId('room').value = roomOfAddress(parameters);
    byId('name').value = parameters.get('name') ?? recall('name', '');
    byId('room').oninput = byId('name').oninput = () => this.#paint();
    byId('lobby-copy').onclick = () => copyLink(linkTo(byId('room').value));
    byId('device-check').open = innerWidth > NARROW; // on a phone the name comes first
    fillPermissionHelp(byId('permission-steps'));
    languageChoice(byId('lobby-language'));
    onLanguage(() => this.#paint());
    byId('join-form').onsubmit = async (event) => {
      event.preventDefault();
      this.busy = true;
      await this.#opened; // perhaps the browser is still asking for permission
      onJoin(this.#takeWish());
    };
  }

  /** The room as it stands in the form. */
  get room() {
    return byId('room').value.trim().normalize(); // as the server takes it, however it was typed
  }

  /** Shows the form and opens the devices that are on, for the preview. @param {string} [room] instead of the one in it */
  show(room = this.room) {
    byId('room').value = room;
    byId('lobby').hidden = false;
    byId(byId('room').value ? 'name' : 'room').focus();
    this.#paint();
    this.#opened = this.#openDevices();
  }

  async #openDevices() {
    await this.#preview.open();
    await this.#pickers.refresh();
  }

  /** Joins without a click, as the address `?autojoin=1` asks. */
  submit() {
    byId('name').value ||= t('guest');
    byId('join-form').requestSubmit();
  }

  hide() {
    byId('lobby').hidden = true;
    this.#preview.hide();
  }

  /** @param {(() => string) | null} text in the present language */
  set error(text) {
    this.#error = text;
    this.#paint();
  }

  /** It was changed in a call. @param {string} name */
  set name(name) {
    byId('name').value = name;
    this.#paint();
  }

  /** Whether the room's address alone lets others in. */
  set offersLink(offers) {
    this.#offersLink = offers;
    this.#paint();
  }

  set busy(busy) {
    this.#busy = busy;
    this.#paint();
  }

  #takeWish() {
    const wish = {
      room: this.room,
      name: byId('name').value.trim().replace(/\s+/gu, ' ').normalize(),
      tracks: this.#preview.take(),
      problem: this.#problem,
    };
    if (!this.#parameters.has('name')) remember('name', wish.name);
    return wish;
  }

  #hint(problem) {
    this.#problem = problem;
    this.#paint();
  }

  #paint() {
    paintAvatar(byId('preview-avatar'), byId('name').value);
    say('lobby-error', this.#error?.() ?? null);
    say('device-hint', this.#problem && `${this.#problem.text} ${t('problem.joinAnyway')}`);
    byId('permission-help').hidden = !this.#problem?.isRefusal;
    const button = document.querySelector('[data-testid=join]');
    button.disabled = this.#busy;
    button.textContent = t(this.#busy ? 'lobby.joining' : 'lobby.join');
    const room = byId('room');
    byId('invitation').hidden = !this.#offersLink || !room.value || !room.checkValidity();
    byId('lobby-link').textContent = byId('invitation').hidden ? '' : this.#linkTo(room.value).replace(/^https?:\/\//, '');
  }
}

/** @param {string | null} text null: nothing to say */
function say(id, text) {
  byId(id).textContent = text ?? '';
  byId(id).hidden = !text;
}

function roomOfAddress(parameters) {
  return (roomOfPath() ?? parameters.get('room') ?? '').normalize();
}
