// One second of a track, or of all, in figures: what the counters grew by between two readings.

/**
 * @typedef {object} ServerSample what the server counted of the same; null: not known. Loss, jitter and round trip of
 *     what we receive are as we reported them.
 * @property {number | null} packets that went through since the reading before
 * @property {number | null} bitrate bits a second; of the total: received by us
 * @property {number | null} sendBitrate of the total: sent by us
 * @property {number | null} loss percent of the packets
 * @property {number | null} roundTrip milliseconds
 * @property {number | null} jitter milliseconds
 * @property {number | null} height
 * @property {number | null} nacks packets asked for again, each as often as it was
 * @property {number | null} retransmitted packets that then came again
 * @property {number | null} keyFrameRequests
 * @property {string | null} layers names of those that come, or of the one that goes out
 */

/**
 * @typedef {object} Sample null: not known, or not for this kind of track
 * @property {number} at milliseconds since 1970
 * @property {number | null} packets received or sent since the reading before
 * @property {number | null} bitrate bits a second
 * @property {number | null} sendBitrate of the total: bits a second sent, where `bitrate` is received
 * @property {number | null} loss percent of the packets
 * @property {number | null} roundTrip milliseconds
 * @property {number | null} jitter milliseconds
 * @property {number | null} frames a second
 * @property {number | null} width
 * @property {number | null} height
 * @property {number | null} freezes that began in this second
 * @property {number | null} nacks NACK packets (RTCP), each of which asks for one packet or many: not to be compared with
 *     the server's
 * @property {number | null} retransmitted packets that came again
 * @property {number | null} keyFrameRequests
 * @property {string | null} layers names of the layers that are sent
 * @property {string | null} codec
 * @property {'direct' | 'server' | null} path by which it goes
 * @property {ServerSample | null} server null where it was not asked
 */

/** What grows, in the counters of the browser and of the server. */
const GROWING = ['bytes', 'packets', 'lost', 'frames', 'freezes', 'nacks', 'keyFrameRequests', 'retransmitted'];

/** Remembers the last reading of each stream. */
export class Growth {
  #before = new Map();
  #now = new Map();

  /** A new reading begins: streams that are not seen again are forgotten. */
  begin() {
    this.#before = this.#now;
    this.#now = new Map();
  }

  /**
   * @param {string} key of the stream
   * @param {object} counters with `at` in milliseconds and its `mid`
   * @returns {object | null} what it grew by, with the `seconds` and the counters `now`; null the first time, and when it
   *     began anew
   */
  of(key, counters) {
    this.#now.set(key, counters);
    const before = this.#before.get(key);
    if (!before || before.mid !== counters.mid || counters.bytes < before.bytes || counters.at <= before.at) return null;
    const grown = { now: counters, seconds: (counters.at - before.at) / 1000 };
    for (const field of GROWING) {
      const [from, to] = [before[field] ?? null, counters[field] ?? null];
      grown[field] = from === null || to === null ? null : Math.max(0, to - from);
    }
    return grown;
  }
}

/**
 * One sample of a track.
 * @param {number} at
 * @param {'receive' | 'send'} direction
 * @param {object[]} layers their counters now
 * @param {object[]} grown those of them that can be compared
 * @param {ServerSample | null} server
 * @returns {Sample | null} null if none can be compared yet
 */
export function sampleOf(at, direction, layers, grown, server) {
  if (!grown.length) return null;
  const active = grown.filter((layer) => layer.bytes > 0).map(({ now }) => now);
  const largest = active.toSorted((a, b) => (b.height ?? 0) - (a.height ?? 0))[0] ?? layers[0];
  const isVideo = layers[0].kind === 'video';
  return {
    at,
    packets: sum(grown, 'packets'),
    bitrate: bitrateOf(grown),
    sendBitrate: null,
    loss: lossOf(grown, direction === 'send'),
    roundTrip: thousandfold(most(layers, 'roundTripTime')),
    jitter: thousandfold(most(layers, 'jitter')),
    frames: isVideo ? most(grown, 'frames') / secondsOf(grown) : null,
    width: isVideo ? largest.width : null,
    height: isVideo ? largest.height : null,
    freezes: sum(grown, 'freezes'),
    nacks: sum(grown, 'nacks'),
    retransmitted: sum(grown, 'retransmitted'),
    keyFrameRequests: isVideo ? sum(grown, 'keyFrameRequests') : null,
    layers: namesOf(active),
    codec: largest.codec,
    path: layers[0].path ?? 'server',
    server,
  };
}

/**
 * What the server counted of one track.
 * @param {'receive' | 'send'} direction seen from here: what we receive is what it sent
 * @param {object[]} grown its layers or its slot
 * @param {number | null} roundTripTime seconds, if the streams themselves do not know it
 * @returns {ServerSample | null}
 */
export function serverSampleOf(direction, grown, roundTripTime) {
  if (!grown.length) return null;
  const active = grown.filter((layer) => layer.bytes > 0).map(({ now }) => now);
  const isVideo = ['camera', 'screen'].includes(grown[0].now.source);
  return {
    packets: sum(grown, 'packets'),
    bitrate: bitrateOf(grown),
    sendBitrate: null,
    loss: lossOf(grown, direction === 'receive'),
    roundTrip: thousandfold(most(grown.map(({ now }) => now), 'roundTripTime') ?? roundTripTime),
    jitter: thousandfold(most(grown.map(({ now }) => now), 'jitter')),
    height: isVideo ? most(active, 'height') || null : null,
    nacks: sum(grown, 'nacks'),
    retransmitted: sum(grown, 'retransmitted'),
    keyFrameRequests: isVideo ? sum(grown, 'keyFrameRequests') : null,
    layers: namesOf(active),
  };
}

/** @returns {number | null} null if nothing is known */
export function sum(list, field) {
  const values = known(list, field);
  return values.length ? values.reduce((total, value) => total + value, 0) : null;
}

/** @returns {number | null} null if nothing is known */
export function most(list, field) {
  const values = known(list, field);
  return values.length ? Math.max(...values) : null;
}

export const thousandfold = (value) => (value === null ? null : value * 1000);

const known = (list, field) => list.map((entry) => entry[field]).filter((value) => value !== null && value !== undefined);
const secondsOf = (grown) => Math.max(...grown.map(({ seconds }) => seconds));
const bitrateOf = (grown) => (sum(grown, 'bytes') * 8) / secondsOf(grown);

/** Percent. @param {boolean} isSent whether `packets` were counted by who sent them: the lost ones are among them then */
function lossOf(grown, isSent) {
  const lost = sum(grown, 'lost');
  const all = sum(grown, 'packets') + (isSent ? 0 : lost);
  if (lost === null || all === 0) return null;
  return Math.min(100, (100 * lost) / all); // reports tell of losses of a while ago
}

function namesOf(active) {
  const names = active.map(({ rid }) => rid).filter(Boolean);
  return names.length ? names.sort().join(' ') : null;
}
