// The page of a room's recordings: /recordings/<room>#token=<token>, or /recordings.html?room=<room>#token=<token>

import { language, languageChoice, onLanguage, t, translate } from './i18n/i18n.js';
import { detailOf } from './client/errors.js';
import { Moderation } from './client/moderation.js';
import { tokenOfAddress } from './ui/access.js';
import { fileAt, roomBelow } from './ui/addresses.js';
import { clock, sizeText } from './ui/figures.js';
import { keyOf } from './ui/recording-keys.js';

const byId = (id) => document.getElementById(id);
const room = roomBelow('recordings/') ?? new URLSearchParams(location.search).get('room') ?? '';
const token = tokenOfAddress();
const authorization = token ? { Authorization: `Bearer ${token}` } : {};
const base = fileAt(`recordings/${encodeURIComponent(room)}`);

/** Tickets are good for an hour; one that was refused is not asked for anew sooner. */
const RETRY_MILLIS = 5000;

let recordings = [];
let loadedAt = 0;
let playing = '';

translate(document);
languageChoice(byId('language'));
onLanguage(paint);
byId('player').onerror = renew;
if (room) load();
else complain(t('recordings.noRoom'));

async function load() {
  try {
    const response = await fetch(base, { headers: authorization });
    if (!response.ok) return complain(await detailOf(response));
    const listed = await response.json();
    recordings = listed.recordings;
    loadedAt = performance.now();
    byId('none').hidden = recordings.length > 0;
    byId('away').hidden = !listed.away;
    paint();
  } catch {
    complain(t('ended.unreachable'));
  }
}

function paint() {
  byId('title').textContent = room ? t('recordings.of', { room }) : t('recordings.title');
  document.title = `${byId('title').textContent} – Plenum`;
  byId('list').replaceChildren(...recordings.map(entry));
}

function entry(recording) {
  if (recording.by === 'server') return serverEntry(recording);
  const { recording: id, title, created, bytes, complete } = recording;
  const item = document.createElement('li');
  item.dataset.testid = 'recording';
  if (id === playing) item.setAttribute('aria-current', 'true');
  const open = document.createElement('button');
  open.className = 'open';
  open.title = t('recordings.play', { title });
  const when = new Date(created).toLocaleString(language(), { dateStyle: 'medium', timeStyle: 'short' });
  const about = [when, sizeText(bytes), complete ? '' : t('recordings.running')].filter(Boolean).join(' · ');
  open.append(
    Object.assign(document.createElement('strong'), { textContent: title }),
    Object.assign(document.createElement('span'), { textContent: about }),
  );
  open.onclick = () => play(recording);
  const save = document.createElement('a');
  save.className = 'plain';
  save.textContent = t('recordings.save');
  save.setAttribute('aria-label', t('recordings.saveOf', { title }));
  save.href = addressOf(recording);
  save.download = `${title}.${recording.contentType.split('/')[1]}`;
  item.append(open, save);
  if (keyOf(id) || Moderation.isGranted(token)) item.append(deleteButton(recording));
  return item;
}

/** One of the server's: all tracks together, on a page of their own. */
function serverEntry(recording) {
  const { recording: id, created, bytes, complete, seconds, tracks } = recording;
  const title = t('recordings.whole');
  const item = document.createElement('li');
  item.dataset.testid = 'server-recording';
  const open = document.createElement('a');
  open.className = 'open';
  open.href = `${fileAt('replay.html')}?${new URLSearchParams({ room, recording: id })}${location.hash}`;
  open.title = t('recordings.play', { title });
  const when = new Date(created).toLocaleString(language(), { dateStyle: 'medium', timeStyle: 'short' });
  const about = [when, t('recordings.tracks', { count: tracks }), clock(seconds), sizeText(bytes),
    complete ? '' : t('recordings.running')].filter(Boolean).join(' · ');
  open.append(
    Object.assign(document.createElement('strong'), { textContent: title }),
    Object.assign(document.createElement('span'), { textContent: about }),
  );
  item.append(open);
  if (complete && Moderation.isGranted(token)) item.append(deleteButton({ recording: id, title }));
  return item;
}

function deleteButton({ recording: id, title }) {
  const button = document.createElement('button');
  button.className = 'plain danger';
  button.dataset.testid = 'delete';
  button.textContent = t('recordings.delete');
  button.setAttribute('aria-label', t('recordings.deleteOf', { title }));
  button.onclick = async () => {
    if (!confirm(t('recordings.sure', { title }))) return;
    const key = keyOf(id);
    const response = await fetch(`${base}/${id}`, { method: 'DELETE', headers: key ? { 'Recording-Key': key } : authorization });
    if (!response.ok) return complain(await detailOf(response));
    if (id === playing) {
      byId('player').removeAttribute('src');
      byId('player').hidden = true;
    }
    await load();
  };
  return button;
}

/** What plays cannot be read any more: it goes on where it was, with another ticket. */
async function renew() {
  if (performance.now() - loadedAt < RETRY_MILLIS) return;
  const player = byId('player');
  const { currentTime } = player;
  await load();
  const recording = recordings.find((one) => one.recording === playing);
  if (!recording) return;
  play(recording);
  player.currentTime = currentTime;
}

const addressOf = ({ recording, ticket }) => `${base}/${recording}?${new URLSearchParams({ ticket })}`;

function play(recording) {
  playing = recording.recording;
  const player = byId('player');
  player.hidden = false;
  player.src = addressOf(recording);
  player.play().catch(() => {}); // the controls are there
  paint();
}

function complain(text) {
  byId('problem').textContent = text;
  byId('problem').hidden = false;
}
