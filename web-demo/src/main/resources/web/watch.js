// The page of a room's broadcast: /watch/<room>. Plays live HLS, by hls.js where the browser does not by itself.

import Hls from './vendor/hls/hls.min.mjs';
import { languageChoice, onLanguage, t, translate } from './i18n/i18n.js';
import { fileAt } from './ui/addresses.js';
import { clock } from './ui/figures.js';
import { hueOf } from './ui/tile.js';

/** How often it is asked whether the broadcast has begun. */
const LOOK_MILLIS = 2_000;

/** How often is shown how far behind the picture is. */
const BEHIND_MILLIS = 1_000;

/** Where the picture stops so often within so long, the short delay is too short for this network. */
const MOST_STOPS = 3;
const STOPS_MILLIS = 60_000;

/** From so far behind on, minutes are shown: somebody has gone back on purpose. */
const FAR_SECONDS = 60;

/** Of what ended, so much may not be played. */
const LAST_SECONDS = 1;

/** By how much faster it is played where it has fallen behind. */
const CATCH_UP_RATE = 1.1;

/** How often it is looked at whether there is something to say where viewers are counted, and when it is tried again. */
const COUNT_SECONDS = 1;
const RETRY_SECONDS = 30;

/** In these we are one of those who watch. */
const WATCHING = ['live', 'buffering'];

/** In these there is no picture. */
const WITHOUT_PICTURE = ['waiting', 'unreachable', 'refused', 'ended'];

const byId = (id) => document.getElementById(id);
const room = decodeURIComponent(location.pathname.slice(new URL(fileAt('watch/')).pathname.length));
/** Of a signed link: in the fragment, so that it gets into no server's log. */
const signature = location.hash.length > 1 ? `${location.hash.slice(1)}/` : '';
const folder = `live/${encodeURIComponent(room)}/${signature}`;
const playlist = fileAt(`${folder}index.m3u8`);
const player = byId('player');
let hls = null;
let state = 'waiting';
let stops = [];
/** Which broadcast is played. @type {Promise<string>} */
let watched = Promise.resolve('');
/** Which one has been played to its end: it stays for a minute, and is not played again. */
let former = '';
/** How many watch, as far as is known. */
let viewers = 0;
/** What this page is called where they are counted. */
const viewer = crypto.randomUUID?.() ?? String(Math.random()).slice(2).padEnd(8, '0');

byId('poster').textContent = room;
byId('poster').style.setProperty('--hue', String(hueOf(room)));
translate(document);
languageChoice(byId('language'));
onLanguage(paint);
byId('quality').onchange = () => { if (hls) hls.nextLevel = Number(byId('quality').value); };
byId('live').onclick = toLive;
byId('short-delay').onchange = restart;
player.onended = over;
player.onplaying = () => show('live');
player.onwaiting = stopped;
paint();
look();
setInterval(showBehind, BEHIND_MILLIS);
count();

/** Waits until there is something to be watched. */
async function look() {
  try {
    const response = await fetch(fileAt(`${folder}live.json`), { cache: 'no-cache' });
    if (response.status === 403) return show('refused'); // for good: links of others are not given to us
    if (response.ok && (await response.json()).live && (!former || former !== await broadcast())) return play();
    show(former ? 'ended' : 'waiting');
  } catch {
    show('unreachable');
  }
  setTimeout(look, LOOK_MILLIS);
}

/** Says that we watch, and shows how many do. */
async function count() {
  let seconds = COUNT_SECONDS;
  if (WATCHING.includes(state)) {
    const answer = await fetch(fileAt(`${folder}viewers.json?${new URLSearchParams({ viewer })}`)).catch(() => null);
    const counted = answer?.ok ? await answer.json() : null;
    viewers = counted?.viewers ?? 0;
    seconds = counted?.seconds ?? RETRY_SECONDS;
    showBehind();
  }
  setTimeout(count, 1000 * seconds);
}

