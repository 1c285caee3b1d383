// A client of Plenum's signaling protocol (PROTOCOL.md). No dependency beyond the files in client/.
//
//   const room = new PlenumRoom();
//   room.addEventListener('tile', ({ detail }) => showPicture(detail.participant, detail.stream));
//   await room.join({ room: 'lobby', name: 'Ada', stream });

import { Breakouts } from './client/breakouts.js';
import { ChangeOver } from './client/change-over.js';
import { Conversation, MAX_TEXT, REACTIONS } from './client/conversation.js';
import { countersOf } from './client/counters.js';
import { Direct } from './client/direct.js';
import { DirectQuality } from './client/direct-quality.js';
import { PlenumError } from './client/errors.js';
import { Events } from './client/events.js';
import { download, upload } from './client/files.js';
import { Liveness } from './client/liveness.js';
import { MAX_SEATS, MediaSession } from './client/media.js';
import { Moderation } from './client/moderation.js';
import { Publications } from './client/publications.js';
import { Qualities } from './client/quality.js';
import { canRecord, Recorder } from './client/recorder.js';
import { Reports } from './client/reports.js';
import { Requests } from './client/requests.js';
import { loadToken, saveToken } from './client/resume-token.js';
import { Roster } from './client/roster.js';
import { Ruling } from './client/ruling.js';
import { Seating } from './client/seating.js';
import { serverCountersOf } from './client/server-counters.js';
import { webSocketAt } from './client/server-address.js';
import { SignalingSocket } from './client/signaling.js';
import { Statistics } from './client/statistics.js';
import { receiveStats, sendStats } from './client/stats.js';

export { Conversation, MAX_SEATS, MAX_TEXT, Moderation, PlenumError, REACTIONS, Recorder, Statistics, canRecord };

const PROTOCOL_VERSION = 1;

/** What we can do beyond version 1. */
const FEATURES = ['layers', 'handOver'];

/** Said too unless the page does not want it. */
const DIRECT = 'direct';

/** Without an answer by then the socket is taken for dead, whatever the browser thinks of it. */
const ANSWER_MILLIS = 10_000;

/** Counters of the connection that are not older need not be read again: with many seats that costs the browser much. */
const RECENT_MILLIS = 1500;

/** So long after its transport was closed a participant may still hear `bye`. */
const BYE_MILLIS = 500;

/** @typedef {import('./client/publications.js').Source} Source */
/** @typedef {import('./client/seats.js').View} View */
/** @typedef {import('./client/roster.js').Track} Track */
/** @typedef {import('./client/roster.js').Participant} Participant */
/** @typedef {import('./client/server-counters.js').ServerCounters} ServerCounters */
/** @typedef {import('./client/quality.js').Quality} Quality */
/** @typedef {'none' | 'top-layers' | 'other-pictures' | 'pictures'} LoadStep see PROTOCOL.md, `load` */
/** @typedef {{from: string, name: string, topic?: string, text: string, at: number, own: boolean}} Written `at` in milliseconds since the epoch */

/**
 * @typedef {object} JoinOptions
 * @property {string} [server] the server's address, such as `https://meet.example.org/`; default: where this module came from
 * @property {string} [url] of the WebSocket, where it is not `ws` below that
 * @property {string} room
 * @property {string} [name] what others are shown, unless the token has a name
 * @property {string} [token] that lets us in (JWT), where the server asks for one
 * @property {MediaStream} [stream] published as microphone and camera
 * @property {{track: MediaStreamTrack, source: Source}[]} [tracks] instead of `stream`
 * @property {boolean} [direct] whether we talk directly to the other one while there are only two, who then learns our
 *     address; default: yes, where the server allows it
 * @property {RTCIceTransportPolicy} [iceTransportPolicy] `relay`: media goes by TURN only, and never directly
 * @property {(source: Source) => Promise<MediaStreamTrack>} [acquire] brings a new track for unmuting; the old one was
 *     stopped so that the camera's light goes off
 */

/**
 * @typedef {object} RoomEvents what `detail` is, by the event's type
 * @property {{state: 'connecting' | 'waiting' | 'connected' | 'reconnecting' | 'closed', reason?: string, error?: PlenumError}} state
 * @property {{participant: Participant, quiet: boolean}} joined
 * @property {{participant: Participant, reason: string, quiet: boolean}} left
 * @property {{participant: Participant, track: Track, gone: boolean}} track
 * @property {{participant: string, screen: boolean, stream: MediaStream | null, paused?: string | null}} tile
 * @property {{stream: MediaStream, gone: boolean}} sound
 * @property {{mid: string, participant: string | null}} bound
 * @property {{participants: string[]}} speakers
 * @property {{from: string | null, topic: string, text: string, direct: boolean}} message
 * @property {{messages: Written[]}} history
 * @property {{}} resumed
 * @property {{name: string}} name
 * @property {{count: number}} hidden
 * @property {{broadcast: boolean, recorded: boolean}} observed
 * @property {{step: LoadStep}} load
 * @property {{seconds: number}} stopping
 * @property {{source: Source, muted: boolean, gone: boolean}} published
 * @property {{source: Source}} ended
 * @property {{source: Source, silenced: boolean}} silenced
 * @property {{participant: Participant}} moderated
 * @property {{participant: Participant, before: string}} renamed
 * @property {{source: Source, bitrate: number}} limited
 * @property {Quality} quality
 * @property {{participant: string, direct: boolean}} path
 * @property {{room: string, token: string | null}} move
 * @property {{token: string}} token
 * @property {{error: PlenumError}} error
 * @property {{}} rules
 * @property {{people: import('./client/ruling.js').Waiter[]}} waiting
 * @property {{}} breakouts
 * @property {{room: string}} moving
 * @property {{room: string}} moved
 */

