// The PeerConnection to the other one of two. Four sections, one for each source, are negotiated once; what is muted,
// shared or exchanged later is only another track in its section.

import { countersOf } from './counters.js';
import { SCREEN } from './encodings.js';

/** @typedef {import('./publications.js').Source} Source */

/** The sections, in their order in the offer. @type {Source[]} */
export const SOURCES = ['microphone', 'camera', 'screen-audio', 'screen'];

/** One encoding: there is one viewer. */
const CAMERA = { maxBitrate: 2_500_000 };
const ENCODINGS = { camera: CAMERA, screen: SCREEN, microphone: {}, 'screen-audio': {} };

/** Candidates that come within so long go in one message. */
const GATHER_MILLIS = 10;

/**
 * The other one hears of our relays only then, in milliseconds: a browser that has any path looks for no better one, and
 * a STUN server's first answer may be that late. Meanwhile all goes by the server.
 */
const RELAYS_MILLIS = 1_000;

/** As many the server takes in one message. */
const MOST_CANDIDATES = 32;

/** Of the four offers that the server passes on in a call the first was no restart. */
const MOST_RESTARTS = 3;

const kindOf = (source) => (source === 'camera' || source === 'screen' ? 'video' : 'audio');

/**
 * @typedef {object} DirectMediaHandlers
 * @property {(message: {description?: {type: string, sdp: string}, candidates?: object[]}) => void} say tells the other
 * @property {(state: RTCPeerConnectionState) => void} onState
 * @property {(source: Source) => MediaStreamTrack | null} track what is to be sent of a source now
 * @property {(error: Error) => void} onRefused the browser refused what the other one said
 */

export class DirectMedia {
  #connection;
  #handlers;
  /** @type {Map<Source, RTCRtpTransceiver>} */
  #sections = new Map();
  /** @type {object[]} candidates that wait to be told */
  #gathered = [];
  #gatherTimer = 0;
  /** @type {object[] | null} relays that wait to be told; null: none waits any more */
  #relays = [];
  #relaysTimer = 0;
  /** @type {Promise<void>} what the other said is taken one after another */
  #taking = Promise.resolve();
  /** @type {RTCIceCandidateInit[]} those that came before the description */
  #early = [];
  #offers;
  #restarts = 0;

  /**
   * @param {RTCConfiguration} configuration
   * @param {boolean} offers
   * @param {DirectMediaHandlers} handlers
   */
  constructor(configuration, offers, handlers) {
    this.#handlers = handlers;
    this.#offers = offers;
    this.#connection = new RTCPeerConnection({ ...configuration, bundlePolicy: 'max-bundle' });
    this.#connection.onconnectionstatechange = () => handlers.onState(this.#connection.connectionState);
    this.#connection.onicecandidate = ({ candidate }) => this.#gather(candidate);
    this.#relaysTimer = setTimeout(() => this.#tellRelays(), RELAYS_MILLIS);
    if (offers) this.#taking = this.#offer().catch((error) => this.#refuse(error));
  }

  get state() {
    return this.#connection.connectionState;
  }

  getStats() {
    return this.#connection.getStats();
  }

  /** @param {Source} source @returns {RTCRtpReceiver | null} null until it is negotiated */
  receiver(source) {
    return this.#sections.get(source)?.receiver ?? null;
  }

