// What happened in the last five minutes: each second the counters of the connection are read, and what they grew by
// is kept, for each track and in total; beside it what the server counted of the same.

import { Events } from './events.js';
import { Growth, most, sampleOf, serverSampleOf, sum, thousandfold } from './samples.js';

const INTERVAL_MILLIS = 1000;

/** The server is asked less often while nobody looks, and the browser while the whole page is hidden. */
const UNSEEN_INTERVAL_MILLIS = 5000;

/** Samples kept of each track: five minutes. */
export const MOST_SAMPLES = 300;

/** @typedef {import('./samples.js').Sample} Sample */
/** @typedef {import('./samples.js').ServerSample} ServerSample */

/**
 * @typedef {object} Series
 * @property {string} key `total`, or one for each track
 * @property {'total' | 'receive' | 'send'} direction
 * @property {string | null} participant who sends it; null for the total
 * @property {string | null} name
 * @property {string | null} source
 * @property {Sample[]} samples the latest, in order
 */

/**
 * The statistics of a room, from joining to leaving. Event `sample`: there is one more.
 * @extends {Events<{sample: null}>}
 */
export class Statistics extends Events {
  /** @type {Map<string, Series>} by key; the total first */
  series = new Map();
  /** Whether somebody looks: then the server is asked each second, else every five. */
  isSeen = false;

  #room;
  #wishedName;
  #timer = 0;
  #reading = false;
  #readAt = -Infinity;
  #askedAt = 0;
  /** @type {import('./server-counters.js').ServerCounters | null} what has come since the last sample */
  #answer = null;
  #growth = new Growth();
  #serverGrowth = new Growth();

  /** What others are shown, which the token may have chosen. */
  get #ownName() {
    return this.#room.name || this.#wishedName;
  }

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {string} name our own, until the server has told it
   */
  constructor(room, name) {
    super();
    this.#room = room;
    this.#wishedName = name;
    this.#timer = setInterval(() => this.#read(), INTERVAL_MILLIS);
    room.addEventListener('state', ({ detail }) => detail.state === 'closed' && clearInterval(this.#timer));
  }

  /** All of it, as JSON can say it. */
  toJSON() {
    return {
      format: 'plenum-statistics',
      version: 2,
      userAgent: navigator.userAgent,
      participant: this.#room.participant,
      series: [...this.series.values()],
    };
  }

  async #read() {
    if (this.#reading) return; // the browser has much to do
    const now = performance.now();
    if (document.hidden && now - this.#readAt < UNSEEN_INTERVAL_MILLIS - INTERVAL_MILLIS / 2) return;
    this.#readAt = now;
    this.#reading = true;
    try {
      this.#ask();
      const counters = await this.#room.counters();
      if (counters) this.#take(counters, this.#takeAnswer());
    } catch {
      // the connection was closed meanwhile
    }
    this.#reading = false;
  }

  /** The answer is for the sample that comes next after it. */
  async #ask() {
    const now = performance.now();
    // Half an interval of tolerance: timers are not exact.
    const interval = this.isSeen ? INTERVAL_MILLIS / 2 : UNSEEN_INTERVAL_MILLIS - INTERVAL_MILLIS / 2;
    if (now - this.#askedAt < interval) return;
    this.#askedAt = now;
    this.#answer = (await this.#room.serverCounters()) ?? this.#answer;
  }

  /** @returns {Map<string, ServerSample>} by series; empty if the server was not asked */
  #takeAnswer() {
    const answer = this.#answer;
    this.#answer = null;
    if (!answer) return new Map();
    this.#serverGrowth.begin();
    const grown = (stream, counters) => this.#serverGrowth.of(stream, { ...counters, at: answer.at });
    const samples = new Map();
    for (const slot of answer.slots) {
      const growth = [grown(`slot/${slot.mid}/${slot.track}`, slot)].filter(Boolean);
      samples.set(`receive/${slot.participant}/${slot.source}`, serverSampleOf('receive', growth, null));
    }
    for (const [source, layers] of Map.groupBy(answer.layers, (layer) => layer.source)) {
      const growth = layers
        .map((layer) => grown(`layer/${layer.track}/${layer.rid}`, { ...layer, retransmitted: layer.recovered }))
        .filter(Boolean);
      samples.set(`send/${this.#room.participant}/${source}`, serverSampleOf('send', growth, answer.roundTripTime));
    }
    samples.set('total', serverTotal(samples, answer.roundTripTime));
    return samples;
  }

  #take({ at, roundTripTime, availableOutgoingBitrate, way, receive, send }, server) {
    this.#growth.begin();
    const received = this.#takeTracks('receive', at, receive, server);
    const sent = this.#takeTracks('send', at, send, server);
    const about = { direction: 'total', participant: null, name: null, source: null };
    const total = totalOf(at, received, sent, server.get('total') ?? null);
    this.#add('total', about, { ...total, way, roundTrip: thousandfold(roundTripTime), availableOutgoingBitrate });
    this.#forgetOld(at);
    this.dispatchEvent(new Event('sample'));
  }

  /** @returns {Sample[]} */
  #takeTracks(direction, at, streams, server) {
    const byTrack = Map.groupBy(streams.filter(({ track }) => track), ({ track }) => track);
    return [...byTrack].flatMap(([track, layers]) => {
      const { participant, source } = layers[0];
      const key = `${direction}/${participant}/${source}`;
      const grown = layers.map((layer) => this.#growth.of(`${direction}/${track}/${layer.rid}`, { ...layer, at }));
      const sample = sampleOf(at, direction, layers, grown.filter(Boolean), server.get(key) ?? null);
      if (!sample) return [];
      const name = direction === 'send' ? this.#ownName : (this.#room.participants.get(participant)?.name ?? '');
      this.#add(key, { direction, participant, name, source }, sample);
      return [sample];
    });
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

/** @returns {Sample} of everything; its round trip is the caller's to know */
function totalOf(at, received, sent, server) {
  return {
    at,
    packets: sum(received, 'packets'),
    bitrate: sum(received, 'bitrate'),
    sendBitrate: sum(sent, 'bitrate'),
    loss: most(received, 'loss'),
    roundTrip: null,
    jitter: most(received, 'jitter'),
    frames: null,
    width: null,
    height: null,
    freezes: sum(received, 'freezes'),
    nacks: sum(received, 'nacks'),
    retransmitted: sum(received, 'retransmitted'),
    keyFrameRequests: sum(received, 'keyFrameRequests'),
    layers: null,
    codec: null,
    path: null,
    server,
  };
}

/** @returns {ServerSample} of everything, the same sums as the browser's */
function serverTotal(samples, roundTripTime) {
  const of = (direction) => [...samples].filter(([key, sample]) => sample && key.startsWith(direction)).map(([, sample]) => sample);
  const received = of('receive');
  return {
    packets: sum(received, 'packets'),
    bitrate: sum(received, 'bitrate'),
    sendBitrate: sum(of('send'), 'bitrate'),
    loss: most(received, 'loss'),
    roundTrip: thousandfold(roundTripTime),
    jitter: most(received, 'jitter'),
    height: null,
    nacks: sum(received, 'nacks'),
    retransmitted: sum(received, 'retransmitted'),
    keyFrameRequests: sum(received, 'keyFrameRequests'),
    layers: null,
  };
}
