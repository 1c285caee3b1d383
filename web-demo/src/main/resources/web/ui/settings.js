// What the page remembers for the next time. Storage may be forbidden; then it remembers until it is closed.

const PREFIX = 'plenum.';
const memory = new Map();

/**
 * @template T
 * @param {string} key
 * @param {T} otherwise of the type that is expected: what is stored as another type does not count
 * @returns {T}
 */
export function recall(key, otherwise) {
  if (memory.has(key)) return memory.get(key);
  try {
    const text = localStorage.getItem(PREFIX + key);
    if (text === null) return otherwise;
    if (typeof otherwise === 'string') return text;
    const value = JSON.parse(text);
    return typeof value === typeof otherwise ? value : otherwise;
  } catch {
    return otherwise;
  }
}

/** @param {string} key */
export function remember(key, value) {
  memory.set(key, value);
  try {
    localStorage.setItem(PREFIX + key, typeof value === 'string' ? value : JSON.stringify(value));
  } catch {
    // forbidden
  }
}
