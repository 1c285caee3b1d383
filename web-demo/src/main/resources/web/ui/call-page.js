// The call on the page: everything that lives from joining to leaving.

import { LatestWish } from '../client/latest-wish.js';
import { onLanguage, t } from '../i18n/i18n.js';
import { canRecord, Conversation, Moderation, Statistics } from '../plenum-client.js';
import { fileAt } from './addresses.js';
import { BreakoutBar } from './breakout-bar.js';
import { BreakoutDialog } from './breakout-dialog.js';
import { CallFeatures } from './call-features.js';
import { CallTimer } from './call-timer.js';
import { ChatPanel } from './chat-panel.js';
import { DeviceProblem } from './devices.js';
import { Doorbell } from './doorbell.js';
import { decimal } from './figures.js';
import { HostDialog } from './host-dialog.js';
import { copyLink } from './invitation.js';
import { InviteDialog } from './invite-dialog.js';
import { alertUser, banner, clearNotices, notice } from './notices.js';
import { Observed } from './observed.js';
import { Panels } from './panels.js';
import { PeoplePanel } from './people-panel.js';
import { Reactions } from './reactions.js';
import { Recording } from './recording.js';
import { RecordingConsent } from './recording-consent.js';
import { SilencedNote } from './silenced.js';
import { Sound } from './sound.js';
import { Stage } from './stage.js';
import { StatisticsPanel } from './statistics-panel.js';
import { afterPress } from './switches.js';
import { toggleFullscreen } from './tile-actions.js';
import { Toolbar } from './toolbar.js';
import { WakeLock } from './wake-lock.js';

const byId = (id) => document.getElementById(id);