/** @returns {Promise<string>} another one for each broadcast: the folder in which its files are */
async function broadcast() {
  const response = await fetch(playlist, { cache: 'no-cache' });
  if (!response.ok) throw new Error(`the playlist was answered with ${response.status}`);
  const first = (await response.text()).split('\n').find((line) => line && !line.startsWith('#'));
  return first?.split('/')[0] ?? '';
}

function play() {
  state = 'buffering';
  paint();
  watched = broadcast().catch(() => '');
  if (!Hls.isSupported()) {
    player.src = playlist;
    return;
  }
  // The page's content policy has no workers.
  hls = new Hls({
    enableWorker: false,
    backBufferLength: 60,
    lowLatencyMode: byId('short-delay').checked,
    maxLiveSyncPlaybackRate: CATCH_UP_RATE,
  });
  hls.on(Hls.Events.MANIFEST_PARSED, paintQualities);
  hls.on(Hls.Events.LEVEL_UPDATED, (_, { details }) => { if (!details.live) show('ending'); });
  hls.on(Hls.Events.ERROR, (_, { fatal, type }) => { if (fatal) recover(type); });
  hls.loadSource(playlist);
  hls.attachMedia(player);
}

/** With another delay. */
function restart() {
  if (!hls) return;
  hls.destroy();
  stops = [];
  play();
}

function stopped() {
  // hls.js leaves out a last part that is shorter than what it looks ahead.
  if (state === 'ending' && hls && hls.latestLevelDetails.edge - player.currentTime < LAST_SECONDS) return over();
  if (state !== 'live') return;
  show('buffering');
  if (player.seeking) return; // that is no fault of the network's
  const now = performance.now();
  stops = [...stops.filter((then) => now - then < STOPS_MILLIS), now];
  if (stops.length < MOST_STOPS || !byId('short-delay').checked) return;
  byId('short-delay').checked = false;
  restart();
}

function recover(type) {
  if (state === 'ended') return;
  if (type === Hls.ErrorTypes.MEDIA_ERROR) return hls.recoverMediaError();
  if (state === 'ending') return over(); // what was left of it is gone
  hls.destroy();
  hls = null;
  show('waiting');
  setTimeout(look, LOOK_MILLIS);
}

/** What there was has been played. Another broadcast of the room may follow. */
async function over() {
  if (state === 'ended') return;
  hls?.destroy();
  hls = null;
  show('ended');
  former = (await watched) || 'unknown';
  setTimeout(look, LOOK_MILLIS);
}

function toLive() {
  if (hls?.liveSyncPosition) player.currentTime = hls.liveSyncPosition;
  player.play();
}

function show(next) {
  if (state === 'ending' && next !== 'ended') return;
  state = next;
  paint();
}

function paint() {
  byId('title').textContent = t('watch.of', { room });
  document.title = `${byId('title').textContent} – Plenum`;
  const text = {
    waiting: 'watch.waiting', unreachable: 'ended.unreachable', buffering: 'watch.buffering', ended: 'watch.ended',
    refused: 'watch.refused',
  }[state];
  byId('state').textContent = text ? t(text) : '';
  player.hidden = WITHOUT_PICTURE.includes(state);
  byId('poster').hidden = !player.hidden;
  byId('choices').hidden = !hls;
  paintQualities();
  showBehind();
}

function paintQualities() {
  const levels = hls?.levels ?? [];
  const chosen = byId('quality').value || '-1';
  const choice = (value, text) => Object.assign(document.createElement('option'), { value, textContent: text });
  byId('quality').replaceChildren(
    choice('-1', t('watch.auto')),
    ...levels.map(({ height }, level) => choice(String(level), `${height}p`)).reverse(),
  );
  byId('quality').value = chosen;
}

function showBehind() {
  const seconds = Math.round(hls?.latency ?? 0);
  const far = seconds >= FAR_SECONDS;
  byId('viewers').textContent = viewers > 0 && WATCHING.includes(state) ? t('watch.viewers', { count: viewers }) : '';
  byId('behind').textContent = far ? t('watch.farBehind', { time: clock(seconds) }) : seconds > 0 ? t('watch.behind', { seconds }) : '';
}
