// The one PeerConnection to the server: sending transceivers, seats, and the queue of offers.

import { countersOf } from './counters.js';
import { EVERYTHING, EncodingSwitch, encodingsFor, preferCodecs } from './encodings.js';
import { Interrupted } from './requests.js';

const FIRST_SEATS = 4;
const MORE_SEATS = 4; // a jump of 12 at once costs 80 ms of sound
export const MAX_SEATS = 49;
const EXTRA_AUDIO_SLOTS = 2;

/** A connection that the browser calls `disconnected` often heals alone; after this long ICE is restarted. */
const DISCONNECTED_MILLIS = 3000;

/** @typedef {import('./publications.js').Source} Source */
/** @typedef {import('./publications.js').Publication} Publication */

/**
 * @typedef {object} Seat an audio and a video slot that belong together
 * @property {RTCRtpTransceiver} audio
 * @property {RTCRtpTransceiver} video
 * @property {MediaStream} picture
 */

/**
 * @typedef {object} MediaHandlers
 * @property {(offer: {sdp: string, tracks: object[], seats: object[]}) => Promise<string>} exchange sends the offer and
 *     brings the answer's SDP; rejects with an `Interrupted` if the offer should be made again later
 * @property {() => void} onNegotiated an answer was applied; `seatCount` may have grown
 * @property {(state: RTCPeerConnectionState) => void} onState
 * @property {(stream: MediaStream) => void} onSound one more audio slot to play
 * @property {(error: Error) => void} onRefused the server or the browser refused an offer
 */

export class MediaSession {
  #connection;
  #handlers;
  /** @type {Map<Source, {publication: Publication, transceiver: RTCRtpTransceiver}>} */
  #senders = new Map();
  /** @type {Map<Source, RTCRtpTransceiver>} sending transceivers whose track was unpublished */
  #idleSenders = new Map();
  #encodings = new EncodingSwitch();
  /** @type {Seat[]} */
  #seats = [];
  /** @type {RTCRtpTransceiver[]} */
  #extraAudio = [];
  /** @type {MediaStream[]} */
  #sounds = [];
  #offerWanted = false;
  #restartWanted = false;
  #offering = false;
  #disconnectedTimer = 0;
  /** Pictures of seats of the session before, which go on. @type {MediaStream[]} */
  #pictures;
  #silent;
  /** How long what is received is held back at least, in ms. @type {number | null} */
  #heldBack = null;
  #retired = false;

  /** Seats the server knows of. */
  seatCount = 0;
  /** Whether media ever flowed here. */
  wasConnected = false;

  /**
   * @param {RTCConfiguration} configuration
   * @param {Iterable<Publication>} publications
   * @param {number} seats that there were before, if there was a connection before
   * @param {MediaHandlers} handlers
   * @param {MediaSession | null} [before] one that this takes over from while it still plays: the pictures of its seats
   *     stay the same streams, and what is heard here stays silent until `sounds` are enabled
   */
  constructor(configuration, publications, seats, handlers, before = null) {
    this.#pictures = before?.seats.map(({ picture }) => picture) ?? [];
    this.#silent = before !== null;
    this.#handlers = handlers;
    this.#connection = new RTCPeerConnection({ ...configuration, bundlePolicy: 'max-bundle' });
    this.#connection.onconnectionstatechange = () => this.#onConnectionState();
    for (const publication of publications) this.#addSender(publication);
    this.#addSeats(Math.max(FIRST_SEATS, seats));
    for (let i = 0; i < EXTRA_AUDIO_SLOTS; i++) this.#extraAudio.push(this.#addReceiver('audio'));
    this.#silent = false; // seats that are added later are of nobody whom we hear already
    this.offer();
  }

  get seats() {
    return this.#seats;
  }

  /** One stream for each audio slot. */
  get sounds() {
    return this.#sounds;
  }

  get state() {
    return this.#connection.connectionState;
  }