  /** @param {string | null} mid @returns {Source | null} */
  sourceOf(mid) {
    return [...this.#sections].find(([, section]) => section.mid === mid)?.[0] ?? null;
  }

  /** Another track of a source is to be sent, or none. @param {Source} source */
  update(source) {
    this.#sections.get(source)?.sender.replaceTrack(this.#handlers.track(source)).catch(() => {});
  }

  /**
   * The same servers with new passwords. A relay is kept up with the password that it began with: whoever offers takes
   * others in time, for both.
   * @param {RTCIceServer[]} iceServers
   * @param {boolean} inTime whether relays are to be taken anew
   */
  async takeServers(iceServers, inTime) {
    if (this.#isClosed) return;
    this.#connection.setConfiguration({ ...this.#connection.getConfiguration(), iceServers });
    if (!inTime || !this.#offers) return;
    const { pair } = countersOf(await this.getStats());
    const isRelayed = pair?.local === 'relay' || pair?.remote === 'relay';
    if (!isRelayed || this.#isClosed || this.#restarts >= MOST_RESTARTS) return;
    this.#restarts++;
    this.#taking = this.#taking.then(() => this.#restart()).catch((error) => this.#refuse(error));
  }

  /** The other one says something. @param {{description?: RTCSessionDescriptionInit, candidates?: {candidate: string, mid: string}[]}} message */
  take({ description, candidates = [] }) {
    this.#taking = this.#taking.then(() => this.#takeOne(description, candidates)).catch((error) => this.#refuse(error));
  }

  close() {
    clearTimeout(this.#gatherTimer);
    clearTimeout(this.#relaysTimer);
    this.#connection.onconnectionstatechange = this.#connection.onicecandidate = null;
    this.#connection.close();
  }

  get #isClosed() {
    return this.#connection.signalingState === 'closed';
  }

  async #offer() {
    // All codecs that the browser has: Chromium cannot parse what Firefox offers when some were preferred.
    for (const source of SOURCES) {
      const sendEncodings = [{ ...ENCODINGS[source] }];
      const section = this.#connection.addTransceiver(kindOf(source), { direction: 'sendrecv', sendEncodings });
      this.#sections.set(source, section);
      this.update(source);
    }
    await this.#connection.setLocalDescription();
    this.#sayDescription();
  }

  async #restart() {
    if (this.#connection.signalingState !== 'stable') return;
    this.#connection.restartIce();
    await this.#connection.setLocalDescription();
    this.#sayDescription();
  }

  async #takeOne(description, candidates) {
    if (this.#isClosed) return;
    if (description?.type === 'offer') await this.#answer(description);
    else if (description) await this.#connection.setRemoteDescription(description);
    this.#early.push(...candidates.map(({ candidate, mid }) => ({ candidate, sdpMid: mid })));
    if (!this.#connection.remoteDescription) return;
    // One that the browser does not like is not needed if another will do.
    for (const candidate of this.#early.splice(0)) await this.#connection.addIceCandidate(candidate).catch(() => {});
  }

  async #answer(offer) {
    await this.#connection.setRemoteDescription(offer);
    const sections = this.#connection.getTransceivers();
    if (sections.length !== SOURCES.length || !SOURCES.every((source, i) => kindOf(source) === sections[i].receiver.track.kind)) {
      throw new Error(`expected the sections ${SOURCES}, the offer has ${sections.map(({ receiver }) => receiver.track.kind)}`);
    }
    SOURCES.forEach((source, i) => {
      sections[i].direction = 'sendrecv';
      this.#sections.set(source, sections[i]);
      this.update(source);
    });
    await this.#connection.setLocalDescription();
    this.#sayDescription();
    for (const [source, { sender }] of this.#sections) await limit(sender, ENCODINGS[source]);
  }

  #sayDescription() {
    if (this.#isClosed) return;
    const { type, sdp } = this.#connection.localDescription;
    this.#handlers.say({ description: { type, sdp } });
  }

  /** @param {RTCIceCandidate | null} candidate null: there are no more */
  #gather(candidate) {
    if (!candidate?.candidate) return;
    const told = { candidate: candidate.candidate, mid: candidate.sdpMid ?? '0' };
    if (candidate.type === 'relay' && this.#relays) this.#relays.push(told);
    else this.#tell(told);
  }

  #tellRelays() {
    const relays = this.#relays ?? [];
    this.#relays = null;
    for (const relay of relays) this.#tell(relay);
  }

  #tell(told) {
    this.#gathered.push(told);
    if (this.#gathered.length > 1) return;
    this.#gatherTimer = setTimeout(() => this.#sayCandidates(), GATHER_MILLIS);
  }

  #sayCandidates() {
    const all = this.#gathered.splice(0);
    for (let i = 0; i < all.length; i += MOST_CANDIDATES) this.#handlers.say({ candidates: all.slice(i, i + MOST_CANDIDATES) });
  }

  #refuse(error) {
    if (!this.#isClosed) this.#handlers.onRefused(error);
  }
}

/** @param {RTCRtpSender} sender @param {{maxBitrate?: number}} encoding */
async function limit(sender, { maxBitrate }) {
  const parameters = sender.getParameters();
  if (!maxBitrate || !parameters.encodings?.length) return;
  parameters.encodings[0].maxBitrate = maxBitrate;
  await sender.setParameters(parameters).catch(() => {});
}
