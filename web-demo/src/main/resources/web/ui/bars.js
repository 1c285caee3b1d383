// Bars that say how good something comes through, with the word of whose fault it is if it does not.

import { t } from '../i18n/i18n.js';

const GRADES = ['bad', 'poor', 'fair', 'good'];

/** To whom we are the publisher: ourselves. */
const OWN = { 'publisher-device': 'viewer-device', 'publisher-uplink': 'viewer-downlink' };

export class Bars {
  element = document.createElement('div');
  #words = document.createElement('b');
  #isOwn;
  /** @type {Map<string, import('../client/quality.js').Quality>} by source */
  #bySource = new Map();

  /** @param {boolean} isOwn whether it is about what we publish ourselves */
  constructor(isOwn) {
    this.#isOwn = isOwn;
    this.element.className = 'quality';
    this.element.hidden = true;
    this.element.setAttribute('role', 'img'); // its children are part of the picture, not read
    const bars = document.createElement('span');
    bars.className = 'bars';
    bars.append(...GRADES.map(() => document.createElement('i')));
    this.element.append(bars, this.#words);
  }

  /** @param {import('../client/quality.js').Quality} quality of one of the tracks; the worst is shown */
  rate(quality) {
    if (quality.grade === null) this.#bySource.delete(quality.source);
    else this.#bySource.set(quality.source, quality);
  }

  /** @param {string} name whose tracks they are */
  paint(name) {
    const [worst] = [...this.#bySource.values()].sort((a, b) => a.score - b.score);
    this.element.hidden = !worst;
    if (!worst) return;
    const cause = (this.#isOwn && OWN[worst.cause]) || worst.cause;
    const isGood = cause === 'none';
    const grade = t(`quality.${worst.grade}`);
    const is = worst.path === 'direct' ? 'quality.isDirect' : 'quality.is';
    const label = isGood ? t(is, { grade }) : t(`${is}By`, { grade, reason: t(`quality.reason.${cause}`, { name }) });
    this.element.dataset.grade = worst.grade;
    this.element.dataset.cause = worst.cause;
    this.element.dataset.path = worst.path ?? 'server';
    this.element.title = label;
    this.element.setAttribute('aria-label', label);
    this.#words.textContent = isGood ? '' : t(`quality.words.${cause}`);
    const filled = GRADES.indexOf(worst.grade);
    [...this.element.firstElementChild.children].forEach((bar, i) => bar.classList.toggle('on', i <= filled));
  }
}