  /** The receiving transceivers of all slots, those of seats and the extra audio ones. */
  get slots() {
    return [...this.#seats.flatMap((seat) => [seat.audio, seat.video]), ...this.#extraAudio];
  }

  /**
   * Holds back what is received for so long at least, so that what had to be sent again comes in time.
   * @param {number} delay in ms; 0: as long as the browser likes
   */
  holdBack(delay) {
    this.#heldBack = delay || null;
    for (const { receiver } of this.slots) receiver.jitterBufferTarget = this.#heldBack;
  }

  getStats() {
    return this.#connection.getStats();
  }

  /**
   * When something was played last in each slot, by mid: whatever clock it is by, it goes on while something comes.
   * @returns {Map<string, number>}
   */
  get played() {
    const latest = ({ receiver }) => Math.max(0, ...receiver.getSynchronizationSources().map(({ timestamp }) => timestamp));
    return new Map(this.slots.map((slot) => [slot.mid, latest(slot)]));
  }

  /**
   * The same servers with new passwords. A relay is kept up with the password that it began with: who is carried by one
   * takes another in time.
   * @param {RTCIceServer[]} iceServers
   */
  async takeServers(iceServers) {
    if (this.#isClosed) return;
    this.#connection.setConfiguration({ ...this.#connection.getConfiguration(), iceServers });
    const { relayed } = countersOf(await this.getStats());
    if (relayed && !this.#isClosed) this.offer({ iceRestart: true });
  }

  /** @param {Source} source */
  sender(source) {
    return this.#senders.get(source)?.transceiver.sender ?? null;
  }

  /** @param {Source} source */
  mid(source) {
    return this.#senders.get(source)?.transceiver.mid ?? null;
  }

  /** @param {Source} source @returns {string | null} what it is sent in, `video/VP8`; null while that is not known */
  codec(source) {
    return this.sender(source)?.getParameters().codecs?.[0]?.mimeType ?? null;
  }

  /** @param {Publication} publication */
  publish(publication) {
    this.#addSender(publication);
    this.offer();
  }

  /** @param {Source} source */
  unpublish(source) {
    if (!this.#senders.has(source)) return;
    const { transceiver } = this.#senders.get(source);
    this.#senders.delete(source);
    transceiver.direction = 'inactive';
    transceiver.sender.replaceTrack(null);
    this.#idleSenders.set(source, transceiver);
    this.offer();
  }

  /**
   * Somebody cannot decode what we send: offers again, this codec preferred.
   * @param {string} mid
   * @param {string} codec `video/H264`
   */
  preferCodec(mid, codec) {
    for (const { publication, transceiver } of this.#senders.values()) {
      if (transceiver.mid !== mid) continue;
      preferCodecs(transceiver, publication.kind, codec);
      this.offer();
    }
  }

  /**
   * Somebody needs these encodings of what we send, and nobody the others.
   * @param {string} mid
   * @param {string[]} active rids
   * @param {Record<string, number>} [maxBitrates] bit/s, by rid: nobody has the bandwidth for more
   */
  switchLayers(mid, active, maxBitrates = {}) {
    for (const { transceiver } of this.#senders.values()) {
      if (transceiver.mid === mid) this.#encodings.wish(transceiver.sender, { active, maxBitrates });
    }
  }

  /** Whether pictures are not sent, because who sees them gets them by another way. @param {boolean} held */
  holdPictures(held) {
    const pictures = [...this.#senders.values()].filter(({ publication }) => publication.kind === 'video');
    this.#encodings.hold(pictures.map(({ transceiver }) => transceiver.sender), held);
  }

  /** Grows by steps until there are `count` seats, or as many as there may be. */
  requireSeats(count) {
    if (this.#seats.length >= Math.min(count, MAX_SEATS)) return;
    if (this.#seats.length > this.seatCount) return; // the next step when this one is negotiated
    this.#addSeats(MORE_SEATS);
    this.offer();
  }

  /** Asks for an offer. Offers are made one at a time; what is asked meanwhile goes into the next. */
  offer({ iceRestart = false } = {}) {
    if (this.#retired) return;
    this.#offerWanted = true;
    this.#restartWanted ||= iceRestart;
    // In a microtask, so that changes made together go into one offer.
    queueMicrotask(() => this.#offerAll());
  }

  /** Another session takes over: this one goes on as it is, and asks its server for nothing any more. */
  retire() {
    this.#retired = true;
    clearTimeout(this.#disconnectedTimer);
  }

  /** Makes an offer that was interrupted anew. */
  resume() {
    if (this.#offerWanted) this.offer();
  }

  close() {
    clearTimeout(this.#disconnectedTimer);
    this.#connection.onconnectionstatechange = null;
    this.#connection.close();
  }

  get #isClosed() {
    return this.#connection.signalingState === 'closed';
  }

  async #offerAll() {
    if (this.#offering) return;
    this.#offering = true;
    while (this.#offerWanted && !this.#isClosed && !this.#retired) {
      const iceRestart = this.#restartWanted;
      this.#offerWanted = this.#restartWanted = false;
      try {
        await this.#offerOnce(iceRestart);
      } catch (error) {
        if (this.#isClosed || this.#retired) break;
        if (error instanceof Interrupted) {
          this.#offerWanted = true;
          this.#restartWanted ||= iceRestart;
          break;
        }
        await this.#rollback();
        this.#handlers.onRefused(error);
      }
    }
    this.#offering = false;
  }

  async #offerOnce(iceRestart) {
    const connection = this.#connection;
    const offer = await connection.createOffer({ iceRestart });
    await connection
      .setLocalDescription({ type: 'offer', sdp: askForRoundTrip(offer.sdp) })
      .catch(() => connection.setLocalDescription(offer));
    const seats = this.#seats.map((seat, index) => ({ seat: index, audio: seat.audio.mid, video: seat.video.mid }));
    const sdp = await this.#handlers.exchange({ sdp: connection.localDescription.sdp, tracks: this.#tracks(), seats });
    await connection.setRemoteDescription({ type: 'answer', sdp });
    this.seatCount = seats.length;
    this.#encodings.retry();
    this.#handlers.onNegotiated();
  }

  #tracks() {
    return [...this.#senders.values()].map(({ publication, transceiver }) => ({
      mid: transceiver.mid,
      source: publication.source,
      muted: publication.muted,
    }));
  }

  async #rollback() {
    if (this.#connection.signalingState !== 'have-local-offer') return;
    await this.#connection.setLocalDescription({ type: 'rollback' }).catch(() => {});
  }

  /** @param {Publication} publication */
  #addSender(publication) {
    const { source, kind, track, muted } = publication;
    const sent = muted ? null : track;
    let transceiver = this.#idleSenders.get(source);
    if (transceiver) {
      this.#idleSenders.delete(source);
      transceiver.direction = 'sendonly';
      transceiver.sender.replaceTrack(sent);
      this.#encodings.wish(transceiver.sender, EVERYTHING); // a new track for the server: it has said nothing of its layers
    } else {
      const sendEncodings = encodingsFor(source, track);
      transceiver = this.#connection.addTransceiver(sent ?? kind, { direction: 'sendonly', sendEncodings });
      preferCodecs(transceiver, kind);
    }
    this.#senders.set(source, { publication, transceiver });
    if (this.#encodings.isHeld && kind === 'video') this.#encodings.wish(transceiver.sender, EVERYTHING);
  }

  #addSeats(count) {
    for (let i = 0; i < count && this.#seats.length < MAX_SEATS; i++) {
      const audio = this.#addReceiver('audio');
      const video = this.#addReceiver('video');
      const picture = this.#pictures[this.#seats.length] ?? new MediaStream([video.receiver.track]);
      this.#seats.push({ audio, video, picture });
    }
  }

  #addReceiver(kind) {
    const transceiver = this.#connection.addTransceiver(kind, { direction: 'recvonly' });
    preferCodecs(transceiver, kind);
    transceiver.receiver.jitterBufferTarget = this.#heldBack;
    if (kind === 'audio') {
      transceiver.receiver.track.enabled = !this.#silent;
      const sound = new MediaStream([transceiver.receiver.track]);
      this.#sounds.push(sound);
      this.#handlers.onSound(sound);
    }
    return transceiver;
  }

  #onConnectionState() {
    const state = this.#connection.connectionState;
    clearTimeout(this.#disconnectedTimer);
    if (state === 'connected') this.wasConnected = true;
    if (state === 'failed') this.offer({ iceRestart: true });
    if (state === 'disconnected') {
      this.#disconnectedTimer = setTimeout(() => this.offer({ iceRestart: true }), DISCONNECTED_MILLIS);
    }
    this.#handlers.onState(state);
  }
}

/**
 * Whoever only receives does not know the round trip, and Chromium then waits 100 ms before it asks once more for a
 * packet that is lost. Where this is negotiated it tells its clock, and learns the round trip from the answer.
 *
 * @param {string | undefined} sdp
 */
function askForRoundTrip(sdp) {
  return sdp?.replace(/^a=rtcp-fb:(\d+) nack pli\r\n/gm, '$&a=rtcp-fb:$1 rrtr\r\n');
}
