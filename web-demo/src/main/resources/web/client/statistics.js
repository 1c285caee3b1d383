// What happened in the last five minutes: each second the counters of the connection are read, and what they grew by
// is kept, for each track and in total.

const INTERVAL_MILLIS = 1000;

/** Samples kept of each track: five minutes. */
export const MOST_SAMPLES = 300;

/**
 * @typedef {object} Sample null: not known, or not for this kind of track
 * @property {number} at milliseconds since 1970
 * @property {number | null} bitrate bits a second
 * @property {number | null} sendBitrate of the total: bits a second sent, where `bitrate` is received
 * @property {number | null} loss percent of the packets
 * @property {number | null} roundTrip milliseconds
 * @property {number | null} jitter milliseconds
 * @property {number | null} frames a second
 * @property {number | null} width
 * @property {number | null} height
 * @property {number | null} freezes that began in this second
 * @property {string | null} layers names of the layers that are sent
 * @property {string | null} codec
 */

/**
 * @typedef {object} Series
 * @property {string} key `total`, or one for each track
 * @property {'total' | 'receive' | 'send'} direction
 * @property {string | null} participant who sends it; null for the total
 * @property {string | null} name
 * @property {string | null} source
 * @property {Sample[]} samples the latest, in order
 */

/** The statistics of a room, from joining to leaving. Event `sample`: there is one more. */
export class Statistics extends EventTarget {
  /** @type {Map<string, Series>} by key; the total first */
  series = new Map();

  #room;
  #name;
  #timer = 0;
  #reading = false;
  /** @type {Map<string, import('./counters.js').StreamCounters & {at: number}>} by direction, track and layer */
  #before = new Map();

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {string} name our own
   */
  constructor(room, name) {
    super();
    this.#room = room;
    this.#name = name;
    this.#timer = setInterval(() => this.#read(), INTERVAL_MILLIS);
    room.addEventListener('state', ({ detail }) => detail.state === 'closed' && clearInterval(this.#timer));
  }

  /** All of it, as JSON can say it. */
  toJSON() {
    return {
      format: 'plenum-statistics',
      version: 1,
      userAgent: navigator.userAgent,
      participant: this.#room.participant,
      series: [...this.series.values()],
    };
  }

  async #read() {
    if (this.#reading) return; // the browser has much to do
    this.#reading = true;
    try {
      const counters = await this.#room.counters();
      if (counters) this.#take(counters);
    } catch {
      // the connection was closed meanwhile
    }
    this.#reading = false;
  }

  #take({ at, roundTripTime, availableOutgoingBitrate, receive, send }) {
    const seen = new Map();
    const received = this.#takeTracks('receive', at, receive, seen);
    const sent = this.#takeTracks('send', at, send, seen);
    this.#before = seen;
    this.#add('total', { direction: 'total', participant: null, name: null, source: null }, {
      at,
      bitrate: sum(received, 'bitrate'),
      sendBitrate: sum(sent, 'bitrate'),
      loss: most(received, 'loss'),
      roundTrip: roundTripTime === null ? null : roundTripTime * 1000,
      jitter: most(received, 'jitter'),
      frames: null,
      width: null,
      height: null,
      freezes: sum(received, 'freezes'),
      layers: null,
      codec: null,
      availableOutgoingBitrate,
    });
    this.#forgetOld(at);
    this.dispatchEvent(new Event('sample'));
  }

  /** @returns {Sample[]} */
  #takeTracks(direction, at, streams, seen) {
    const byTrack = Map.groupBy(streams.filter(({ track }) => track), ({ track }) => track);
    return [...byTrack].flatMap(([track, layers]) => {
      const grown = layers.map((layer) => this.#growth(`${direction}/${track}/${layer.rid}`, { ...layer, at }, seen));
      const sample = sampleOf(at, layers, grown.filter(Boolean));
      if (!sample) return [];
      const { participant, source } = layers[0];
      const name = direction === 'send' ? this.#name : (this.#room.participants.get(participant)?.name ?? '');
      this.#add(`${direction}/${participant}/${source}`, { direction, participant, name, source }, sample);
      return [sample];
    });
  }

  /** What a stream grew by since it was read last; null the first time, and when it began anew. */
  #growth(key, now, seen) {
    seen.set(key, now);
    const before = this.#before.get(key);
    if (!before || before.mid !== now.mid || now.bytes < before.bytes || now.at <= before.at) return null;
    const grown = (field) => (now[field] === null || before[field] === null ? null : Math.max(0, now[field] - before[field]));
    const fields = ['bytes', 'packets', 'lost', 'frames', 'freezes'];
    return { now, seconds: (now.at - before.at) / 1000, ...Object.fromEntries(fields.map((field) => [field, grown(field)])) };
  }

  #add(key, about, sample) {
    const series = this.series.get(key) ?? { key, ...about, samples: [] };
    series.samples.push(sample);
    if (series.samples.length > MOST_SAMPLES) series.samples.shift();
    this.series.set(key, series);
  }

  #forgetOld(now) {
    for (const [key, { samples }] of this.series) {
      while (samples.length && now - samples[0].at > MOST_SAMPLES * INTERVAL_MILLIS) samples.shift();
      if (!samples.length) this.series.delete(key);
    }
  }
}

/** One sample of all layers of a track; null if none can be compared yet. */
function sampleOf(at, layers, grown) {
  if (!grown.length) return null;
  const seconds = Math.max(...grown.map((layer) => layer.seconds));
  const packets = sum(grown, 'packets');
  const lost = sum(grown, 'lost');
  const active = grown.filter((layer) => layer.bytes > 0).map(({ now }) => now);
  const largest = active.toSorted((a, b) => (b.height ?? 0) - (a.height ?? 0))[0] ?? layers[0];
  const isVideo = layers[0].kind === 'video';
  return {
    at,
    bitrate: (sum(grown, 'bytes') * 8) / seconds,
    sendBitrate: null,
    loss: lost === null || packets + lost === 0 ? null : (100 * lost) / (packets + lost),
    roundTrip: thousandfold(most(layers, 'roundTripTime')),
    jitter: thousandfold(most(layers, 'jitter')),
    frames: isVideo ? most(grown, 'frames') / seconds : null,
    width: isVideo ? largest.width : null,
    height: isVideo ? largest.height : null,
    freezes: sum(grown, 'freezes'),
    layers: active.some(({ rid }) => rid) ? active.map(({ rid }) => rid).sort().join(' ') : null,
    codec: largest.codec,
  };
}

const thousandfold = (value) => (value === null ? null : value * 1000);
const known = (list, field) => list.map((entry) => entry[field]).filter((value) => value !== null && value !== undefined);

/** @returns {number | null} null if nothing is known */
function sum(list, field) {
  const values = known(list, field);
  return values.length ? values.reduce((total, value) => total + value, 0) : null;
}

function most(list, field) {
  const values = known(list, field);
  return values.length ? Math.max(...values) : null;
}
