// The page: a form, then a call. It only draws; plenum-client.js speaks to the server.
//
// The address may say:
//   /r/<room> or ?room=<room>   the room
//   ?name=<name>                the name, instead of the remembered one
//   ?autojoin=1                 join without a click; it does not stay in the address. Where another page brought us here
//                               microphone and camera are off then, unless they were on in this tab before
//   ?video=320x180@10           the camera's size and frame rate (default 1280x720@30)
//   ?lang=de                    the language, instead of the remembered one or the browser's
//   ?embed                      part of another page, which says what to do: docs/embedding.md
//   #token=<token>              lets us in where the server asks for tokens; browsers keep it to themselves
//
// window.plenum is the room of the present call, for tests and the curious: try `await plenum.stats()`.

import { hasText, t, translate } from './i18n/i18n.js';
import { PlenumRoom } from './plenum-client.js';
import { explainAccess, tokenOfAddress } from './ui/access.js';
import { CallPage } from './ui/call-page.js';
import { ConnectionCheck } from './ui/connection-check.js';
import { Devices } from './ui/devices.js';
import { EmbedCall } from './ui/embed-call.js';
import { isEmbedded, tellOpened } from './ui/embed.js';
import { Farewell } from './ui/farewell.js';
import { dropAutojoin, exchangeAddress, isFromElsewhere, keepInAddress, keepNameInAddress, linkTo } from './ui/invitation.js';
import { JoinForm } from './ui/join-form.js';
import { alertUser } from './ui/notices.js';
import { keepOffline } from './ui/offline.js';
import { wirePreferences } from './ui/preferences.js';
import { SettingsDialog } from './ui/settings-dialog.js';
import { Shortcuts } from './ui/shortcuts.js';
import { markCall, wasReloadedIn } from './ui/tab.js';
import { WaitingPage } from './ui/waiting-page.js';

const byId = (id) => document.getElementById(id);
const parameters = new URLSearchParams(location.search);
dropAutojoin();
translate(document);
const devices = new Devices(parameters.get('video'));
/** Whether the person is still to be told that nothing was opened for who sent them here. */
let isSent = parameters.has('autojoin') && isFromElsewhere() && devices.beginOff();
const form = new JoinForm(devices, parameters, { onJoin: joinFromForm, linkTo });
const farewell = new Farewell({ onRejoin: () => joinAgain('left.joining'), onLobby: showLobby });
const waiting = new WaitingPage(devices);
/** @type {CallPage | null} */
let call = null;
/** The joining that is under way, from its first moment on. @type {AbortController | null} */
let attempt = null;
/** Where we are, or were last. */
let last = { room: '', name: '' };
const explained = explainAccess();
new ConnectionCheck(explained);
explained.then(({ tokens }) => (form.offersLink = !tokens));
const settings = new SettingsDialog(devices, (kind) => call?.exchangeDevice(kind));
wirePreferences(devices, {
  onDevice: (kind) => call?.exchangeDevice(kind),
  onView: () => call?.arrange(),
  openSettings: () => settings.open(),
});
const embed = new EmbedCall(joinEmbedded, leaveAttempt);
new Shortcuts(() => !byId('call').hidden, act);
byId('menu').onclick = ({ target }) => {
  const action = target.closest('[data-action]')?.dataset.action;
  if (!action) return;
  byId('menu').hidePopover();
  act(action);
};

/** The page around us joins. @param {{room: string, name: string, token?: string}} wish */
async function joinEmbedded({ room, name, token }) {
  if (isTaken()) throw new Error('there is a call already');
  if (token) exchangeAddress(room, token);
  const failure = await begin({ room, name, embedded: true });
  if (failure) throw failure;
}

/** Whether there is a call, or will be. */
const isTaken = () => call !== null || attempt?.signal.aborted === false;

/** The page around us wants it no more. @throws {Error} if nothing is under way */
function leaveAttempt() {
  if (!isTaken()) throw new Error('there is no call');
  attempt?.abort();
}

/** @param {import('./ui/join-form.js').Wish} wish */
function joinFromForm({ room, name, tracks, problem }) {
  if (!isTaken()) return void begin({ room, name }, { tracks, problem });
  for (const { track } of tracks) track.stop();
}

/**
 * Joins unless that is given up meanwhile.
 * @param {{room: string, name: string, embedded?: boolean}} wish embedded: it is the page's around us
 * @param {Awaited<ReturnType<Devices['openWanted']>>} [opened] default: the devices that are on
 * @returns {Promise<Error | null>} why it did not come to a call
 */
