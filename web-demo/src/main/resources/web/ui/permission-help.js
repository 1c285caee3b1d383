// How to give this page the camera and microphone, for the browser at hand.

import { onLanguage, t } from '../i18n/i18n.js';

/**
 * @param {{userAgent: string, maxTouchPoints: number}} navigator
 * @returns {'ios' | 'android' | 'firefox' | 'safari' | 'chromium'}
 */
export function browserKind({ userAgent, maxTouchPoints }) {
  const isMac = /Macintosh/.test(userAgent);
  if (/iPhone|iPad|iPod/.test(userAgent) || (isMac && maxTouchPoints > 1)) return 'ios';
  if (/Android/.test(userAgent)) return 'android';
  if (/Firefox\//.test(userAgent)) return 'firefox';
  if (/Safari\//.test(userAgent) && !/Chrom(e|ium)\//.test(userAgent)) return 'safari';
  return 'chromium';
}

/** Fills a list with the steps for this browser. */
export function fillPermissionHelp(list) {
  const key = `help.${browserKind(navigator)}`;
  onLanguage(() => {
    const steps = t(key).split('\n');
    list.replaceChildren(...steps.map((step) => Object.assign(document.createElement('li'), { textContent: step })));
  });
}
