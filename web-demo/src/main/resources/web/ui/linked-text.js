// A text that people wrote, as nodes: addresses of the web in it become links, all else stays text. Nothing is HTML.

const ADDRESS = /\bhttps?:\/\/[^\s<>"]+/giu;

/** What follows an address in a sentence, and is seldom part of it. */
const AFTER = /[.,;:!?'…。，；：！？、]+$/u;

const PAIRS = { ')': '(', ']': '[', '}': '{', '）': '（', '」': '「', '》': '《', '”': '“' };

/** @param {string} text @returns {(string | HTMLAnchorElement)[]} */
export function linkedText(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    const target = URL.canParse(address) ? new URL(address) : null;
    if (!target || !['http:', 'https:'].includes(target.protocol) || !target.hostname) continue;
    parts.push(text.slice(end, match.index), link(address, target.href));
    end = match.index + address.length;
  }
  parts.push(text.slice(end));
  return parts.filter((part) => part !== '');
}

/** Without what closes the sentence, or a bracket that was opened before the address. */
function trimmed(address) {
  for (;;) {
    const shorter = address.replace(AFTER, '');
    const last = [...shorter].at(-1);
    const opens = PAIRS[last];
    const isOpen = opens && count(shorter, opens) < count(shorter, last);
    const next = isOpen ? shorter.slice(0, -last.length) : shorter;
    if (next === address) return address;
    address = next;
  }
}

const count = (text, sign) => text.split(sign).length - 1;

/** What is shown is what was written, so that no link says another address than it leads to. */
function link(shown, href) {
  const element = document.createElement('a');
  element.href = href;
  element.textContent = shown;
  element.target = '_blank';
  element.rel = 'noopener noreferrer';
  element.referrerPolicy = 'no-referrer';
  return element;
}
