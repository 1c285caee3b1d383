// The page that stands where the network is away. It comes by the service worker, at whatever address was asked for.

import { translate } from './i18n/i18n.js';

const AGAIN_MILLIS = 5000;

translate(document);
document.getElementById('again').onclick = () => location.reload();
addEventListener('online', () => location.reload());

// Being online says nothing of the server: it is asked.
setInterval(async () => {
  try {
    await fetch(location.href, { method: 'HEAD', cache: 'no-store' });
    location.reload();
  } catch {
    // not yet
  }
}, AGAIN_MILLIS);
