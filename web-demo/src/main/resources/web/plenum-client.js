// A client of Plenum's signaling protocol (PROTOCOL.md). No dependency beyond the files in client/.
//
//   const room = new PlenumRoom();
//   room.addEventListener('tile', ({ detail }) => showPicture(detail.participant, detail.stream));
//   await room.join({ room: 'lobby', name: 'Ada', stream });

import { MAX_SEATS, MediaSession, OfferInterrupted } from './client/media.js';
import { SeatPlan, SlotTable, tileKey } from './client/seats.js';
import { SignalingSocket } from './client/signaling.js';
import { receiveStats, sendStats } from './client/stats.js';

export { MAX_SEATS };

const PROTOCOL_VERSION = 1;

/** Without an answer by then the socket is taken for dead, whatever the browser thinks of it. */
const ANSWER_MILLIS = 10_000;

/** Somebody who joins so soon after a participant of the same name was `replaced` has only reloaded. */
const RELOAD_MILLIS = 5000;

/** Errors after which trying again makes sense, once we were in the room. */
const PASSING_ERRORS = ['too-slow', 'too-many', 'overloaded', 'internal'];

/** @typedef {import('./client/media.js').Source} Source */
/** @typedef {import('./client/media.js').Publication} Publication */
/** @typedef {import('./client/seats.js').View} View */
/** @typedef {{track: string, kind: 'audio' | 'video', source: Source, muted: boolean}} Track */
/** @typedef {{participant: string, name: string, tracks: Track[]}} Participant */

/**
 * @typedef {object} JoinOptions
 * @property {string} [url] of the WebSocket; default: `/ws` on the page's host
 * @property {string} room
 * @property {string} name
 * @property {string} [token] that lets us in (JWT), where the server asks for one
 * @property {MediaStream} [stream] published as microphone and camera
 * @property {{track: MediaStreamTrack, source: Source}[]} [tracks] instead of `stream`
 * @property {(source: Source) => Promise<MediaStreamTrack>} [acquire] brings a new track for unmuting; the old one was
 *     stopped so that the camera's light goes off
 */

/** Why a join failed or a call ended. */
export class PlenumError extends Error {
  /** @param {{code: string, message?: string, field?: string}} error */
  constructor({ code, message, field }) {
    super(message ?? code);
    this.code = code;
    this.field = field;
  }
}

/**
 * One participant's presence in a room. Events (CustomEvent, `detail` in braces):
 * - `state` `{state, reason, error}`: `connecting`, `connected`, `reconnecting`, `closed`; the last two only if closed
 * - `joined` `{participant: Participant, quiet}`, `left` `{participant: Participant, reason, quiet}`: quiet = no news for
 *   a person: who was here before us, reloads, our own reconnecting
 * - `track` `{participant: Participant, track: Track, gone}`: new, changed or gone
 * - `tile` `{participant: string, screen, stream}`: the picture to show, null = none any more
 * - `sound` `{stream, gone}`: play it in an `<audio>` element until it is gone; there is one for each audio slot, and the
 *   server decides whom it carries. Sound is apart from the picture because a `<video>` element stays silent until its
 *   first frame; both are played in sync all the same, for they share an msid.
 * - `speakers` `{participants: string[]}`, loudest first
 * - `hidden` `{count}`: so many watch who are not in the list of participants
 * - `stopping` `{seconds}`: the server stops by then at the latest; the call goes on until then, and comes back by itself
 * - `published` `{source, muted, gone}`: one of our own tracks changed
 * - `silenced` `{source, silenced}`: a moderator muted one of our own tracks, or let it be heard again
 * - `message` `{from: string | null, topic, text}`: from another participant, or the server (null)
 * - `move` `{room, token}`: the server asks us to leave and join another room
 * - `error` `{error: PlenumError}`: something was refused, the call goes on
 */
export class PlenumRoom extends EventTarget {
  /** @type {'connecting' | 'connected' | 'reconnecting' | 'closed'} */
  state = 'closed';
  /** @type {string | null} our own id */
  participant = null;
  /** @type {Map<string, Participant>} everyone else */
  participants = new Map();
  /** how many watch beside them */
  hidden = 0;

  /** @type {JoinOptions} */
  #options;
  /** @type {SignalingSocket | null} */
  #socket = null;
  /** @type {MediaSession | null} */
  #media = null;
  /** @type {Map<Source, Publication>} */
  #publications = new Map();
  #welcomed = false;
  /** Whether this very socket has brought a welcome: before it, the session may turn out to be another one. */
  #ready = false;
  /** @type {string | null} resume token */
  #token = null;
  #settleJoin = { resolve() {}, reject(_error) {} };

