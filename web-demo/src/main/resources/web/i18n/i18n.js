// The page's languages. Texts have keys; an element says which it wears:
//   data-i18n="key"                       its text
//   data-i18n-attr="title:key aria-label:key"   its attributes
//
// A language is a file beside this one, loaded when it is spoken. `?lang=<code>` in the address chooses one;
// `?lang=mirror` is English written from right to left, to see whether the page stands for it.

import { recall, remember } from '../ui/settings.js';
import en from './en.js';

/** What each language calls itself. */
export const LANGUAGES = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
  fr: 'Français',
  pt: 'Português',
  ja: '日本語',
  zh: '中文',
};

const MIRROR = 'mirror';

/** Turns what stands between them round. */
const [RIGHT_TO_LEFT, END] = ['\u202e', '\u202c'];

/** @type {Map<string, Promise<Record<string, string>>>} those that were asked for, by code */
const dictionaries = new Map([['en', Promise.resolve(en)]]);
const listeners = new Set();
let current = firstLanguage();
let texts = await load(current).catch(() => en);
let numbers = new Intl.NumberFormat(localeOf(current));

/** @returns {string} the language's code, good for Intl too */
export function language() {
  return localeOf(current);
}

/**
 * The text of a key in the present language.
 * @param {string} key
 * @param {Record<string, string | number>} [values] for `{name}` in the text; numbers are written as the language does
 */
export function t(key, values = {}) {
  const text = texts[key] ?? en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name] ?? whole;
    return typeof value === 'number' ? numbers.format(value) : value;
  });
}

/** Whether there is a text for this key. */
export const hasText = (key) => key in en;

/**
 * Changes the language of the whole page, now and the next time.
 * @param {string} code
 * @returns {Promise<void>} settles when it is spoken; a language that cannot be loaded changes nothing
 */
export async function setLanguage(code) {
  if (!(code in LANGUAGES || code === MIRROR) || code === current) return;
  const before = current;
  current = code;
  try {
    texts = await load(code);
  } catch {
    dictionaries.delete(code);
    if (current === code) current = before;
  }
  numbers = new Intl.NumberFormat(localeOf(current));
  if (current === code && code !== MIRROR) remember('language', code);
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
  document.documentElement.lang = current === 'zh' ? 'zh-Hans' : localeOf(current);
  document.documentElement.dir = current === MIRROR ? 'rtl' : 'ltr';
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

/** @param {string} code @returns {Promise<Record<string, string>>} */
function load(code) {
  if (!dictionaries.has(code)) {
    dictionaries.set(code, code === MIRROR ? Promise.resolve(mirrored()) : import(`./${code}.js`).then((module) => module.default));
  }
  return dictionaries.get(code);
}

function mirrored() {
  return Object.fromEntries(Object.entries(en).map(([key, text]) =>
    [key, text.split('\n').map((line) => RIGHT_TO_LEFT + line + END).join('\n')]));
}

/** For Intl and the page's `lang`: the mirrored language is English. */
function localeOf(code) {
  return code === MIRROR ? 'en' : code;
}

/** The one that the address asks for, else the one chosen before, else the first of the browser's that we speak. */
function firstLanguage() {
  const asked = new URLSearchParams(location.search).get('lang');
  if (asked === MIRROR) return asked;
  const wanted = [asked ?? '', recall('language', ''), ...(navigator.languages ?? [navigator.language])];
  for (const tag of wanted) {
    const code = tag.split('-')[0].toLowerCase();
    if (code in LANGUAGES) return code;
  }
  return 'en';
}
