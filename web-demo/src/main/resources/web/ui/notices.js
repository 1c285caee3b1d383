// Short messages: who came and went, what went wrong, whether we are reconnecting.

const NOTICE_MILLIS = 5000;
const ALERT_MILLIS = 12_000;
const MOST_AT_ONCE = 3;

/** @param {string} text */
export function notice(text) {
  toast(document.getElementById('notices'), text, 'notice', NOTICE_MILLIS);
}

/** @param {string} text */
export function alertUser(text) {
  toast(document.getElementById('alerts'), text, 'error', ALERT_MILLIS);
}

/** The call is over: what happened in it is no news any more. */
export function clearNotices() {
  document.getElementById('notices').replaceChildren();
}

/** @param {string | null} text null: nothing is wrong */
export function banner(text) {
  const element = document.getElementById('banner');
  element.textContent = text ?? '';
  element.hidden = text === null;
}

function toast(list, text, testId, millis) {
  for (const shown of [...list.children]) if (shown.textContent === text) shown.remove();
  const element = document.createElement('p');
  element.textContent = text;
  element.dataset.testid = testId;
  list.append(element);
  while (list.children.length > MOST_AT_ONCE) list.firstElementChild.remove();
  setTimeout(() => element.remove(), millis);
}
