// Times, sizes and numbers as people read them, written as the present language does.

import { language } from '../i18n/i18n.js';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];

/** @type {Map<string, Intl.NumberFormat>} to make one costs more than to use it */
const formats = new Map();
/** @type {Map<string, Intl.DateTimeFormat>} */
const times = new Map();

/** @param {Intl.NumberFormatOptions} options @returns {Intl.NumberFormat} */
function format(options) {
  const key = JSON.stringify([language(), options]);
  const known = formats.get(key) ?? new Intl.NumberFormat(language(), options);
  formats.set(key, known);
  return known;
}

/** @param {number} seconds @returns {string} `4:05`, `1:04:05` */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [one, two] = [format({ useGrouping: false }), format({ minimumIntegerDigits: 2 })];
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, two.format(whole % 60)];
  return hours ? `${one.format(hours)}:${two.format(minutes)}:${rest}` : `${one.format(minutes)}:${rest}`;
}

/** @param {number} seconds since 1970 @param {boolean} precise to the second @returns {string} `16:05`, `04:05:09 PM` */
export function timeOfDay(seconds, precise) {
  const options = { hour: '2-digit', minute: '2-digit', second: precise ? '2-digit' : undefined };
  const key = JSON.stringify([language(), options]);
  const known = times.get(key) ?? new Intl.DateTimeFormat(language(), /** @type {Intl.DateTimeFormatOptions} */ (options));
  times.set(key, known);
  return known.format(seconds * 1000);
}

/** @param {number} value @param {number} digits after the point, which may be a comma @returns {string} `1234.5` */
export function decimal(value, digits) {
  return format({ minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false }).format(value);
}

/** @param {number} bytes @returns {string} `1.4 MB` */
export function sizeText(bytes) {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1000)));
  const value = bytes / 1000 ** step;
  const digits = step > 0 && value < 10 ? 1 : 0;
  return format({ style: 'unit', unit: UNITS[step], unitDisplay: 'short', maximumFractionDigits: digits }).format(value);
}