  #offerId = 0;
  /** @type {{id: number, resolve: (sdp: string) => void, reject: (error: Error) => void, timer: number} | null} */
  #pendingOffer = null;

  #slots = new SlotTable();
  #seatPlan = new SeatPlan();
  /** @type {View[]} */
  #views = [];
  #sentView = '';
  /** @type {Map<string, {participant: string, screen: boolean, stream: MediaStream, paused: string | null}>} by tile key */
  #tiles = new Map();
  /** @type {Map<string, number>} name → when its participant was replaced */
  #replaced = new Map();
  #onNetworkBack = () => this.#networkBack();
  #onVisible = () => document.hidden || this.#socket?.hurry();

  /**
   * Joins; settles when the server has welcomed us or refused.
   * @param {JoinOptions} options
   * @throws {PlenumError} with a code of PROTOCOL.md, or `unreachable`
   */
  join(options) {
    if (this.#socket) throw new Error(`join: expected a closed room, it is ${this.state}`);
    this.#options = options;
    this.#token = loadToken(options.room);
    this.#welcomed = false;
    for (const { track, source } of options.tracks ?? tracksOf(options.stream)) this.#addPublication(track, source);
    this.#socket = new SignalingSocket(options.url ?? defaultUrl(), {
      onOpen: () => this.#sayHello(),
      onMessage: (message) => this.#receive(message),
      onLost: () => this.#onSignalingLost(),
    });
    addEventListener('online', this.#onNetworkBack);
    document.addEventListener('visibilitychange', this.#onVisible);
    this.#updateState();
    this.#socket.connect();
    return new Promise((resolve, reject) => (this.#settleJoin = { resolve, reject }));
  }

  leave() {
    this.#send({ type: 'leave' });
    this.#finish('left');
  }

  /**
   * Publishes a track. If the source is published already, its track is exchanged.
   * @param {MediaStreamTrack} track
   * @param {Source} source
   */
  publish(track, source) {
    const known = this.#publications.get(source);
    if (known) {
      known.track?.stop();
      known.track = track;
      this.#watchTrack(track, source);
      this.#setSending(known, true);
    } else {
      const publication = this.#addPublication(track, source);
      this.#media?.publish(publication);
      this.#emit('published', { source, muted: false, gone: false });
    }
  }

  /** @param {Source} source */
  unpublish(source) {
    const publication = this.#publications.get(source);
    if (!publication) return;
    publication.track?.stop();
    this.#publications.delete(source);
    this.#media?.unpublish(source);
    this.#emit('published', { source, muted: true, gone: true });
  }

  /**
   * Stops or starts sending. A muted camera's track is stopped, so its light goes off; a muted microphone's is kept.
   * @param {Source} source
   * @param {boolean} muted
   */
  async setMuted(source, muted) {
    const publication = this.#publications.get(source);
    if (!publication || publication.muted === muted) return;
    if (muted && source !== 'microphone') {
      publication.track?.stop();
      publication.track = null;
    }
    if (!muted && publication.track?.readyState !== 'live') {
      const track = await this.#options.acquire(source);
      if (this.#publications.get(source) !== publication) return track.stop(); // left meanwhile
      publication.track = track;
      this.#watchTrack(track, source);
    }
    this.#setSending(publication, !muted);
  }

  /**
   * Says something to everyone, or to one participant.
   * @param {string} text
   * @param {{topic?: string, to?: string}} [options]
   * @returns {boolean} false if we are not connected: nothing is kept for later
   */
  sendMessage(text, { topic = '', to } = {}) {
    return this.#send({ type: 'message', to, topic, text });
  }

  /** @param {Source} source */
  isPublished(source) {
    return this.#publications.has(source);
  }

  /** @param {Source} source */
  localTrack(source) {
    return this.#publications.get(source)?.track ?? null;
  }

  /** @param {Source} source */
  isMuted(source) {
    return this.#publications.get(source)?.muted ?? true;
  }

  /**
   * Says what is shown, the most important first. Seats are made as needed, up to MAX_SEATS; whatever stays in the list
   * keeps its seat.
   * @param {View[]} views
   */
  view(views) {
    this.#views = views;
    this.#applyView();
  }

  /**
   * What the browser counted, for tests and the curious: `receive[participant][source]` and `send[source]`. The counters
   * are the slot's and run on when it is bound to somebody else: compare two readings.
   */
  async stats() {
    const media = this.#media;
    const bound = (media?.slots ?? []).map((slot) => ({ slot, binding: this.#slots.bound(slot.mid) }));
    return {
      connection: media?.state ?? 'closed',
      receive: await receiveStats(bound.filter(({ binding }) => binding)),
      send: await sendStats([...this.#publications.keys()].map((source) => [source, media?.sender(source)])),
    };
  }

  // --- Signaling ---

  #sayHello() {
    const { room, name, token } = this.#options;
    const resume = this.#token ? { resume: this.#token, media: this.#media ? 'keep' : 'new' } : {};
    this.#socket.send({ type: 'hello', version: PROTOCOL_VERSION, features: [], room, name, token, ...resume });
  }

  #receive(message) {
    switch (message.type) {
      case 'welcome': return this.#onWelcome(message);
      case 'answer': return this.#onAnswer(message);
      case 'slot': return this.#onSlot(message);
      case 'stopping': return this.#emit('stopping', { seconds: message.seconds });
      case 'publish': return this.#media?.preferCodec(message.mid, message.codec);
      case 'joined': return this.#onJoined(message);
      case 'left': return this.#onLeft(message);
      case 'track': return this.#onTrack(message);
      case 'untrack': return this.#onUntrack(message);
      case 'roster': return message.events.forEach((event) => this.#receive(event));
      case 'speakers': return this.#emit('speakers', { participants: message.participants });
      case 'silenced': return this.#onSilenced(message);
      case 'message': return this.#emit('message', { from: message.from, topic: message.topic, text: message.text });
      case 'move': return this.#emit('move', { room: message.room, token: message.token ?? null });
      case 'hidden': return this.#onHidden(message.count);
      case 'transport': return this.#onTransport(message);
      case 'error': return this.#onError(message);
      case 'bye': return this.#onBye(message);
    }
  }

  #onWelcome(welcome) {
    this.#socket.settled();
    this.#token = welcome.resume;
    saveToken(this.#options.room, welcome.resume);
    this.participant = welcome.participant;
    this.#welcomed = this.#ready = true;
    const resumed = welcome.resumed && this.#media !== null;
    if (!resumed) this.#startMedia(welcome.iceServers);
    this.#syncParticipants(welcome.participants);
    this.#onHidden(welcome.hidden);
    if (resumed) this.#catchUp(welcome.slots);
    this.#updateState();
    this.#settleJoin.resolve();
  }

  /** Says and hears what was missed while the socket was gone. */
  #catchUp(slots) {
    this.#slots.replace(slots);
    this.#updateTiles();
    for (const publication of this.#publications.values()) this.#sendMute(publication);
    this.#sentView = '';
    this.#applyView();
    this.#media.resume();
  }

  #onSignalingLost() {
    this.#ready = false;
    this.#interruptOffer();
    if (!this.#welcomed) return this.#finish('unreachable', { code: 'unreachable', message: 'The server does not answer.' });
    this.#updateState();
  }

  #networkBack() {
    this.#socket?.hurry();
    // If the socket is dead without knowing it, the answer that does not come will tell.
    if (this.#ready) this.#media?.offer({ iceRestart: true });
  }

  #onError({ code, message, field, id, fatal }) {
    const error = new PlenumError({ code, message, field });
    if (fatal && !(this.#welcomed && PASSING_ERRORS.includes(code))) this.#finish(code, error);
    else if (id !== undefined && id === this.#pendingOffer?.id) this.#takePendingOffer().reject(error);
    else if (!fatal) this.#emit('error', { error });
  }

  #onBye({ reason }) {
    this.#token = null;
    if (reason === 'media-lost' && this.#media?.wasConnected) this.#renewMedia();
    else this.#finish(reason, reason === 'left' ? undefined : { code: reason });
  }

  #onSilenced({ mid, silenced }) {
    for (const { source } of this.#publications.values()) {
      if (this.#media?.mid(source) === mid) this.#emit('silenced', { source, silenced });
    }
  }

  #onTransport({ state }) {
    if (state === 'lost') this.#media?.offer({ iceRestart: true });
    if (state !== 'closed' || !this.#media) return;
    if (this.#media.wasConnected) this.#renewMedia();
    else this.#finish('media-failed', { code: 'media-failed', message: 'No way was found for sound and pictures.' });
  }

  // --- Media ---

  #startMedia(iceServers) {
    this.#stopMedia();
    this.#media = new MediaSession(iceServers ?? [], this.#publications.values(), {
      exchange: (offer) => this.#exchange(offer),
      onNegotiated: () => this.#onNegotiated(),
      onState: () => this.#updateState(),
      onSound: (stream) => this.#emit('sound', { stream, gone: false }),
      onRefused: (error) => this.#emit('error', { error }),
    });
  }

  #stopMedia() {
    const media = this.#media;
    this.#media = null;
    this.#interruptOffer();
    media?.close();
    media?.sounds.forEach((stream) => this.#emit('sound', { stream, gone: true }));
    this.#slots = new SlotTable();
    this.#seatPlan = new SeatPlan();
    this.#sentView = '';
    this.#updateTiles();
  }

  /** The PeerConnection is beyond repair: joins anew in place of the old session. */
  #renewMedia() {
    this.#stopMedia();
    this.#socket.reset();
  }

  /** @returns {Promise<string>} the answer's SDP */
  #exchange(offer) {
    return new Promise((resolve, reject) => {
      const id = ++this.#offerId;
      const timer = setTimeout(() => this.#socket?.reset(), ANSWER_MILLIS);
      this.#pendingOffer = { id, resolve, reject, timer };
      if (!this.#send({ type: 'offer', id, ...offer })) this.#interruptOffer();
    });
  }

  #onAnswer({ id, sdp }) {
    if (id === this.#pendingOffer?.id) this.#takePendingOffer().resolve(sdp);
  }

  #interruptOffer() {
    this.#takePendingOffer()?.reject(new OfferInterrupted('signaling lost'));
  }

  #takePendingOffer() {
    const pending = this.#pendingOffer;
    this.#pendingOffer = null;
    if (pending) clearTimeout(pending.timer);
    return pending;
  }

  #onNegotiated() {
    this.#applyView();
    this.#updateTiles();
    this.#updateState();
  }

  #applyView() {
    if (!this.#media?.seatCount) return;
    this.#media.requireSeats(this.#views.length);
    const seats = this.#seatPlan.assign(this.#views, this.#media.seatCount);
    const text = JSON.stringify(seats);
    if (text !== this.#sentView && this.#send({ type: 'view', seats })) this.#sentView = text;
  }

  #onSlot(slot) {
    this.#slots.apply(slot);
    this.#updateTiles();
  }

  /** Tells the page what changed between the tiles it knows and those the slots make now. */
  #updateTiles() {
    const tiles = new Map();
    for (const { video, picture } of this.#media?.seats ?? []) {
      const slot = this.#slots.bound(video.mid);
      if (!slot) continue;
      const screen = slot.source === 'screen';
      const paused = slot.paused ?? null;
      tiles.set(tileKey(slot.participant, screen), { participant: slot.participant, screen, stream: picture, paused });
    }
    const before = this.#tiles;
    this.#tiles = tiles;
    for (const [key, tile] of before) {
      if (!tiles.has(key)) this.#emit('tile', { ...tile, stream: null, paused: null });
    }
    for (const [key, tile] of tiles) {
      const known = before.get(key);
      if (known?.stream !== tile.stream || known?.paused !== tile.paused) this.#emit('tile', tile);
    }
  }

  // --- Who is here ---

  #onHidden(count) {
    if (count === this.hidden) return;
    this.hidden = count;
    this.#emit('hidden', { count });
  }

  /** Takes the whole list of a welcome, as joining and leaving of those who differ. */
  #syncParticipants(list) {
    const present = new Set(list.map(({ participant }) => participant));
    for (const participant of this.participants.keys()) {
      if (!present.has(participant)) this.#onLeft({ participant, reason: 'signaling-lost', quiet: true });
    }
    for (const entry of list) this.#onJoined({ ...entry, quiet: true });
  }

  #onJoined({ participant, name, tracks, quiet = this.#justReloaded(name) }) {
    const known = this.participants.get(participant);
    const person = Object.assign(known ?? {}, { participant, name, tracks: tracks ?? [] });
    this.participants.set(participant, person);
    if (!known) this.#emit('joined', { participant: person, quiet });
    else for (const track of person.tracks) this.#emit('track', { participant: person, track, gone: false });
  }

  #onLeft({ participant, reason, quiet = reason === 'replaced' }) {
    const person = this.participants.get(participant);
    if (!person) return;
    this.participants.delete(participant);
    if (reason === 'replaced') this.#replaced.set(person.name, performance.now());
    this.#emit('left', { participant: person, reason, quiet });
    for (const { track } of person.tracks) this.#slots.forget(track);
    this.#updateTiles();
  }