export class CallPage {
  #room;
  #devices;
  #roomName;
  #conversation;
  #recording;
  #stage;
  #toolbar;
  #sound;
  #panels;
  #chat;
  #features;
  #observed;
  #doorbell;
  #host;
  #breakouts;
  #exchanges = new LatestWish();
  /** How others are brought here. @type {'link' | 'dialog' | 'nobody'} */
  #inviting;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room not joined yet
   * @param {{name: string, roomName: string, tokens: boolean, recordings: boolean, link: string,
   *     fileBytes: number, devices: import('./devices.js').Devices}} options link: to this room, for others; tokens: whether
   *     the server asks for some; recordings: whether it keeps any; fileBytes: of a file in the chat, 0: none
   */
  constructor(room, { name, roomName, tokens, recordings, fileBytes, link, devices }) {
    this.#room = room;
    this.#devices = devices;
    this.#roomName = roomName;
    this.#conversation = new Conversation(room, name);
    const consent = new RecordingConsent(room);
    this.#recording = new Recording(room, this.#conversation, consent, { room: roomName });
    const mayRecord = recordings && canRecord();
    const record = mayRecord ? (tile) => this.#recording.toggle(tile) : null;
    this.#stage = new Stage(room, { grid: byId('grid'), screens: byId('screens'), name, record });
    byId('open-recordings').hidden = !recordings;
    this.#panels = new Panels();
    this.#toolbar = new Toolbar(room, devices, { conversation: this.#conversation });
    this.#sound = new Sound(room, byId('hear'), devices.chosen('speaker'));
    this.#chat = new ChatPanel(room, this.#conversation, this.#panels, fileBytes);
    this.#features = new CallFeatures(room, {
      name,
      roomName,
      mayRecord,
      stage: this.#stage,
      toolbar: this.#toolbar,
      panels: this.#panels,
      conversation: this.#conversation,
      recording: this.#recording,
      consent,
    });
    new Reactions(room, this.#conversation);
    new SilencedNote(room, this.#conversation);
    new CallTimer(room);
    new WakeLock(room);
    // Not before it is needed: who is made a host in the call comes with a token that says nothing of it.
    const moderation = () => new Moderation(roomName, room.token);
    const here = () => new Moderation(room.breakouts.here || roomName, room.token);
    this.#observed = new Observed(room, { tokens, recordings, moderation });
    this.#inviting = tokens ? 'nobody' : 'link';
    byId('copy').onclick = () => (this.#inviting === 'dialog' ? new InviteDialog(moderation(), link).open() : copyLink(link));
    this.#conversation.addEventListener('asked', ({ detail }) => room.isHost && alertUser(t('notice.asked', detail)));
    this.#doorbell = new Doorbell(room, moderation);
    this.#host = new HostDialog(room, this.#conversation, moderation);
    this.#breakouts = new BreakoutDialog(room, moderation);
    new BreakoutBar(room, roomName);
    room.addEventListener('rules', () => {
      if (tokens) this.#inviting = room.isHost ? 'dialog' : 'nobody';
      this.#paintRules();
    });
    const statistics = new StatisticsPanel(new Statistics(room, name), this.#panels);
    const people = new PeoplePanel(room, this.#conversation, { name, moderation: here });
    this.#panels.addEventListener('change', () => this.#panels.view === 'people' && people.open());
    this.#wire();
    this.#tell();
    const endTranslation = onLanguage(() => {
      this.#paint();
      people.paint();
    });
    room.addEventListener('state', ({ detail }) => {
      if (detail.state !== 'closed') return;
      statistics.end();
      this.#close(endTranslation);
    });
  }

  /** What the menu and the shortcuts can do; true: done. */
  act(action) {
    const actions = {
      mic: () => byId('mic').click(),
      cam: () => byId('cam').click(),
      share: () => byId('share').click(),
      hand: () => byId('hand').click(),
      react: () => byId('reactions').showPopover(),
      chat: () => this.#panels.toggle('chat'),
      people: () => this.#panels.toggle('people'),
      host: () => this.#host.open(),
      breakouts: () => this.#breakouts.open(),
      statistics: () => this.#panels.toggle('statistics'),
      copy: () => byId('copy').click(),
      recordings: () => open(`${fileAt(`recordings/${encodeURIComponent(this.#roomName)}`)}${location.hash}`, '_blank', 'noopener'),
      layout: () => this.#stage.toggleLayout(),
      fullscreen: () => toggleFullscreen(document.documentElement),
      'close-panel': () => this.#panels.close(),
    };
    (actions[action] ?? this.#features.action(action))?.();
  }

  /** For the page around us. */
  get features() {
    return this.#features;
  }

  /** Something was chosen of how the pictures are laid out. */
  arrange() {
    this.#stage.arrange();
  }

  /** Another device was chosen: what is on goes on with it. */
  async exchangeDevice(kind) {
    if (kind === 'speaker') {
      this.#sound.speaker = this.#devices.chosen('speaker');
      return;
    }
    if (!this.#room.isPublished(kind)) return;
    if (this.#room.isMuted(kind)) return this.#room.localTrack(kind)?.stop(); // with the new one when it is turned on
    const isLatest = this.#exchanges.begin(kind);
    try {
      const track = await this.#devices.acquire(kind);
      if (!isLatest() || this.#room.isMuted(kind)) return track.stop(); // muted or left meanwhile too
      this.#room.publish(track, kind);
    } catch (error) {
      alertUser(new DeviceProblem([[error, kind]]).text);
    }
  }

  #wire() {
    byId('open-chat').onclick = (click) => afterPress(click, () => this.#panels.toggle('chat'));
    byId('open-people').onclick = (click) => afterPress(click, () => this.#panels.toggle('people'));
    byId('layout').onclick = (click) => afterPress(click, () => this.#stage.toggleLayout());
    byId('fullscreen').onclick = () => toggleFullscreen(document.documentElement);
    byId('fullscreen').hidden = !document.fullscreenEnabled;
    this.#stage.addEventListener('layout', ({ detail }) => {
      this.#paintLayout();
      if (detail.chosen) notice(t(`layout.is.${this.#stage.layout}`));
    });
  }

  #tell() {
    const on = (type, handle) => this.#room.addEventListener(type, ({ detail }) => handle(detail));
    on('joined', ({ participant, quiet }) => {
      this.#count();
      if (!quiet) notice(t('notice.joined', { name: participant.name }));
    });
    on('left', ({ participant, quiet }) => {
      this.#count();
      if (!quiet) notice(t('notice.left', { name: participant.name }));
    });
    on('renamed', ({ participant, before }) => notice(t('notice.renamed', { before, name: participant.name })));
    on('hidden', () => this.#count());
    on('breakouts', () => this.#count());
    on('error', ({ error }) => alertUser(t('problem.server', { message: error.message })));
    on('ended', ({ source }) => this.#replaceDevice(source));
    on('silenced', ({ source, silenced }) =>
      alertUser(t(silenced ? 'notice.silenced' : 'notice.unsilenced', { device: t(`device.${source}`) })));
    on('limited', ({ source }) => notice(t('notice.limited', { device: t(`device.${source}`) })));
    on('load', ({ step }) => notice(t(`load.${step}`)));
    on('missed', ({ count }) => notice(t('chat.missed', { count })));
    on('message', ({ from, topic, text }) => from || topic === 'breakouts' || notice(text));
    on('stopping', ({ seconds }) => notice(t(stopText(seconds), { minutes: Math.ceil(seconds / 60) })));
    on('state', ({ state }) => this.#reconnecting(state));
    addEventListener('online', this.#onNetwork);
    addEventListener('offline', this.#onNetwork);
    this.#conversation.addEventListener('hands', ({ detail: { participant, name, up } }) => {
      this.#stage.setHands([...this.#conversation.hands]);
      if (up && participant !== this.#room.participant) notice(t('notice.hand', { name }));
    });
  }

  /** A device that was on is gone: goes on with another one, or says that nothing is sent any more. */
  async #replaceDevice(source) {
    const device = t(`device.${source}`);
    try {
      const track = await this.#devices.acquire(source);
      if (this.#room.state === 'closed' || !this.#room.isMuted(source)) return track.stop(); // left, or was quicker
      this.#room.publish(track, source);
      alertUser(t('notice.deviceReplaced', { device, label: track.label }));
    } catch {
      alertUser(t('notice.deviceGone', { device }));
    }
  }

  #onNetwork = () => this.#reconnecting(this.#room.state);

  #reconnecting(state) {
    if (state !== 'reconnecting') banner(null);
    else if (this.#room.isMoving) banner(t('banner.moving'));
    else banner(t(navigator.onLine ? 'banner.reconnecting' : 'banner.offline'));
  }

  #count() {
    byId('count').textContent = decimal(this.#room.participants.size + 1, 0);
    byId('alone').hidden = this.#room.participants.size > 0 || this.#room.breakouts.open; // they are in other rooms
    byId('watching').textContent = t('people.watching', { count: this.#room.hidden });
    byId('watching').hidden = this.#room.hidden === 0;
  }

  #paint() {
    this.#count();
    this.#paintInviting();
    this.#toolbar.paint();
    this.#panels.paint();
    this.#chat.translate();
    this.#recording.paint();
    this.#observed.paint();
    this.#reconnecting(this.#room.state);
    this.#paintLayout();
    this.#doorbell.paint();
    label(byId('fullscreen'), t('fullscreen'));
  }

  /** What the room's rules leave us. */
  #paintRules() {
    byId('call').classList.toggle('no-recording', !this.#room.rules.record && !this.#room.isHost);
    this.#paintInviting();
  }

  #paintLayout() {
    label(byId('layout'), t(`layout.to.${this.#stage.nextLayout}`));
  }

  /** On a server with tokens the room's address lets nobody in, and who may not invite is offered nothing. */
  #paintInviting() {
    const text = t(this.#inviting === 'dialog' ? 'invite' : 'copy');
    label(byId('copy'), text);
    byId('copy-text').textContent = text;
    byId('copy').hidden = byId('copy-item').hidden = this.#inviting === 'nobody';
    byId('alone').textContent = t(`call.alone.${this.#inviting}`);
  }

  #close(endTranslation) {
    endTranslation();
    removeEventListener('online', this.#onNetwork);
    removeEventListener('offline', this.#onNetwork);
    this.#panels.close();
    banner(null);
    clearNotices();
    for (const popover of document.querySelectorAll('[popover]')) popover.hidePopover();
    for (const dialog of document.querySelectorAll('dialog')) dialog.close();
    if (document.fullscreenElement) document.exitFullscreen();
  }
}

function label(button, text) {
  button.title = text;
  button.setAttribute('aria-label', text);
}

/** @param {number} seconds until the server stops at the latest */
function stopText(seconds) {
  if (seconds < 60) return 'notice.stopping.soon';
  return seconds <= 60 ? 'notice.stopping.minute' : 'notice.stopping.minutes';
}
