// Talking directly to the other one, when the server says that there are only two: brings the path up beside the one to
// the server, shows what comes by it, and goes back. Sound keeps flowing through the server, muted here, so that going
// back is instant; pictures are not sent there meanwhile.

import { DirectMedia, SOURCES } from './direct-media.js';
import { DirectWatch } from './direct-watch.js';

/** Without a path by then there is none. */
const CONNECT_MILLIS = 5000;

/** How often it is looked at whether media has begun to come, and whether it still does. */
const LOOK_MILLIS = 25;

/** How often it is looked at whether the server's picture is there: each frame counts. */
const RETURN_MILLIS = 15;

/** What comes directly is heard for so long beside the server's sound: a track is not heard at once that was not before. */
const OVERLAP_MILLIS = 120;

/** The direct path goes on for so long after its end, until both have the server's pictures. */
const LINGER_MILLIS = 3000;

/** A path that was doubted is trusted again after so long. */
const TRUST_MILLIS = 2000;

/** @typedef {import('./publications.js').Source} Source */
/** @typedef {'started' | 'up' | 'ended'} State as the server has them */

/**
 * @typedef {object} DirectHandlers
 * @property {(message: object) => boolean} say tells the server; false: it could not be told
 * @property {() => RTCConfiguration} configuration
 * @property {(source: Source) => MediaStreamTrack | null} track what we send of a source now
 * @property {(participant: string, source: Source) => boolean} isOn whether somebody publishes it, unmuted, and no
 *     moderator muted it
 * @property {(participant: string, source: Source) => RTCRtpReceiver | null} receiver by which it comes from the server
 * @property {() => RTCPeerConnectionState} serverState of the path to the server
 * @property {() => Promise<RTCStatsReport | null>} serverStats
 * @property {(held: boolean) => void} holdPictures whether our pictures are not sent to the server
 * @property {(stream: MediaStream, gone: boolean) => void} onSound one more sound to play, or one less
 * @property {() => void} onChange something is shown by another path than before
 * @property {(participant: string, direct: boolean) => void} onPath where somebody comes from now
 * @property {(report: RTCStatsReport) => void} onSecond what is counted of the direct path, each second
 */

export class Direct {
  #handlers;
  /** @type {{call: number, participant: string} | null} the one under way */
  #present = null;
  /** @type {DirectMedia | null} */
  #media = null;
  /** Whether the server gave it ICE servers of its own. */
  #hasServers = false;
  #watch = new DirectWatch();
  /** Whether its media is what is played and shown. */
  #isUp = false;
  #saidConnected = false;
  /** What is still shown of it, though it is over. @type {Set<Source>} */
  #leaving = new Set();
  /** Running while it is still heard, though it is over. */
  #overlapTimer = 0;
  /** @type {MediaStream[]} */
  #sounds = [];
  /** The server's sounds that are not heard meanwhile. @type {Set<MediaStreamTrack>} */
  #hushed = new Set();
  /** @type {Map<Source, unknown>} how far the server's pictures were when it ended */
  #marks = new Map();
  #giveUpTimer = 0;
  #lookTimer = 0;
  #returnTimer = 0;
  #lingerTimer = 0;
  #secondTimer = 0;
  /** Running while our pictures are sent to the server too, for the path may be lost. */
  #trustTimer = 0;
  /** @type {{direct: {packets: number, lost: number}, server: {packets: number, lost: number}} | null} */
  #before = null;

  /** @param {DirectHandlers} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
  }

  /** Whom we talk to directly now; null: nobody. */
  get participant() {
    return this.#isUp ? this.#present.participant : null;
  }

