// The service worker: keeps what says that the network is away, and nothing else. Everything goes to the server first.

const CACHE = 'plenum-offline-1';
const PAGE = 'offline.html';
const LANGUAGES = ['en', 'de', 'es', 'fr', 'pt', 'ja', 'zh'];
const FILES = [PAGE, 'offline.js', 'style.css', 'lobby.css', 'icon.svg', 'ui/settings.js', 'i18n/i18n.js',
  ...LANGUAGES.map((code) => `i18n/${code}.js`)];

const addressOf = (file) => new URL(file, registration.scope).href;
const KEPT = new Set(FILES.map(addressOf));

addEventListener('install', (event) => {
  skipWaiting();
  // A language that is missing keeps the others from nobody.
  event.waitUntil(caches.open(CACHE).then((cache) => Promise.allSettled(FILES.map((file) => cache.add(addressOf(file))))));
});

addEventListener('activate', (event) => {
  const isOld = (name) => name.startsWith('plenum-') && name !== CACHE;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name)))));
});

addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.mode === 'navigate') event.respondWith(fetch(request).catch(offlinePage));
  else if (request.method === 'GET' && KEPT.has(request.url)) event.respondWith(fetchAndKeep(request));
});

/** So that what is kept is of the version that was last seen. */
async function fetchAndKeep(request) {
  try {
    const response = await fetch(request);
    if (response.ok) await (await caches.open(CACHE)).put(request.url, response.clone()).catch(() => {});
    return response;
  } catch {
    return kept(request.url);
  }
}

/** It stands at any address: what it names beside itself, by `./`, is to be sought where it lies. */
async function offlinePage() {
  const page = await kept(addressOf(PAGE));
  if (page.type === 'error') return page;
  return new Response((await page.text()).replaceAll('="./', `="${registration.scope}`), { headers: page.headers });
}

async function kept(address) {
  return (await (await caches.open(CACHE)).match(address)) ?? Response.error();
}
