// The page's languages. Texts have keys; an element says which it wears:
//   data-i18n="key"                       its text
//   data-i18n-attr="title:key aria-label:key"   its attributes

import { recall, remember } from '../ui/settings.js';
import en from './en.js';
import zh from './zh.js';

const DICTIONARIES = { en, zh };

/** What each language calls itself. */
export const LANGUAGES = { en: 'English', zh: '中文' };

let current = firstLanguage();
const listeners = new Set();

/** @returns {string} `en` or `zh` */
export function language() {
  return current;
}

/**
 * The text of a key in the present language.
 * @param {string} key
 * @param {Record<string, string | number>} [values] for `{name}` in the text
 */
export function t(key, values = {}) {
  const text = DICTIONARIES[current][key] ?? en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** Whether there is a text for this key. */
export const hasText = (key) => key in en;

/** @param {string} code changes the language of the whole page, now and the next time */
export function setLanguage(code) {
  if (!(code in DICTIONARIES) || code === current) return;
  current = code;
  remember('language', code);
  translate(document);
  for (const repaint of listeners) repaint();
}

/**
 * Calls `repaint` now and whenever the language changes.
 * @param {() => void} repaint
 * @returns {() => void} ends it
 */
export function onLanguage(repaint) {
  listeners.add(repaint);
  repaint();
  return () => listeners.delete(repaint);
}

/** Writes the texts of all elements below that have a key. */
export function translate(root) {
  document.documentElement.lang = current === 'zh' ? 'zh-Hans' : current;
  for (const element of root.querySelectorAll('[data-i18n]')) element.textContent = t(element.dataset.i18n);
  for (const element of root.querySelectorAll('[data-i18n-attr]')) {
    for (const pair of element.dataset.i18nAttr.split(' ')) {
      const [attribute, key] = pair.split(':');
      element.setAttribute(attribute, t(key));
    }
  }
}

/** A `<select>` of languages. */
export function languageChoice(select) {
  select.replaceChildren(...Object.entries(LANGUAGES).map(([code, name]) => {
    const option = new Option(name, code);
    option.lang = code;
    return option;
  }));
  select.onchange = () => setLanguage(select.value);
  onLanguage(() => (select.value = current));
}

/** The one chosen before, else the first of the browser's that we speak. */
function firstLanguage() {
  const wanted = [recall('language', ''), ...(navigator.languages ?? [navigator.language])];
  for (const tag of wanted) {
    const code = tag.split('-')[0].toLowerCase();
    if (code in DICTIONARIES) return code;
  }
  return 'en';
}