async function begin(wish, opened) {
  const mine = (attempt = new AbortController());
  form.error = null;
  form.busy = true;
  try {
    opened ??= await devices.openWanted();
    await explained;
    if (!mine.signal.aborted) return await join({ ...wish, ...opened });
    for (const { track } of opened.tracks) track.stop();
    if (attempt === mine && farewell.isShown) ended(undefined, { entered: true, embedded: false });
    return new Error('it was left before it began');
  } finally {
    if (attempt === mine) {
      attempt = null;
      form.busy = false;
    }
  }
}

/** @param {import('./ui/join-form.js').Wish & {embedded?: boolean}} wish @returns {Promise<Error | null>} why it did not come to a call */
async function join({ room: roomName, name, tracks, problem, embedded = false }) {
  last = { room: roomName, name };
  const { tokens, recordings, fileBytes } = await explained;
  const room = new PlenumRoom();
  window.plenum = room;
  const token = tokenOfAddress();
  const joined = room.join({ room: roomName, name, token, tracks, acquire: (source) => devices.acquire(source) });
  call = new CallPage(room, { name, roomName, tokens, recordings, fileBytes, link: linkTo(roomName), devices });
  embed.begin(call.features, room);
  room.addEventListener('token', ({ detail }) => exchangeAddress(roomName, detail.token));
  let entered = false;
  let waited = false;
  let moving = false;
  room.addEventListener('state', ({ detail: { state, error } }) => {
    if (state === 'waiting') {
      waited = true;
      return atDoor(room, roomName);
    }
    waiting.hide();
    if (state !== 'closed') return;
    call = null;
    markCall(null);
    if (!moving) ended(error, { entered: entered || waited, embedded });
  });
  room.addEventListener('name', ({ detail }) => {
    if (!entered) return; // the server's first word is what it makes of the name that we asked for
    last.name = form.name = detail.name;
    keepNameInAddress(detail.name);
  });
  room.addEventListener('move', ({ detail }) => {
    moving = true;
    room.leave();
    exchangeAddress(detail.room, detail.token);
    last = { ...last, room: detail.room };
    joinAgain('left.moving');
  });
  try {
    await joined;
    entered = true;
    byId('room-title').textContent = roomName;
    document.title = `${roomName} – Plenum`;
    keepInAddress(roomName);
    markCall(roomName);
    form.hide();
    farewell.hide();
    byId('call').hidden = false;
    byId('room-title').focus();
    if (problem) alertUser(problem.text);
    if (isSent) alertUser(t('autojoin.off'));
    isSent = false;
    if (embedded) for (const { source } of tracks) tellOpened(source);
    return null;
  } catch (error) {
    return error; // `state` told it: see ended()
  }
}

/** A host must let us in. */
function atDoor(room, roomName) {
  form.hide();
  farewell.hide();
  document.title = `${roomName} – Plenum`;
  waiting.show(room, roomName);
}

/** Joins without the form, with the devices that are on. @param {'left.joining' | 'left.moving'} title */
function joinAgain(title) {
  const { room, name } = last;
  if (call) return;
  attempt?.abort();
  byId('call').hidden = true;
  farewell.show({ title: () => t(title, { room }), busy: true });
  begin({ room, name });
}

/** @param {string} action of the menu or a shortcut */
function act(action) {
  if (action === 'settings') settings.open();
  else if (action === 'shortcuts') byId('shortcuts').showModal();
  else call?.act(action);
}

/**
 * @param {import('./plenum-client.js').PlenumError | undefined} error
 * @param {{entered: boolean, embedded: boolean}} how entered: whether we were in the room, or waited at its door; embedded:
 *     whether the page around us joined
 */
function ended(error, { entered, embedded }) {
  const reason = error ? () => (hasText(`ended.${error.code}`) ? t(`ended.${error.code}`) : error.message) : null;
  byId('call').hidden = true;
  document.title = 'Plenum';
  if (entered || farewell.isShown) {
    const { room } = last;
    farewell.show({ title: () => t(reason ? 'left.ended' : 'left.title', { room }), reason });
  } else if (embedded) {
    form.error = reason; // without opening anything: whoever joined is not the person
    if (reason && byId('lobby').hidden) alertUser(reason());
  } else {
    form.error = reason;
    form.show();
  }
}

function showLobby() {
  farewell.hide();
  form.show(last.room);
}

// A page that comes back from the browser's cache has a dead connection: begin anew.
addEventListener('pageshow', (event) => event.persisted && location.reload());

keepOffline();
if (isEmbedded && !form.room) byId('lobby').hidden = true; // the page around us will say what to do
else form.show();
if (parameters.has('autojoin') || wasReloadedIn(form.room)) form.submit();
