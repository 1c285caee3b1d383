// The page: a form, then a call. It only draws; plenum-client.js speaks to the server.
//
// The address may say:
//   /r/<room> or ?room=<room>   the room
//   ?name=<name>                the name, instead of the remembered one
//   ?autojoin=1                 join without a click
//   ?video=320x180@10           the camera's size and frame rate (default 640x360@30)
//   #token=<token>              lets us in where the server asks for tokens; browsers keep it to themselves
//
// window.plenum is the room of the present call, for tests and the curious: try `await plenum.stats()`.

import { PlenumRoom } from './plenum-client.js';
import { Devices } from './ui/devices.js';
import { JoinForm } from './ui/join-form.js';
import { alertUser, banner, notice } from './ui/notices.js';
import { Sound } from './ui/sound.js';
import { Stage } from './ui/stage.js';
import { Toolbar } from './ui/toolbar.js';

const PROBLEMS = {
  unreachable: 'The server does not answer. Check the connection, then try again.',
  'room-full': 'The room is full.',
  'room-closed': 'The room was closed.',
  'room-locked': 'The room is locked.',
  unauthorized: 'This server lets in only those who were invited. Ask for a new link.',
  forbidden: 'Your invitation is not for this, or was taken back.',
  closed: 'The room was closed.',
  overloaded: 'The server is busy. Try again in a minute.',
  'unsupported-version': 'The server speaks another version of the protocol. Reload the page.',
  removed: 'You were removed from the room.',
  replaced: 'The call goes on in another tab or window.',
  'media-lost': 'The connection was lost for too long.',
  'media-failed': 'Sound and pictures find no way to the server. A firewall may be blocking them.',
};

const byId = (id) => document.getElementById(id);
const parameters = new URLSearchParams(location.search);
const devices = new Devices(parameters.get('video'));
const form = new JoinForm(devices, parameters, join);

/** @param {import('./ui/join-form.js').Wish} wish */
async function join({ room: roomName, name, tracks, problem }) {
  form.error = null;
  form.busy = true;
  const room = new PlenumRoom();
  window.plenum = room;
  const link = linkTo(roomName);
  const joined = room.join({ room: roomName, name, token: tokenOfAddress(), tracks, acquire: (source) => devices.acquire(source) });
  new Stage(room, { grid: byId('grid'), screens: byId('screens'), name });
  new Toolbar(room, devices, link);
  new Sound(room, byId('hear'));
  listen(room);
  try {
    await joined;
    byId('room-title').textContent = roomName;
    document.title = `${roomName} – Plenum`;
    history.replaceState(null, '', addressWith(roomName));
    form.hide();
    byId('call').hidden = false;
    if (problem) alertUser(problem);
  } catch {
    // `state` told it: see ended()
  }
  form.busy = false;
}

/** @param {PlenumRoom} room */
function listen(room) {
  const on = (type, handle) => room.addEventListener(type, ({ detail }) => handle(detail));
  const count = () => {
    byId('count').textContent = String(room.participants.size + 1);
    byId('alone').hidden = room.participants.size > 0;
  };
  on('joined', ({ participant, quiet }) => {
    count();
    if (!quiet) notice(`${participant.name} joined`);
  });
  on('left', ({ participant, quiet }) => {
    count();
    if (!quiet) notice(`${participant.name} left`);
  });
  on('silenced', ({ source, silenced }) =>
    alertUser(silenced ? `A moderator muted your ${source}.` : `A moderator let your ${source} be heard again.`));
  on('message', ({ from, text }) => from || notice(text));
  on('move', ({ room: roomName, token }) => {
    room.leave();
    const address = new URL(addressWith(roomName));
    address.searchParams.set('autojoin', '1');
    address.hash = token ? `token=${token}` : '';
    location.assign(address);
    if (address.pathname === location.pathname) location.reload();
  });
  const watching = ({ count: viewers }) => {
    byId('watching').textContent = `${viewers} watching`;
    byId('watching').hidden = viewers === 0;
  };
  on('hidden', watching);
  on('stopping', ({ seconds }) => notice(`The server restarts ${within(seconds)}. The call comes back by itself.`));
  on('error', ({ error }) => alertUser(`The server says: ${error.message}`));
  on('state', ({ state, error }) => {
    banner(state === 'reconnecting' ? 'Reconnecting…' : null);
    if (state === 'closed') ended(error);
  });
  count();
  watching({ count: room.hidden });
}

/** @param {number} seconds */
function within(seconds) {
  if (seconds < 60) return 'in a moment';
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? 'within a minute' : `within ${minutes} minutes`;
}

/** @param {import('./plenum-client.js').PlenumError | undefined} error */
function ended(error) {
  byId('call').hidden = true;
  document.title = 'Plenum';
  form.error = error ? (PROBLEMS[error.code] ?? error.message) : null;
  form.show();
}

function linkTo(roomName) {
  const link = new URL(location.href);
  link.search = link.hash = '';
  if (link.pathname.startsWith('/r/')) link.pathname = `/r/${roomName}`;
  else link.searchParams.set('room', roomName);
  return link.href;
}

/** @returns {string | undefined} */
function tokenOfAddress() {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined;
}

/** Says before anything is typed who can get in here. */
async function explainAccess() {
  try {
    const { tokens } = await (await fetch('/access.json')).json();
    byId('open').hidden = tokens;
    byId('lead').textContent = tokens
      ? 'Meet in a room. Whoever has an invitation can join.'
      : 'Meet in a room. Whoever has its name can join.';
  } catch {
    // the server is away: joining will say so
  }
}

/** The present address with the room in it, so that a reload finds it again. */
function addressWith(roomName) {
  const address = new URL(location.href);
  if (address.pathname.startsWith('/r/')) address.pathname = `/r/${roomName}`;
  else address.searchParams.set('room', roomName);
  return address.href;
}

// A page that comes back from the browser's cache has a dead connection: begin anew.
addEventListener('pageshow', (event) => event.persisted && location.reload());

explainAccess();
form.show();
if (parameters.has('autojoin')) form.submit();