/**
 * One participant's presence in a room. Events (CustomEvent, `detail` in braces):
 * - `state` `{state, reason, error}`: `connecting`, `connected`, `reconnecting`, `closed`; the last two only if closed;
 *   `waiting` until a host lets us in
 * - `joined` `{participant: Participant, quiet}`, `left` `{participant: Participant, reason, quiet}`: quiet = no news for
 *   a person: who was here before us, reloads, our own reconnecting
 * - `track` `{participant: Participant, track: Track, gone}`: new, changed or gone
 * - `tile` `{participant: string, screen, stream, paused, limited}`: the picture to show, null = none any more; why nothing
 *   comes of it (`codec`, `bandwidth`, `overload`), or null; whether our connection keeps it smaller than we would show it
 * - `sound` `{stream, gone}`: play it in an `<audio>` element until it is gone; there is one for each audio slot, and the
 *   server decides whom it carries. Sound is apart from the picture because a `<video>` element stays silent until its
 *   first frame; both are played in sync all the same, for they share an msid.
 * - `bound` `{mid, participant}`: a slot carries somebody else from now on, or nobody: see `streamOf`
 * - `speakers` `{participants: string[]}`, loudest first
 * - `message` `{from: string | null, topic, text, direct}`: from another participant, or the server (null), to us alone if
 *   direct; Conversation makes
 *   chat, reactions and raised hands of them
 * - `history` `{messages}`: what was written to everybody before we came
 * - `resumed` `{}`: we are back, after a lost WebSocket, a restart of the server, lost media or a reload; messages of the
 *   time between are lost
 * - `name` `{name}`: what others are shown of us, if it is not what it was
 * - `hidden` `{count}`: so many watch who are not in the list of participants
 * - `observed` `{broadcast, recorded}`: whether others watch the room live, and whether the server records it
 * - `load` `{step}`: what the server leaves undone from now on, because it has too much to do
 * - `stopping` `{seconds}`: the server stops by then at the latest; the call goes on until then, and comes back by itself
 * - `published` `{source, muted, gone}`: one of our own tracks changed
 * - `ended` `{source}`: the device of a camera or microphone that was on is gone; the source is muted now
 * - `silenced` `{source, silenced}`: a moderator muted a source of ours, which can be published no more, or allowed it
 *   again; then it is as good as muted by ourselves
 * - `moderated` `{participant: Participant}`: what moderators muted of somebody else changed
 * - `renamed` `{participant: Participant, before}`: somebody else is shown under another name
 * - `limited` `{source, bitrate}`: one of our own tracks has more bit/s than the server takes; the rest is dropped
 * - `quality` `{participant, source, score, grade, cause, path}`: how good a track is, ours as it comes in at the server,
 *   and whose fault it is if it is not; all three null: it is not rated any more. See PROTOCOL.md, `quality`. With the path
 *   `direct` it is our own word, of what comes and goes by that path
 * - `path` `{participant, direct}`: what comes of somebody comes directly from them now, or by the server
 * - `move` `{room, token}`: the server asks us to leave and join another room
 * - `token` `{token}`: we came by an invitation, and this is our own token from now on; keep it for the next join
 * - `error` `{error: PlenumError}`: something was refused, the call goes on
 * - `rules` `{}`: `locked`, `rules` or `hosts` changed
 * - `waiting` `{people}`: to hosts: others wait to be let in than before
 * - `breakouts` `{}`: `breakouts` changed
 * - `moving`, `moved` `{room}`: we go on in a breakout room, or in the main room again, as who we are; what is recorded of
 *   others is over
 * @extends {Events<RoomEvents>}
 */
export class PlenumRoom extends Events {
  /** @type {'connecting' | 'waiting' | 'connected' | 'reconnecting' | 'closed'} */
  state = 'closed';
  /** @type {string | null} our own id */
  participant = null;
  /** our own name as others are shown it: a token's goes before the one we asked for */
  name = '';
  /** how many watch beside the participants */
  hidden = 0;
  /** whether others watch the room live, and whether the server records it */
  observed = { broadcast: false, recorded: false };
  /** what the server leaves undone because it has too much to do @type {LoadStep} */
  load = 'none';

  /** @type {JoinOptions} */
  #options;
  /** What moderators muted of ourselves. @type {Set<Source>} */
  #silenced = new Set();
  /** What we may publish; null: as far as we know everything. @type {Set<Source> | null} */
  #allowed = null;
  /** Of the WebSocket. */
  #url = '';
  /** @type {SignalingSocket | null} */
  #socket = null;
  /** @type {MediaSession | null} */
  #media = null;
  /** To the node that has the room now, until it welcomes us. @type {SignalingSocket | null} */
  #next = null;
  /** The node that had the room, while its pictures and sound are still needed. @type {{socket: SignalingSocket, media: MediaSession, change: ChangeOver, timer: number} | null} */
  #former = null;
  /** So long the node that had the room goes on. */
  #handOverMillis = 0;
  /** Whether the server is one of several, so that another one may answer if it does not. */
  #hasOthers = false;
  /** Whether the socket was given up because the server was silent. */
  #wasSilent = false;
  #welcomed = false;
  /** Whether a host must let us in, and has not yet. */
  #waits = false;
  /** Whether this very socket has brought a welcome: before it, the session may turn out to be another one. */
  #ready = false;
  /** @type {string | null} resume token */
  #token = null;
  /** Of PeerConnections. @type {RTCConfiguration} */
  #configuration = {};
  /** Why we do not agree to talk directly now. */
  #againstDirect = new Set();
  /** @type {{resolve: () => void, reject: (error: PlenumError) => void}} */
  #settleJoin = { resolve() {}, reject() {} };