  /** @param {string} participant @param {Source} source @returns {MediaStreamTrack | null} what is to be shown of somebody if it comes directly */
  trackOf(participant, source) {
    const isShown = this.#isUp || this.#leaving.has(source);
    if (!isShown || this.#present?.participant !== participant) return null;
    return this.#media?.receiver(source)?.track ?? null;
  }

  /** @returns {Promise<RTCStatsReport | null>} null while it is not what is shown */
  async getStats() {
    return this.#isUp ? this.#media.getStats() : null;
  }

  /** @param {string | null} mid @returns {Source | null} */
  sourceOf(mid) {
    return this.#media?.sourceOf(mid) ?? null;
  }

  /** For the curious. */
  get state() {
    return this.#media?.state ?? 'closed';
  }

  /**
   * @param {{call: number, state: State, participant: string, offers: boolean, iceServers?: RTCIceServer[]}} message
   *     `direct` of the server
   */
  receive({ call, state, participant, offers, iceServers }) {
    // Said again, for we were away.
    if (this.#present?.call === call && state !== 'ended' && iceServers) this.#media?.takeServers(iceServers, false);
    if (state === 'started') this.#start(call, participant, offers, iceServers);
    else if (state === 'up') this.#goUp(call);
    else if (this.#present?.call === call) this.#fallBack();
  }

  /** @param {{from: string, call: number, description?: RTCSessionDescriptionInit, candidates?: {candidate: string, mid: string}[]}} message `peer` */
  take(message) {
    if (message.call === this.#present?.call && message.from === this.#present.participant) this.#media?.take(message);
  }

  /**
   * ICE servers with new passwords.
   * @param {RTCIceServer[]} usual those of the path to the server
   * @param {RTCIceServer[]} [own] those of the direct call; missing: it has none of its own, or they are said later
   * @param {boolean} [inTime] whether it is time to take other relays
   */
  takeServers(usual, own, inTime = true) {
    const servers = own ?? (this.#hasServers ? null : usual);
    if (servers) this.#media?.takeServers(servers, inTime);
  }

  /** We send something else of a source, or nothing. @param {Source} source */
  updateOwn(source) {
    this.#media?.update(source);
  }

  /** The other one has muted something, or was muted by a moderator, or has left. @param {(participant: string) => boolean} isHere */
  updateOther(isHere) {
    if (this.#present && !isHere(this.#present.participant)) this.close();
    else this.#apply();
  }

  /** There are more slots than before: what they play is ours to say. */
  apply() {
    this.#apply();
  }

  /** It is over, and nothing of it is left. */
  close() {
    for (const timer of [this.#giveUpTimer, this.#returnTimer, this.#lingerTimer, this.#overlapTimer, this.#trustTimer]) clearTimeout(timer);
    for (const timer of [this.#lookTimer, this.#secondTimer]) clearInterval(timer);
    this.#lingerTimer = this.#overlapTimer = this.#trustTimer = 0;
    const participant = this.#isUp ? this.#present.participant : null;
    const hadMedia = this.#media !== null;
    if (this.#isUp) this.#handlers.holdPictures(false);
    this.#isUp = false;
    this.#leaving.clear();
    this.#apply();
    this.#media?.close();
    this.#media = null;
    this.#present = null;
    for (const sound of this.#sounds.splice(0)) this.#handlers.onSound(sound, true);
    if (hadMedia) this.#handlers.onChange();
    if (participant) this.#handlers.onPath(participant, false);
  }

  /** @param {RTCIceServer[] | undefined} iceServers in place of those of the path to the server */
  #start(call, participant, offers, iceServers) {
    if (this.#present?.call === call) return;
    this.close();
    this.#present = { call, participant };
    this.#watch = new DirectWatch();
    this.#saidConnected = false;
    this.#before = null;
    this.#hasServers = iceServers !== undefined;
    const usual = this.#handlers.configuration();
    const media = new DirectMedia(iceServers ? { ...usual, iceServers } : usual, offers, {
      say: (message) => this.#handlers.say({ type: 'peer', to: participant, call, ...message }),
      onState: () => this.#media === media && this.#onState(),
      track: this.#handlers.track,
      onRefused: () => this.#media === media && this.#fail('not-connected'),
    });
    this.#media = media;
    this.#giveUpTimer = setTimeout(() => this.#fail('not-connected'), CONNECT_MILLIS);
    this.#lookTimer = setInterval(() => this.#look(), LOOK_MILLIS);
  }

  #onState() {
    const { state } = this.#media;
    if (state === 'failed' || state === 'closed') this.#fail(this.#isUp ? 'lost' : 'not-connected');
    else if (state === 'disconnected' && this.#handlers.serverState() === 'connected') this.#fail('lost');
    else this.#look();
  }

  #goUp(call) {
    if (this.#present?.call !== call || !this.#media || this.#lingerTimer) {
      // We gave it up while the server could not be told.
      this.#handlers.say({ type: 'direct', call, state: 'failed', reason: 'lost' });
      return;
    }
    if (this.#isUp) return;
    clearTimeout(this.#giveUpTimer);
    this.#isUp = true;
    this.#playSounds();
    this.#apply();
    this.#handlers.onChange();
    this.#handlers.holdPictures(true);
    this.#handlers.onPath(this.#present.participant, true);
    this.#secondTimer = setInterval(() => this.#second(), 1000);
  }

  #fail(reason) {
    if (!this.#present || this.#lingerTimer) return;
    this.#handlers.say({ type: 'direct', call: this.#present.call, state: 'failed', reason });
    this.#fallBack();
  }

  /**
   * Back to the server: our pictures are sent there again at once, its sound is heard at once, and what comes directly
   * is shown until its pictures are there.
   */
  #fallBack() {
    if (this.#lingerTimer) return;
    clearTimeout(this.#giveUpTimer);
    clearInterval(this.#lookTimer);
    clearInterval(this.#secondTimer);
    if (!this.#isUp) return this.close();
    const { participant } = this.#present;
    clearTimeout(this.#trustTimer);
    this.#handlers.holdPictures(false);
    this.#isUp = false;
    for (const source of SOURCES) {
      if (!isPicture(source) || !this.#handlers.isOn(participant, source)) continue;
      this.#leaving.add(source);
      this.#marks.set(source, markOf(this.#handlers.receiver(participant, source)));
    }
    this.#overlapTimer = setTimeout(() => {
      this.#overlapTimer = 0;
      this.#apply();
    }, OVERLAP_MILLIS);
    this.#apply();
    this.#handlers.onPath(participant, false);
    this.#lingerTimer = setTimeout(() => this.close(), LINGER_MILLIS);
    this.#return();
  }

  /** Shows the server's pictures as soon as they come. */
  #return() {
    const { participant } = this.#present;
    const before = this.#leaving.size;
    for (const source of this.#leaving) {
      const receiver = this.#handlers.receiver(participant, source);
      const mark = markOf(receiver);
      if (mark !== null && mark !== this.#marks.get(source)) this.#leaving.delete(source);
    }
    if (this.#leaving.size !== before) this.#handlers.onChange();
    if (this.#leaving.size) this.#returnTimer = setTimeout(() => this.#return(), RETURN_MILLIS);
  }

  /** Several times a second: has it begun to come, does it still? */
  #look() {
    if (!this.#present || !this.#media || this.#lingerTimer) return;
    if (!this.#saidConnected) this.#sayConnected();
    if (!this.#isUp) return;
    const { participant } = this.#present;
    // A screen may stand still for long.
    const on = SOURCES.filter((source) => source !== 'screen' && this.#handlers.isOn(participant, source));
    const arrivals = (sources, receiver) =>
      sources.map((source) => ({ key: source, kind: isPicture(source) ? 'video' : 'audio', mark: markOf(receiver(source)) }));
    const direct = arrivals(on, (source) => this.#media.receiver(source));
    const server = arrivals(on.filter((source) => !isPicture(source)), (source) => this.#handlers.receiver(participant, source));
    const verdict = this.#watch.look(performance.now(), direct, server, this.#handlers.serverState() === 'connected');
    if (verdict === 'lost') this.#fail('lost');
    else if (verdict === 'doubtful') this.#doubt();
  }

  /** The path may be lost: it takes our pictures a while to be at the server, so they set out before that is known. */
  #doubt() {
    if (!this.#trustTimer) this.#handlers.holdPictures(false);
    clearTimeout(this.#trustTimer);
    this.#trustTimer = setTimeout(() => {
      this.#trustTimer = 0;
      if (this.#isUp) this.#handlers.holdPictures(true);
    }, TRUST_MILLIS);
  }

  /** Not before something has come of all that the other one sends: then nobody sees a gap. */
  #sayConnected() {
    const { call, participant } = this.#present;
    const media = this.#media;
    if (media.state !== 'connected') return;
    const hasCome = (source) => !this.#handlers.isOn(participant, source) || markOf(media.receiver(source)) !== null;
    if (SOURCES.every(hasCome)) this.#saidConnected = this.#handlers.say({ type: 'direct', call, state: 'connected' });
  }

  async #second() {
    const media = this.#media;
    const [direct, server] = await Promise.all([media?.getStats(), this.#handlers.serverStats()]).catch(() => []);
    if (!direct || !server || this.#media !== media || !this.#isUp) return;
    this.#handlers.onSecond(direct);
    const now = { direct: receivedOf(direct), server: receivedOf(server) };
    const before = this.#before;
    this.#before = now;
    if (before && this.#watch.second(difference(now.direct, before.direct), difference(now.server, before.server))) this.#fail('loss');
  }

  #playSounds() {
    for (const source of SOURCES) {
      if (isPicture(source)) continue;
      const sound = new MediaStream([this.#media.receiver(source).track]);
      this.#sounds.push(sound);
      this.#handlers.onSound(sound, false);
    }
  }

  /** One of both paths is heard, and of that only what the other one may send. */
  #apply() {
    const participant = this.#present?.participant;
    /** @type {Set<MediaStreamTrack>} */
    const hushed = new Set();
    for (const source of participant ? SOURCES : []) {
      const direct = this.#media?.receiver(source);
      const isShown = this.#isUp || this.#leaving.has(source) || (this.#overlapTimer !== 0 && !isPicture(source));
      if (direct) direct.track.enabled = isShown && this.#handlers.isOn(participant, source);
      const server = this.#handlers.receiver(participant, source);
      if (this.#isUp && server && !isPicture(source)) hushed.add(server.track);
    }
    for (const track of this.#hushed) if (!hushed.has(track)) track.enabled = true;
    for (const track of hushed) track.enabled = false;
    this.#hushed = hushed;
  }
}

const isPicture = (source) => source === 'camera' || source === 'screen';

/** Another one with each packet that is played or picture that is shown; null if nothing ever came. @param {RTCRtpReceiver | null} receiver */
function markOf(receiver) {
  const [source] = receiver?.getSynchronizationSources?.() ?? [];
  return source ? `${source.source}/${source.rtpTimestamp}` : null;
}

/** @param {RTCStatsReport} report */
function receivedOf(report) {
  const sum = { packets: 0, lost: 0 };
  for (const entry of report.values()) {
    if (entry.type !== 'inbound-rtp') continue;
    sum.packets += entry.packetsReceived ?? 0;
    sum.lost += entry.packetsLost ?? 0;
  }
  return sum;
}

const difference = (now, before) => ({ packets: now.packets - before.packets, lost: now.lost - before.lost });
