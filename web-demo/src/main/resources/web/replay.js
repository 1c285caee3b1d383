// A recording of a whole room: /replay.html?room=<room>&recording=<id>#token=<token>. All tracks in step, in a grid.

import { languageChoice, onLanguage, t, translate } from './i18n/i18n.js';
import { detailOf } from './client/errors.js';
import { tokenOfAddress } from './ui/access.js';
import { fileAt } from './ui/addresses.js';
import { clock } from './ui/figures.js';
import { Cell } from './ui/replay-cell.js';

/** How often what plays is brought into step. */
const STEP_MILLIS = 100;

/** A ticket is good for an hour, and so is an address with it. */
const TICKET_MILLIS = 50 * 60_000;

/** Another ticket is not asked for sooner because of one and the same. */
const RETRY_MILLIS = 5000;

const HUES = [210, 30, 130, 280, 0, 170, 50, 320];

const byId = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const room = query.get('room') ?? '';
const id = query.get('recording') ?? '';
const token = tokenOfAddress();
const base = fileAt(`recordings/${encodeURIComponent(room)}`);
const headers = token ? { Authorization: `Bearer ${token}` } : {};

let manifest = { tracks: [], seconds: 0 };
let cells = [];
let speakers = [];
let ticket = '';
/** When it was renewed. */
let renewedAt = -Infinity;
let renewal = 0;
/** What waits for another ticket. @type {Set<Cell>} */
const refused = new Set();
let playing = false;
let time = 0;
let last = performance.now();

translate(document);
languageChoice(byId('language'));
onLanguage(paint);
byId('play').onclick = () => {
  if (time >= manifest.seconds) seek(0);
  playing = !playing;
  paint();
};
byId('place').oninput = () => seek(Number(byId('place').value));
byId('speed').onchange = step;
addEventListener('resize', paintSpeakers);
// What tests look at.
window.replay = { get time() { return time; }, get cells() { return cells; }, seek };
load();

async function load() {
  try {
    ticket = await newTicket();
    manifest = await get(`/${id}`);
    const lines = await fetch(`${base}/${id}/${manifest.speakers}`, { headers });
    speakers = lines.ok ? read(await lines.text()) : [];
  } catch (error) {
    byId('problem').textContent = error.message;
    byId('problem').hidden = false;
    return;
  }
  const addressOf = (file) => `${base}/${id}/${file}?${new URLSearchParams({ ticket })}`;
  cells = manifest.tracks.map((track) => {
    const cell = new Cell(track, addressOf, () => renew([cell]));
    return cell;
  });
  byId('grid').replaceChildren(...cells.map(({ element }) => element));
  byId('place').max = String(manifest.seconds);
  paint();
  byId('play').disabled = false;
  setInterval(step, STEP_MILLIS);
  setInterval(() => renew(cells), TICKET_MILLIS);
}

async function newTicket() {
  const list = await get('');
  return list.recordings.find(({ recording }) => recording === id)?.ticket ?? '';
}

/** Goes on with another ticket, where it was: recordings may be longer than one is good. @param {Cell[]} which */
function renew(which) {
  for (const cell of which) refused.add(cell);
  renewal ||= setTimeout(async () => {
    ticket = await newTicket().catch(() => ticket);
    renewedAt = performance.now();
    renewal = 0;
    const waiting = [...refused];
    refused.clear();
    for (const cell of waiting) cell.renew();
    paint();
  }, Math.max(0, renewedAt + RETRY_MILLIS - performance.now()));
}

async function get(path) {
  const response = await fetch(base + path, { headers });
  if (!response.ok) throw new Error(await detailOf(response));
  return response.json();
}

/** @returns {{from: number, participant: string}[]} */
function read(text) {
  return text.split('\n').filter(Boolean).map((line) => {
    const [from, participant] = line.split(' ');
    return { from: Number(from), participant };
  });
}

function seek(to) {
  time = Math.min(Math.max(0, to), manifest.seconds);
  step();
}

/** Time goes on as long as everything that should play can. */
function step() {
  const now = performance.now();
  const speed = Number(byId('speed').value);
  const waits = cells.some((cell) => cell.isWaiting);
  if (playing && !waits) time += speed * (now - last) / 1000;
  last = now;
  if (time >= manifest.seconds) {
    time = manifest.seconds;
    playing = false;
  }
  const speaker = speakers.findLast(({ from }) => from <= time)?.participant;
  for (const cell of cells) cell.follow(time, { playing: playing && !waits, speed, speaker });
  paintPlace();
}

function paintPlace() {
  byId('place').value = String(time);
  byId('place').setAttribute('aria-valuetext', clock(time));
  byId('time').textContent = `${clock(time)} / ${clock(manifest.seconds)}`;
  byId('play').textContent = t(playing ? 'replay.pause' : 'replay.play');
}

function paint() {
  byId('title').textContent = t('recordings.of', { room });
  document.title = `${byId('title').textContent} – Plenum`;
  byId('tracks').replaceChildren(...manifest.tracks.flatMap(links));
  for (const cell of cells) cell.paint();
  paintPlace();
  paintSpeakers();
}

/** A link to each file of a track. */
function links({ name, source, parts }) {
  return parts.map((part) => {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = `${base}/${id}/${part.file}?${new URLSearchParams({ ticket })}`;
    link.download = part.file;
    link.textContent = `${name || t('replay.somebody')}, ${t(`device.${source}`)} · ${clock(part.start)} · ${clock(part.seconds)}`;
    item.append(link);
    return item;
  });
}

/** One colour for each who speaks. */
function paintSpeakers() {
  const canvas = byId('speakers');
  canvas.width = canvas.clientWidth;
  const context = canvas.getContext('2d');
  const order = [...new Set(speakers.map(({ participant }) => participant))].filter((who) => who !== '-');
  speakers.forEach(({ from, participant }, i) => {
    if (participant === '-') return;
    const to = speakers[i + 1]?.from ?? manifest.seconds;
    const x = (seconds) => canvas.width * seconds / (manifest.seconds || 1);
    context.fillStyle = `hsl(${HUES[order.indexOf(participant) % HUES.length]} 60% 50%)`;
    context.fillRect(x(from), 0, Math.max(1, x(to) - x(from)), canvas.height);
  });
}