  #publications = new Publications({
    media: () => this.#media,
    acquire: (source) => this.#options.acquire(source),
    sayMute: (mid, muted) => this.#send({ type: 'mute', mid, muted }),
    onChange: (detail) => {
      if (detail.muted || detail.gone) this.#qualities.forget(detail.source);
      this.#direct.updateOwn(detail.source);
      this.#former?.media.sender(detail.source)?.replaceTrack(this.#publications.sent(detail.source));
      this.#emit('published', detail);
    },
    onEnded: (source) => this.#emit('ended', { source }),
  });
  #ruling = new Ruling();
  #breakouts = new Breakouts();
  /** Where we are on the way to. @type {string | null} */
  #movingTo = null;
  #roster = new Roster(
    (type, detail) => {
      if (type === 'track' && (detail.gone || detail.track.muted)) this.#qualities.forget(detail.track.track);
      this.#emit(type, detail);
      this.#direct.updateOther((participant) => this.participants.has(participant));
    },
    (tracks) => {
      this.#seating.forget(tracks, this.#media);
      this.#qualities.check();
    },
  );
  #seating = new Seating(
    (seats) => this.#send({ type: 'view', seats }),
    (tile) => this.#emit('tile', tile),
    (participant, source) => this.#direct.trackOf(participant, source),
  );
  #direct = new Direct({
    say: (message) => this.#send(message),
    configuration: () => this.#configuration,
    track: (source) => this.#publications.sent(source),
    isOn: (participant, source) => this.#isOn(participant, source),
    receiver: (participant, source) => this.#slotOf(participant, source)?.receiver ?? null,
    serverState: () => this.#media?.state ?? 'closed',
    serverStats: async () => this.#media?.getStats() ?? null,
    holdPictures: (held) => this.#media?.holdPictures(held),
    onSound: (stream, gone) => this.#emit('sound', { stream, gone }),
    onChange: () => this.#seating.update(this.#media),
    onPath: (participant, direct) => this.#onPath(participant, direct),
    onSecond: (report) => this.#rateDirect(report),
  });
  /** Of the direct path as it is now. */
  #directQuality = new DirectQuality();
  #qualities = new Qualities(
    (mid) => this.#carried(mid),
    (quality) => this.#emit('quality', quality),
  );
  #offers = new Requests(ANSWER_MILLIS, () => this.#socket?.reset());
  #reports = new Reports(
    () => this.#recentCounters(),
    (report) => this.#send({ type: 'report', ...report }),
  );
  #liveness = new Liveness({
    played: () => Math.max(0, ...(this.#media?.played.values() ?? [])),
    ask: () => this.#send({ type: 'ping', id: 0 }),
    onSilence: () => this.#onSilence(),
  });
  #questions = new Requests(ANSWER_MILLIS, () => {});
  /** @type {{media: MediaSession | null, counters: import('./client/counters.js').Counters | null}} */
  #lastRead = { media: null, counters: null };
  #onNetworkBack = () => this.#networkBack();
  #onVisible = () => document.hidden || this.#socket?.hurry();

  /** What lets us in (JWT, or a guest's pass), for other requests to the server. @returns {string | undefined} */
  get token() {
    return this.#options?.token;
  }

  /** Whether nobody is let in any more. */
  get locked() {
    return this.#ruling.locked;
  }

  /** What hosts have decided; they are held to none of it. @returns {import('./client/ruling.js').Rules} */
  get rules() {
    return this.#ruling.rules;
  }

  /** Participants who are hosts, ourselves included. @returns {ReadonlySet<string>} */
  get hosts() {
    return this.#ruling.hosts;
  }

  /** Whether we are a host. */
  get isHost() {
    return this.#ruling.hosts.has(this.participant);
  }

  /** Who waits to be let in, in order of coming; hosts know. @returns {import('./client/ruling.js').Waiter[]} */
  get waiting() {
    return this.#ruling.waiting;
  }

  /** The breakout rooms of this room, and in which of them we are. @returns {Breakouts} */
  get breakouts() {
    return this.#breakouts;
  }

  /** Whether we are on the way to another room of ours. */
  get isMoving() {
    return this.#movingTo !== null;
  }

  /**
   * Asks to be in another room: the main one, or a breakout room that a host has given us; hosts may be in all of them.
   * @param {string} room its name
   * @returns {boolean} false if we are not connected
   */
  goTo(room) {
    return this.#send({ type: 'move', room });
  }

  /** Everyone else, by id, in order of joining. @returns {Map<string, Participant>} */
  get participants() {
    return this.#roster.participants;
  }

  /**
   * Joins; settles when the server has welcomed us or refused.
   * @param {JoinOptions} options
   * @returns {Promise<void>}
   * @throws {PlenumError} with a code of PROTOCOL.md, or `unreachable`, or `origin-refused`: the server lets pages of this
   *     origin not use it
   */
  join(options) {
    if (this.#socket) throw new Error(`join: expected a closed room, it is ${this.state}`);
    this.#options = options;
    this.name = options.name ?? '';
    this.#url = options.url ?? webSocketAt(options.server);
    this.#token = loadToken(options.room, this.#url);
    this.#welcomed = this.#waits = false;
    for (const { track, source } of options.tracks ?? tracksOf(options.stream)) this.#publications.add(track, source);
    this.#socket = this.#newSocket();
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
   * @throws {PlenumError} `silenced`: a moderator muted this source
   */
  publish(track, source) {
    if (this.isSilenced(source)) {
      track.stop();
      throw silencedError(source);
    }
    this.#publications.publish(track, source);
  }

  /** @param {Source} source */
  unpublish(source) {
    this.#publications.unpublish(source);
  }

  /**
   * Stops or starts sending. A muted camera's track is stopped, so its light goes off; a muted microphone's is kept.
   * @param {Source} source
   * @param {boolean} muted
   * @throws {PlenumError} `silenced`: a moderator muted this source
   */
  async setMuted(source, muted) {
    if (!muted && this.isSilenced(source)) throw silencedError(source);
    return this.#publications.setMuted(source, muted);
  }

  /**
   * Says something to everyone, or to one participant.
   * @param {string} text at most MAX_TEXT long
   * @param {{topic?: string, to?: string}} [options] topic: what it is about, for programs
   * @returns {boolean} false if we are not connected: nothing is kept for later
   * @throws {RangeError} if the text is too long, or empty
   */
  sendMessage(text, { topic = '', to } = {}) {
    if (text.length < 1 || text.length > MAX_TEXT) {
      throw new RangeError(`text must have 1 to ${MAX_TEXT} characters, it has ${text.length}`);
    }
    return this.#send({ type: 'message', to, topic, text });
  }

  /**
   * Sends a file to everyone, or to one participant, if the server takes files: they see its name and fetch it if they
   * want to. Conversation makes an entry of the chat of it.
   * @param {File} file
   * @param {{to?: string}} [options]
   * @returns {Promise<import('./client/files.js').SentFile>} with the name as it is shown
   * @throws {Error} why it was not sent
   */
  async sendFile(file, { to } = {}) {
    const sent = await upload(file, this.#filesAt);
    if (!this.sendMessage(JSON.stringify(sent), { topic: 'file', to })) throw new PlenumError({ code: 'unreachable', message: 'There is no connection.' });
    return sent;
  }

  /** Fetches what somebody sent. @param {import('./client/files.js').SentFile} file @returns {Promise<Blob>} */
  fetchFile(file) {
    return download(file, this.#filesAt);
  }

  get #filesAt() {
    const { room, server } = this.#options;
    return { room, token: this.token, server };
  }

  /**
   * Asks to be shown under another name; `name` tells when it is so, `error` if it may not be.
   * @param {string} name
   * @returns {boolean} false if we are not connected
   */
  rename(name) {
    return this.#send({ type: 'rename', name });
  }

  /** @param {Source} source */
  isPublished(source) {
    return this.#publications.has(source);
  }

  /** @param {Source} source */
  localTrack(source) {
    return this.#publications.track(source);
  }

  /** @param {Source} source @returns {string | null} what it is sent in, `video/VP8`; null while that is not known */
  codecSent(source) {
    return this.#media?.codec(source) ?? null;
  }

  /** @param {Source} source */
  isMuted(source) {
    return this.#publications.isMuted(source);
  }

  /** @param {Source} source @returns {boolean} whether what let us in, and the room's rules, allow to publish it */
  mayPublish(source) {
    if (source.startsWith('screen') && !this.rules.screen && !this.isHost) return false;
    return this.#allowed?.has(source) ?? true;
  }

  /** @param {Source} source @returns {boolean} whether a moderator muted it, published or not */
  isSilenced(source) {
    return this.#silenced.has(source);
  }

  /**
   * What can be recorded of somebody now: the tracks as we see and hear them.
   * @param {string} participant ourselves too
   * @param {boolean} [screen] the screen share instead of camera and microphone
   * @returns {MediaStream | null} null if nothing comes
   */
  streamOf(participant, screen = false) {
    /** @type {Source[]} */
    const sources = screen ? ['screen', 'screen-audio'] : ['camera', 'microphone'];
    if (participant === this.participant) {
      const own = sources.filter((source) => !this.isMuted(source)).map((source) => this.localTrack(source));
      return own.length ? new MediaStream(own) : null;
    }
    const slots = sources.map((source) => this.#slotOf(participant, source)).filter(Boolean);
    return slots.length ? new MediaStream(slots.map(({ receiver }) => receiver.track)) : null;
  }

  #slotOf(participant, source) {
    const isIts = (bound) => bound?.participant === participant && bound.source === source;
    return this.#media?.slots.find((slot) => isIts(this.#seating.bound(slot.mid))) ?? null;
  }

  /** Whether somebody publishes it and it is not muted, by a moderator neither. */
  #isOn(participant, source) {
    const tracks = this.participants.get(participant)?.tracks ?? [];
    return tracks.some((track) => track.source === source && !track.muted);
  }

  /** @param {string} participant @returns {boolean} whether what comes of them comes directly, and not by the server */
  isDirect(participant) {
    return this.#direct.participant === participant;
  }

  /**
   * Whether we agree to talk directly from now on.
   * @param {boolean} agrees
   */
  allowDirect(agrees) {
    this.avoidDirect('asked', !agrees);
  }

  /**
   * We do not talk directly for as long as there is a reason not to: while something is recorded that others send, for
   * a recording cannot follow from one path to another.
   * @param {unknown} reason one of perhaps several
   * @param {boolean} avoid false: this reason is none any more
   */
  avoidDirect(reason, avoid) {
    const agreed = this.#againstDirect.size === 0;
    if (avoid) this.#againstDirect.add(reason);
    else this.#againstDirect.delete(reason);
    if ((this.#againstDirect.size === 0) !== agreed) this.#sayAgreement();
  }

  #sayAgreement() {
    if (this.#saysDirect) this.#send({ type: 'direct', state: this.#againstDirect.size ? 'refused' : 'allowed' });
  }

  get #saysDirect() {
    const { direct = true, iceTransportPolicy } = this.#options;
    return direct && iceTransportPolicy !== 'relay';
  }

  /**
   * Says what is shown, the most important first. Seats are made as needed, up to MAX_SEATS; whatever stays in the list
   * keeps its seat.
   * @param {View[]} views
   */
  view(views) {
    this.#seating.view(views, this.#media);
  }

  /**
   * What the browser counted, for tests and the curious: `receive[participant][source]` and `send[source]`. The counters
   * are the slot's and run on when it is bound to somebody else: compare two readings.
   */
  async stats() {
    const media = this.#media;
    const bound = (media?.slots ?? []).map((slot) => ({ slot, binding: this.#seating.bound(slot.mid) }));
    return {
      connection: media?.state ?? 'closed',
      direct: await this.#directStats(),
      receive: await receiveStats(bound.filter(({ binding }) => binding)),
      send: await sendStats(this.#publications.sources.map((source) => [source, media?.sender(source)])),
    };
  }

  #onPath(participant, direct) {
    this.#directQuality = new DirectQuality();
    if (!direct) this.#qualities.applyDirect([]);
    this.#emit('path', { participant, direct });
  }

  /** @param {RTCStatsReport} report of the direct path */
  #rateDirect(report) {
    const counters = this.#directCountersOf(report);
    if (counters) this.#qualities.applyDirect(this.#directQuality.second(counters, this.participant, !document.hidden));
  }

  /** The pair of the direct path, if media goes by it. */
  async #directStats() {
    const counters = await this.#directCounters();
    return counters && { participant: this.#direct.participant, pair: counters.pair };
  }

  /** @returns {Promise<import('./client/counters.js').Counters | null>} null if media does not go directly */
  async #directCounters() {
    return this.#directCountersOf(await this.#direct.getStats());
  }

  #directCountersOf(report) {
    const participant = this.#direct.participant;
    if (!report || !participant) return null;
    const counters = countersOf(report);
    for (const stream of [...counters.receive, ...counters.send]) {
      const source = this.#direct.sourceOf(stream.mid);
      const isReceived = counters.receive.includes(stream);
      const isOn = isReceived ? this.#isOn(participant, source) : this.#publications.sent(source) !== null;
      const tracks = this.participants.get(participant)?.tracks ?? [];
      const track = isReceived ? tracks.find((entry) => entry.source === source)?.track : source;
      const whose = isReceived ? participant : this.participant;
      Object.assign(stream, { participant: whose, source, track: isOn ? (track ?? null) : null, path: 'direct', mid: `direct/${stream.mid}` });
    }
    return counters;
  }

  /**
   * All counters of the connection, each stream with the track that it carries now: for Statistics.
   * @returns {Promise<import('./client/counters.js').Counters | null>} null without a connection; `receive` and `send`
   *     have `participant`, `source` and `track` too, null where a slot is empty
   */
  async counters() {
    const [server, direct] = await Promise.all([this.#serverPathCounters(), this.#directCounters()]);
    if (!server || !direct) return server;
    const beside = (streams, others) => [
      ...streams.filter(({ track }) => track && !others.some((other) => other.track === track)),
      ...others,
    ];
    const { roundTripTime, availableOutgoingBitrate, relayed, way, pair } = direct;
    return {
      at: server.at,
      roundTripTime,
      availableOutgoingBitrate,
      relayed,
      way,
      pair,
      receive: beside(server.receive, direct.receive),
      send: beside(server.send, direct.send),
    };
  }

  /** The same, but one that somebody else has just read is good enough. */
  async #recentCounters() {
    const { media, counters } = this.#lastRead;
    const isRecent = counters && media === this.#media && Date.now() - counters.at < RECENT_MILLIS;
    return isRecent ? counters : this.#serverPathCounters();
  }

  /** What goes by the server alone. */
  async #serverPathCounters() {
    const media = this.#media;
    if (!media) return null;
    const counters = countersOf(await media.getStats());
    this.#lastRead = { media, counters };
    for (const stream of counters.receive) {
      const { participant = null, source = null, track = null } = this.#seating.bound(stream.mid) ?? {};
      Object.assign(stream, { participant, source, track });
    }
    for (const stream of counters.send) {
      const source = this.#publications.sourceOf(stream.mid);
      Object.assign(stream, { participant: this.participant, source, track: source });
    }
    return counters;
  }

  /**
   * What the server has counted of our own tracks and slots (`stats` of PROTOCOL.md): the other end of `counters`.
   * @returns {Promise<ServerCounters | null>} null if we are not connected, or no answer came
   */
  async serverCounters() {
    try {
      return serverCountersOf(await this.#questions.ask((id) => this.#send({ type: 'stats', id })));
    } catch {
      return null;
    }
  }

  // --- Signaling ---

  #newSocket() {
    const socket = new SignalingSocket(this.#url, {
      onOpen: () => this.#sayHello(socket),
      onMessage: (message) => this.#hear(message, socket),
      onLost: () => this.#onLost(socket),
    });
    return socket;
  }

  /** @param {any} message @param {SignalingSocket} socket it came by */
  #hear(message, socket) {
    if (socket === this.#socket) {
      this.#liveness.heard();
      this.#receive(message);
    } else if (socket === this.#next) {
      this.#hearNext(message);
    } else if (socket === this.#former?.socket && message.type === 'slot') {
      this.#seating.bindKept(message, this.#media);
    }
  }

  /** @param {SignalingSocket} socket */
  #onLost(socket) {
    if (socket === this.#socket) {
      this.#next?.close();
      this.#next = null;
      this.#onSignalingLost();
    } else if (socket === this.#former?.socket) this.#letGo();
  }

  /** @param {SignalingSocket} socket */
  #sayHello(socket) {
    const { room, name, token } = this.#options;
    const features = this.#saysDirect ? [...FEATURES, DIRECT] : FEATURES;
    const resume = this.#token ? { resume: this.#token, media: this.#media && socket === this.#socket ? 'keep' : 'new' } : {};
    socket.send({ type: 'hello', version: PROTOCOL_VERSION, features, room, name, token, ...resume });
  }

  #receive(message) {
    switch (message.type) {
      case 'welcome': return this.#onWelcome(message);
      case 'wait': return this.#onWait(message);
      case 'rules': return this.#onRules(message);
      case 'waiting': return this.#onWaiting(message.people);
      case 'answer': return void this.#offers.answer(message.id, message.sdp);
      case 'slot': return this.#onSlot(message);
      case 'quality': return this.#qualities.apply(message.sections);
      case 'stats': return void this.#questions.answer(message.id, message);
      case 'handOver': return this.#onHandOver(message);
      case 'stopping': return this.#emit('stopping', { seconds: message.seconds });
      case 'publish': return this.#media?.preferCodec(message.mid, message.codec);
      case 'limited': return this.#onLimited(message);
      case 'layers': return this.#media?.switchLayers(message.mid, message.active, message.maxBitrates);
      case 'joined': return this.#roster.joined(message);
      case 'left': return this.#roster.left(message);
      case 'track': return this.#roster.track(message);
      case 'untrack': return this.#roster.untrack(message);
      case 'roster': return message.events.forEach((event) => this.#receive(event));
      case 'speakers': return this.#emit('speakers', { participants: message.participants });
      case 'silenced': return this.#onSilenced(message);
      case 'renamed': return this.#onRenamed(message);
      case 'move':
        if (message.stays) return this.#move(message.room);
        return this.#emit('move', { room: message.room, token: message.token ?? null });
      case 'breakouts': return this.#onBreakouts(message);
      case 'message': {
        const { from, topic, text, direct = false } = message;
        return this.#emit('message', { from, topic, text, direct });
      }
      case 'missed': return this.#emit('missed', { count: message.count });
      case 'iceServers': return this.#onServers(message);
      case 'observed': return this.#onObserved(message);
      case 'playout': return this.#media?.holdBack(message.delay);
      case 'load': return this.#onLoad(message.step);
      case 'hidden': return this.#onHidden(message.count);
      case 'direct': return this.#direct.receive(message);
      case 'peer': return this.#direct.take(message);
      case 'transport': return this.#onTransport(message);
      case 'error': return this.#onError(message);
      case 'bye': return this.#onBye(message);
    }
  }

  #onWelcome(welcome) {
    const returns = this.#token !== null || this.participant !== null;
    this.#socket.settled();
    this.#socket.alternatives((welcome.nodes ?? []).map((node) => webSocketAt(node)));
    this.#hasOthers = welcome.nodes !== undefined;
    if (this.#wasSilent && welcome.resumed) this.#liveness.falseAlarm();
    this.#wasSilent = false;
    this.#token = welcome.resume;
    saveToken(this.#options.room, this.#url, welcome.resume);
    this.participant = welcome.participant;
    this.#takeName(welcome.name ?? this.#options.name);
    if (welcome.token) this.#takeToken(welcome.token);
    this.#welcomed = this.#ready = true;
    this.#waits = false;
    this.#allowed = welcome.publish ? new Set(welcome.publish) : null;
    this.#onRules(welcome);
    const moved = this.#movingTo !== null;
    this.#movingTo = null;
    this.#breakouts.enter(this.#options.room, welcome.room);
    this.#emit('breakouts', {});
    this.#onWaiting(welcome.waiting ?? []);
    this.#setSilenced(welcome.silenced ?? []);
    const resumed = welcome.resumed && this.#media !== null;
    const handed = this.#former !== null && this.#media === null;
    const anew = !resumed && (this.#media !== null || handed);
    this.#configuration = { iceServers: welcome.iceServers ?? [], ...policyOf(this.#options) };
    if (resumed) {
      this.#media.takeServers(this.#configuration.iceServers);
      this.#direct.takeServers(this.#configuration.iceServers, undefined, false);
    } else {
      this.#startMedia();
    }
    if (this.#againstDirect.size) this.#sayAgreement();
    this.#roster.sync(welcome.participants, anew, handed);
    this.#onHidden(welcome.hidden);
    this.#onObserved(welcome.observed ?? {});
    if (!resumed) this.#onLoad('none'); // or it is said next
    if (resumed) this.#catchUp(welcome.slots);
    if (welcome.history?.length) this.#emit('history', { messages: welcome.history });
    if (moved) this.#emit('moved', { room: welcome.room });
    if (returns) this.#emit('resumed', {});
    if (this.#hasOthers) this.#liveness.start();
    this.#updateState();
    this.#settleJoin.resolve();
  }

  // --- To another node ---

  /** Another node has the room: we go there while this one still plays. */
  #onHandOver({ seconds, nodes = [] }) {
    this.#handOverMillis = seconds * 1000;
    this.#letGo();
    this.#next?.close();
    const addresses = nodes.map((node) => webSocketAt(node));
    // What comes directly from another one does not go over this node; both ends begin anew.
    if (this.#direct.participant !== null || this.#media?.state !== 'connected') {
      this.#socket.alternatives(addresses);
      return this.#socket.escape();
    }
    this.#next = this.#newSocket();
    this.#next.alternatives(addresses);
    if (addresses.length) this.#next.preferOther();
    this.#next.connect();
  }

  #hearNext(message) {
    if (message.type === 'welcome') {
      this.#goOver();
      this.#receive(message);
    } else if (message.type === 'wait' || (message.type === 'error' && message.fatal)) {
      // It does not take us as it should: then as if this node had died.
      this.#next.close();
      this.#next = null;
      this.#socket.escape();
    }
  }

  /** The other node knows us: it is the one we talk to from now on. */
  #goOver() {
    const socket = this.#socket;
    const media = this.#media;
    socket.retire();
    media.retire();
    this.#seating.keep(media);
    const change = new ChangeOver(media, {
      media: () => this.#media,
      bound: (mid) => this.#seating.bound(mid),
      boundBefore: (mid) => this.#seating.keptBound(mid),
      onPicture: (mid) => this.#seating.ready(mid, this.#media),
      onDone: () => socket.send({ type: 'handedOver' }),
    });
    this.#former = { socket, media, change, timer: setTimeout(() => this.#letGo(), this.#handOverMillis) };
    this.#media = null;
    this.#socket = this.#next;
    this.#next = null;
    this.#interrupt();
  }

  /** Nothing is needed of the node any more that had the room, or it is gone. */
  #letGo() {
    const former = this.#former;
    if (!former) return;
    this.#former = null;
    clearTimeout(former.timer);
    former.change.end();
    former.socket.close();
    former.media.close();
    former.media.sounds.forEach((stream) => this.#emit('sound', { stream, gone: true }));
    this.#seating.release(this.#media);
    this.#roster.settle();
    this.#updateState();
  }

  /** The server is gone without a word: another one may have the room. */
  #onSilence() {
    if (!this.#ready) return;
    this.#wasSilent = true;
    this.#socket.escape();
  }

  /** We are at the door. */
  #onWait({ name }) {
    this.#socket.settled();
    this.#takeName(name);
    this.#waits = true;
    this.#updateState();
  }

  #onRules(told) {
    this.#ruling.apply(told);
    for (const source of this.#publications.sources) if (!this.mayPublish(source)) this.#publications.unpublish(source);
    this.#emit('rules', {});
  }

  #onBreakouts(told) {
    this.#breakouts.apply(told);
    this.#emit('breakouts', {});
  }

  /** The session goes on in another room: by a new connection, with what is published and muted as it is. */
  #move(room) {
    if (this.#movingTo === room) return;
    this.#movingTo = room;
    this.#emit('moving', { room });
    this.#stopMedia();
    this.#socket.renew();
  }

  #onWaiting(people) {
    this.#ruling.waiting = people;
    this.#emit('waiting', { people });
  }

  #takeName(name) {
    if (name === this.name) return;
    this.name = name;
    this.#emit('name', { name });
  }

  #takeToken(token) {
    this.#options = { ...this.#options, token };
    this.#emit('token', { token });
  }

  /** Says and hears what was missed while the socket was gone. */
  #catchUp(slots) {
    this.#qualities.clear();
    this.#seating.resume(slots, this.#media);
    this.#publications.sayMutes();
    this.#seating.request(this.#media);
    this.#media.resume();
  }

  #onSignalingLost() {
    this.#ready = false;
    this.#liveness.stop();
    this.#interrupt();
    if (!this.#welcomed && !this.#waits) return void this.#endUnwelcome(); // who waits knocks again
    this.#updateState();
  }

  /** We never got in, and no word came over the socket: a request may be told why. */
  async #endUnwelcome() {
    const socket = this.#socket;
    socket.close();
    const refusal = await socket.refusal();
    if (this.#socket !== socket) return;
    if (refusal) this.#finish('origin-refused', { code: 'origin-refused', message: refusal });
    else this.#finish('unreachable', { code: 'unreachable', message: 'The server does not answer.' });
  }

  #networkBack() {
    this.#socket?.hurry();
    // If the socket is dead without knowing it, the answer that does not come will tell.
    if (this.#ready) this.#media?.offer({ iceRestart: true });
  }

  #onError({ code, message, field, id, fatal, retryAfter = null }) {
    const error = new PlenumError({ code, message, field });
    if (fatal) return this.#onFatal(error, retryAfter);
    if (!this.#offers.refuse(id, error) && !this.#questions.refuse(id, error)) this.#emit('error', { error });
  }

  /** Who was in the room tries again if that may help; who was not is told. @param {number | null} retryAfter seconds */
  #onFatal(error, retryAfter) {
    const mayPass = retryAfter !== null || error.code === 'internal';
    const isOver = this.#waits && error.code === 'room-closed';
    if (isOver || (!this.#welcomed && !this.#waits) || !mayPass) return this.#finish(error.code, error);
    this.#socket.holdOff(retryAfter ?? 0);
  }

  #onBye({ reason }) {
    this.#token = null;
    if (reason === 'media-lost' && this.#media?.wasConnected) this.#renewMedia();
    else this.#finish(reason, reason === 'left' ? undefined : { code: reason });
  }

  #onSlot(slot) {
    this.#seating.bind(slot, this.#media);
    this.#direct.apply();
    this.#emit('bound', { mid: slot.mid, participant: slot.participant });
    this.#qualities.check();
  }

  /** @param {string} mid @returns {import('./client/quality.js').Carried | null} */
  #carried(mid) {
    const bound = this.#seating.bound(mid);
    if (bound) {
      return { participant: bound.participant, source: /** @type {Source} */ (bound.source), track: bound.track };
    }
    const source = this.#publications.sourceOf(mid);
    return source && { participant: this.participant, source, track: null };
  }

  #onSilenced({ participant, sources }) {
    if (participant === this.participant) this.#setSilenced(sources);
    else this.#roster.silenced({ participant, sources });
  }

  /** @param {Source[]} sources all that are muted by moderators */
  #setSilenced(sources) {
    const before = this.#silenced;
    this.#silenced = new Set(sources);
    for (const source of sources) {
      if (before.has(source)) continue;
      this.#publications.silence(source);
      this.#emit('silenced', { source, silenced: true });
    }
    for (const source of before) if (!this.#silenced.has(source)) this.#emit('silenced', { source, silenced: false });
  }

  #onRenamed({ participant, name }) {
    if (participant !== this.participant) return this.#roster.renamed({ participant, name });
    this.#options = { ...this.#options, name }; // for when we come back
    this.#takeName(name);
  }

  #onLimited({ mid, bitrate }) {
    const source = this.#publications.sourceOf(mid);
    if (source) this.#emit('limited', { source, bitrate });
  }

  #onTransport({ state }) {
    if (state === 'lost') this.#media?.offer({ iceRestart: true });
    const media = this.#media;
    if (state !== 'closed' || !media) return;
    // If the server is done with us, it says so next: nothing is to be renewed then.
    if (media.wasConnected) setTimeout(() => this.#media === media && this.#renewMedia(), BYE_MILLIS);
    else this.#finish('media-failed', { code: 'media-failed', message: 'No way was found for sound and pictures.' });
  }

  // --- Media ---

  #onServers({ iceServers, direct }) {
    this.#configuration = { ...this.#configuration, iceServers };
    this.#media?.takeServers(iceServers);
    this.#direct.takeServers(iceServers, direct);
  }

  #startMedia() {
    this.#stopMedia();
    this.#reports.start();
    this.#media = new MediaSession(this.#configuration, this.#publications.all, this.#seating.seatCount, {
      exchange: (offer) => this.#offers.ask((id) => this.#send({ type: 'offer', id, ...offer })),
      onNegotiated: () => this.#onNegotiated(),
      onState: () => this.#updateState(),
      onSound: (stream) => this.#emit('sound', { stream, gone: false }),
      onRefused: (error) => this.#emit('error', { error }),
    }, this.#former?.media);
  }

  #stopMedia() {
    const media = this.#media;
    this.#direct.close();
    this.#qualities.clear();
    this.#media = null;
    this.#reports.stop();
    this.#interrupt();
    media?.close();
    media?.sounds.forEach((stream) => this.#emit('sound', { stream, gone: true }));
    this.#seating.disconnect();
  }

  /** The PeerConnection is beyond repair: joins anew in place of the old session. */
  #renewMedia() {
    this.#stopMedia();
    this.#socket.reset();
  }

  #interrupt() {
    this.#offers.interrupt();
    this.#questions.interrupt();
  }

  #onNegotiated() {
    this.#seating.request(this.#media);
    this.#seating.update(this.#media);
    this.#direct.apply();
    this.#updateState();
  }

  #onHidden(count) {
    if (count === this.hidden) return;
    this.hidden = count;
    this.#emit('hidden', { count });
  }

  #onObserved({ broadcast = false, recorded = false }) {
    if (broadcast === this.observed.broadcast && recorded === this.observed.recorded) return;
    this.observed = { broadcast, recorded };
    this.#emit('observed', this.observed);
  }

  /** @param {LoadStep} step */
  #onLoad(step) {
    if (step === this.load) return;
    this.load = step;
    this.#emit('load', { step });
  }

  // --- State ---

  #finish(reason, error) {
    if (!this.#socket) return;
    removeEventListener('online', this.#onNetworkBack);
    document.removeEventListener('visibilitychange', this.#onVisible);
    this.#socket.close();
    this.#socket = null;
    this.#next?.close();
    this.#next = null;
    this.#letGo();
    this.#liveness.stop();
    this.#ready = false;
    this.#stopMedia();
    this.#publications.stop();
    this.#roster.clear();
    this.#seating.clear();
    this.#silenced = new Set();
    this.#ruling.clear();
    this.#movingTo = null;
    this.#waits = false;
    this.participant = null;
    this.#token = null;
    if (reason !== 'unreachable' && reason !== 'origin-refused') saveToken(this.#options.room, this.#url, null);
    const problem = error && (error instanceof PlenumError ? error : new PlenumError(error));
    this.#settleJoin.reject(problem ?? new PlenumError({ code: reason }));
    this.#setState('closed', { reason, error: problem });
  }

  #updateState() {
    if (!this.#socket) return;
    const media = this.#media?.state;
    if (this.#waits) this.#setState('waiting');
    else if (!this.#welcomed) this.#setState('connecting');
    else if (!this.#ready || media === 'disconnected' || media === 'failed') this.#setState('reconnecting');
    else if (media === 'connected' || this.#former?.media.state === 'connected') this.#setState('connected');
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

/** @param {MediaStream | undefined} stream */
function tracksOf(stream) {
  return (stream?.getTracks() ?? []).map((track) => ({ track, source: track.kind === 'audio' ? 'microphone' : 'camera' }));
}

const silencedError = (source) => new PlenumError({ code: 'silenced', message: `A moderator muted your ${source}.` });

/** @param {JoinOptions} options @returns {RTCConfiguration} */
const policyOf = ({ iceTransportPolicy }) => (iceTransportPolicy ? { iceTransportPolicy } : {});
