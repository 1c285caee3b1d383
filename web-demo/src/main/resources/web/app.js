// The page: a form, then a call. It only draws; plenum-client.js speaks to the server.
//
// The address may say:
//   /r/<room> or ?room=<room>   the room
//   ?name=<name>                the name, instead of the remembered one
//   ?autojoin=1                 join without a click
//   ?video=320x180@10           the camera's size and frame rate (default 1280x720@30)
//   #token=<token>              lets us in where the server asks for tokens; browsers keep it to themselves
//
// window.plenum is the room of the present call, for tests and the curious: try `await plenum.stats()`.

import { hasText, t, translate } from './i18n/i18n.js';
import { PlenumRoom } from './plenum-client.js';
import { explainAccess, tokenOfAddress } from './ui/access.js';
import { CallPage } from './ui/call-page.js';
import { Devices } from './ui/devices.js';
import { addressWith, goTo, linkTo } from './ui/invitation.js';
import { JoinForm } from './ui/join-form.js';
import { alertUser } from './ui/notices.js';
import { SettingsDialog } from './ui/settings-dialog.js';
import { Shortcuts } from './ui/shortcuts.js';

const byId = (id) => document.getElementById(id);
const parameters = new URLSearchParams(location.search);
translate(document);
const devices = new Devices(parameters.get('video'));
const form = new JoinForm(devices, parameters, { onJoin: join, linkTo });
/** @type {CallPage | null} */
let call = null;
let recordings = false;
const explained = explainAccess().then((kept) => (recordings = kept));
const settings = new SettingsDialog(devices, (kind) => call?.exchangeDevice(kind));
new Shortcuts(() => !byId('call').hidden, act);
byId('menu').onclick = ({ target }) => {
  const action = target.closest('[data-action]')?.dataset.action;
  if (!action) return;
  byId('menu').hidePopover();
  act(action);
};

/** @param {import('./ui/join-form.js').Wish} wish */
async function join({ room: roomName, name, tracks, problem }) {
  form.error = null;
  form.busy = true;
  await explained;
  const room = new PlenumRoom();
  window.plenum = room;
  const token = tokenOfAddress();
  const joined = room.join({ room: roomName, name, token, tracks, acquire: (source) => devices.acquire(source) });
  call = new CallPage(room, { name, roomName, token, recordings, link: linkTo(roomName), devices });
  room.addEventListener('state', ({ detail }) => detail.state === 'closed' && ended(detail.error));
  room.addEventListener('move', ({ detail }) => {
    room.leave();
    goTo(detail.room, detail.token);
  });
  try {
    await joined;
    byId('room-title').textContent = roomName;
    document.title = `${roomName} – Plenum`;
    history.replaceState(null, '', addressWith(roomName));
    form.hide();
    byId('call').hidden = false;
    if (problem) alertUser(problem.text);
  } catch {
    // `state` told it: see ended()
  }
  form.busy = false;
}

/** @param {string} action of the menu or a shortcut */
function act(action) {
  if (action === 'settings') settings.open();
  else if (action === 'shortcuts') byId('shortcuts').showModal();
  else call?.act(action);
}

/** @param {import('./plenum-client.js').PlenumError | undefined} error */
function ended(error) {
  call = null;
  byId('call').hidden = true;
  document.title = 'Plenum';
  form.error = error ? () => (hasText(`ended.${error.code}`) ? t(`ended.${error.code}`) : error.message) : null;
  form.show();
}

// A page that comes back from the browser's cache has a dead connection: begin anew.
addEventListener('pageshow', (event) => event.persisted && location.reload());

form.show();
if (parameters.has('autojoin')) form.submit();
