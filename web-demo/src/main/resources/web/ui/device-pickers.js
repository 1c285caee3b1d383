// Which camera, microphone and speaker: the same three choices before the call and in it.

import { canChooseSpeaker, playTone } from '../client/level.js';
import { onLanguage, t } from '../i18n/i18n.js';

const KINDS = ['camera', 'microphone', 'speaker'];

export class DevicePickers {
  #devices;
  #onChoose;
  /** @type {Map<string, HTMLSelectElement>} */
  #selects = new Map();
  #labels = new Map();
  #tone = document.createElement('button');

  /**
   * @param {HTMLElement} root is filled
   * @param {import('./devices.js').Devices} devices
   * @param {(kind: import('./devices.js').DeviceKind) => void} onChoose another device was chosen; it is remembered already
   * @param {string[]} [kinds] those that can be chosen
   */
  constructor(root, devices, onChoose, kinds = KINDS) {
    this.#devices = devices;
    this.#onChoose = onChoose;
    for (const kind of kinds) {
      if (kind !== 'speaker' || canChooseSpeaker()) root.append(...this.#row(root.id, kind));
    }
    this.#tone.type = 'button';
    this.#tone.className = 'plain';
    this.#tone.dataset.testid = `${root.id}-tone`;
    this.#tone.onclick = () => this.#playTone();
    if (kinds.includes('speaker')) root.append(this.#tone);
    devices.addEventListener('change', () => this.refresh());
    onLanguage(() => this.#translate());
  }

  /** Lists the devices anew; their names are known only after the browser gave one of them. */
  async refresh() {
    const found = await this.#devices.list();
    for (const [kind, select] of this.#selects) this.#fill(kind, select, found[kind]);
  }

  #row(prefix, kind) {
    const label = document.createElement('label');
    const select = document.createElement('select');
    select.id = label.htmlFor = `${prefix}-${kind}`;
    select.onchange = () => {
      this.#devices.choose(kind, select.value);
      this.#onChoose(kind);
    };
    this.#selects.set(kind, select);
    this.#labels.set(kind, label);
    return [label, select];
  }

  #fill(kind, select, found) {
    const known = found.filter(({ id }) => id);
    const options = known.map(({ id, label }, index) => new Option(label || `${t(`device.${kind}.name`)} ${index + 1}`, id));
    if (!options.length) options.push(new Option(t(emptyKey(kind, found)), ''));
    select.replaceChildren(...options);
    select.disabled = known.length < 2;
    const chosen = this.#devices.chosen(kind);
    if (known.some(({ id }) => id === chosen)) select.value = chosen;
  }

  async #playTone() {
    this.#tone.disabled = true;
    try {
      await playTone(this.#devices.chosen('speaker'));
    } catch {
      // No speaker, or none that this page may use: silence says as much.
    }
    this.#tone.disabled = false;
  }

  #translate() {
    for (const [kind, label] of this.#labels) label.textContent = t(`device.${kind}.name`);
    this.#tone.textContent = t('device.tone');
    this.refresh();
  }
}

/** What to say where no device has a name. */
function emptyKey(kind, found) {
  if (kind === 'speaker') return 'device.default';
  return found.length ? 'device.hidden' : 'device.none';
}
