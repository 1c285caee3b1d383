// Single keys that do what buttons do, and the list of them. They can be switched off, for who speaks to the machine.

import { onLanguage, t } from '../i18n/i18n.js';
import { recall, remember } from './settings.js';

const byId = (id) => document.getElementById(id);

const KEYS = {
  m: 'mic', v: 'cam', s: 'share', h: 'hand', r: 'react', c: 'chat', p: 'people',
  l: 'layout', f: 'fullscreen', t: 'statistics', '?': 'shortcuts',
};

export class Shortcuts {
  /**
   * @param {() => boolean} isInCall
   * @param {(action: string) => void} act
   */
  constructor(isInCall, act) {
    const box = byId('use-shortcuts');
    box.checked = recall('shortcuts', true);
    box.onchange = () => {
      remember('shortcuts', box.checked);
      byId('shortcuts-off').hidden = box.checked;
    };
    byId('shortcuts-off').hidden = box.checked;
    onLanguage(() => this.#fillList());
    addEventListener('keydown', (event) => {
      const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!action || !box.checked || !isInCall() || isForSomethingElse(event)) return;
      event.preventDefault();
      act(action);
    });
  }

  #fillList() {
    byId('shortcuts-list').replaceChildren(...Object.entries(KEYS).map(([key, action]) => {
      const row = document.createElement('div');
      const term = document.createElement('dt');
      term.append(Object.assign(document.createElement('kbd'), { textContent: key.toUpperCase() }));
      row.append(term, Object.assign(document.createElement('dd'), { textContent: t(`shortcut.${action}`) }));
      return row;
    }));
  }
}

/** Typing, the browser's own shortcuts, and open dialogs. */
function isForSomethingElse({ target, ctrlKey, altKey, metaKey, isComposing, repeat }) {
  if (ctrlKey || altKey || metaKey || isComposing || repeat) return true;
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable], dialog') !== null;
}
