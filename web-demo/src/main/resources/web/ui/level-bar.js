// A bar that shows how loud it is.

/** For who cannot see the bar, its value changes in steps of so many percent. */
const STEP = 10;

/**
 * @param {HTMLElement} bar with role meter
 * @param {number} level 0 … 1
 */
export function paintLevel(bar, level) {
  bar.style.setProperty('--level', level.toFixed(3));
  const value = String(Math.round((level * 100) / STEP) * STEP);
  if (bar.getAttribute('aria-valuenow') !== value) bar.setAttribute('aria-valuenow', value);
}
