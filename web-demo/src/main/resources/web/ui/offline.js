// What makes the page an app: where the network is away, a page that says so (sw.js).

import { fileAt } from './addresses.js';

/** Nothing waits for it, and a browser that does without is as well served. */
export function keepOffline() {
  if (!navigator.serviceWorker) return;
  addEventListener('load', () => navigator.serviceWorker.register(fileAt('sw.js')).catch(() => {}), { once: true });
}