  #justReloaded(name) {
    const since = this.#replaced.get(name);
    return this.#replaced.delete(name) && performance.now() - since < RELOAD_MILLIS;
  }

  #onTrack({ participant, track, kind, source, muted }) {
    const person = this.participants.get(participant);
    if (!person) return;
    const entry = { track, kind, source, muted };
    person.tracks = [...person.tracks.filter((other) => other.track !== track), entry];
    this.#emit('track', { participant: person, track: entry, gone: false });
  }

  #onUntrack({ participant, track }) {
    const person = this.participants.get(participant);
    const entry = person?.tracks.find((other) => other.track === track);
    if (!entry) return;
    person.tracks = person.tracks.filter((other) => other !== entry);
    this.#emit('track', { participant: person, track: entry, gone: true });
    this.#slots.forget(track);
    this.#updateTiles();
  }

  // --- Our own tracks ---

  #addPublication(track, source) {
    /** @type {Publication} */
    const publication = { source, kind: track.kind, track, muted: false };
    this.#publications.set(source, publication);
    this.#watchTrack(track, source);
    return publication;
  }

  /** A device was unplugged, or sharing was ended in the browser's own bar. */
  #watchTrack(track, source) {
    track.addEventListener('ended', () => {
      if (this.#publications.get(source)?.track !== track) return;
      if (source.startsWith('screen')) this.unpublish(source);
      else this.setMuted(source, true);
    });
  }

  #setSending(publication, sending) {
    publication.muted = !sending;
    if (publication.track) publication.track.enabled = sending;
    this.#media?.sender(publication.source)?.replaceTrack(sending ? publication.track : null);
    this.#sendMute(publication);
    this.#emit('published', { source: publication.source, muted: publication.muted, gone: false });
  }

  #sendMute({ source, muted }) {
    const mid = this.#media?.mid(source);
    if (mid) this.#send({ type: 'mute', mid, muted });
  }

  // --- State ---

  #finish(reason, error) {
    if (!this.#socket) return;
    removeEventListener('online', this.#onNetworkBack);
    document.removeEventListener('visibilitychange', this.#onVisible);
    this.#socket.close();
    this.#socket = null;
    this.#ready = false;
    this.#stopMedia();
    for (const { track } of this.#publications.values()) track?.stop();
    this.#publications.clear();
    this.participants.clear();
    this.participant = null;
    this.#token = null;
    if (reason !== 'unreachable') saveToken(this.#options.room, null);
    const problem = error && (error instanceof PlenumError ? error : new PlenumError(error));
    this.#settleJoin.reject(problem ?? new PlenumError({ code: reason }));
    this.#setState('closed', { reason, error: problem });
  }

  #updateState() {
    if (!this.#socket) return;
    const media = this.#media?.state;
    if (!this.#welcomed) this.#setState('connecting');
    else if (!this.#ready || media === 'disconnected' || media === 'failed') this.#setState('reconnecting');
    else if (media === 'connected') this.#setState('connected');
    else this.#setState(this.#media?.wasConnected || this.state === 'reconnecting' ? 'reconnecting' : 'connecting');
  }

  #setState(state, more = {}) {
    if (this.state === state) return;
    this.state = state;
    this.#emit('state', { state, ...more });
  }

  #send(message) {
    return this.#ready && this.#socket.send(message);
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function defaultUrl() {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;
}

/** @param {MediaStream | undefined} stream */
function tracksOf(stream) {
  return (stream?.getTracks() ?? []).map((track) => ({ track, source: track.kind === 'audio' ? 'microphone' : 'camera' }));
}

// The resume token outlives a reload of this tab, not more. Storage may be forbidden: then a reload is a new join.
const tokenKey = (room) => `plenum.resume.${room}`;

function loadToken(room) {
  try {
    return sessionStorage.getItem(tokenKey(room));
  } catch {
    return null;
  }
}

function saveToken(room, token) {
  try {
    if (token) sessionStorage.setItem(tokenKey(room), token);
    else sessionStorage.removeItem(tokenKey(room));
  } catch {
    // forbidden
  }
}
