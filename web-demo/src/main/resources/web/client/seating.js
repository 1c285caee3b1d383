// What is shown where: the page's wishes become seats, the server's bindings become tiles.

import { SeatPlan, SlotTable, tileKey } from './seats.js';

/** Firefox, by what no other engine knows. */
const isGecko = globalThis.CSS?.supports?.('-moz-appearance', 'none') ?? false;

/** @typedef {import('./media.js').MediaSession} MediaSession */
/** @typedef {import('./seats.js').View} View */

/**
 * @typedef {object} Tile a picture to show
 * @property {string} participant
 * @property {boolean} screen
 * @property {MediaStream | null} stream null: none any more
 * @property {string | null} paused why nothing comes
 * @property {boolean} limited whether our bandwidth keeps the picture smaller than it would be
 */

export class Seating {
  #slots = new SlotTable();
  #plan = new SeatPlan();
  /** @type {View[]} */
  #views = [];
  #sent = '';
  /** A connection that still plays while another takes over. @type {{media: MediaSession, slots: SlotTable, ready: Set<string>} | null} */
  #kept = null;
  /** @type {Map<string, Tile>} by tile key */
  #tiles = new Map();
  #send;
  #onTile;
  #directOf;

  /**
   * @param {(seats: object[]) => boolean} send says `view`; false: it could not be said
   * @param {(tile: Tile) => void} onTile
   * @param {(participant: string, source: 'camera' | 'screen') => MediaStreamTrack | null} directOf what comes of a
   *     picture directly, if it is to be shown
   */
  constructor(send, onTile, directOf) {
    this.#send = send;
    this.#onTile = onTile;
    this.#directOf = directOf;
  }

  /** How many seats a new connection should have from the first: those in use. */
  get seatCount() {
    return this.#plan.seatCount;
  }

  /** @param {string | null} mid @returns {import('./seats.js').Slot | null} what the slot carries */
  bound(mid) {
    return this.#slots.bound(mid);
  }

  /** @param {View[]} views the most important first @param {MediaSession | null} media */
  view(views, media) {
    this.#views = views;
    this.request(media);
  }

  /** Says what is to be shown, unless it was said. @param {MediaSession | null} media */
  request(media) {
    if (!media?.seatCount) return;
    media.requireSeats(this.#views.length);
    const seats = this.#plan.assign(this.#views, media.seatCount);
    const text = JSON.stringify(seats);
    if (text !== this.#sent && this.#send(seats)) this.#sent = text;
  }

  /** One slot carries something else. */
  bind(slot, media) {
    this.#slots.apply(slot);
    this.update(media);
  }

  /** Takes the whole table of a resumed session; what is to be shown will be said again. */
  resume(slots, media) {
    this.#slots.replace(slots);
    this.#sent = '';
    this.update(media);
  }

  /** These tracks are gone, whether or not the server says so of their slots. */
  forget(tracks, media) {
    for (const track of tracks) this.#slots.forget(track);
    this.update(media);
  }

  /**
   * Another connection takes over while this one still plays: each seat shows what it shows until `ready` says that the
   * same comes by the new one.
   * @param {MediaSession} media
   */
  keep(media) {
    this.#kept = { media, slots: this.#slots, ready: new Set() };
    this.#slots = new SlotTable();
    this.#sent = '';
  }

  /** What a slot of the former connection carries. @param {string} mid */
  keptBound(mid) {
    return this.#kept?.slots.bound(mid) ?? null;
  }

  /** A slot of the former connection carries something else. */
  bindKept(slot, media) {
    this.#kept?.slots.apply(slot);
    this.update(media);
  }

  /** The picture of this slot of the new connection has begun. @param {string} mid @param {MediaSession | null} media */
  ready(mid, media) {
    if (!this.#kept || this.#kept.ready.has(mid)) return;
    this.#kept.ready.add(mid);
    this.update(media);
  }

  /** The former connection is gone. @param {MediaSession | null} media */
  release(media) {
    this.#kept = null;
    this.update(media);
  }

  /** The connection is gone. Who sits where is kept for the next. */
  disconnect() {
    this.#slots = new SlotTable();
    this.#sent = '';
    this.update(null);
  }

  /** The call is over. */
  clear() {
    this.#plan = new SeatPlan();
    this.#kept = null;
    this.#views = [];
  }

  /** What each seat shows, and by which connection. @param {MediaSession | null} media */
  #shown(media) {
    const kept = this.#kept;
    const seats = media?.seats ?? [];
    const before = kept?.media.seats ?? [];
    return Array.from({ length: Math.max(seats.length, before.length) }, (_, i) => {
      const slot = seats[i] && this.#slots.bound(seats[i].video.mid);
      const old = before[i] && kept.slots.bound(before[i].video.mid);
      const isSame = old && (!slot || (slot.participant === old.participant && slot.source === old.source));
      if (!seats[i] || (isSame && !kept.ready.has(seats[i].video.mid))) {
        return { slot: old, video: before[i].video, picture: before[i].picture };
      }
      return { slot, video: seats[i].video, picture: seats[i].picture };
    });
  }

  /** Tells the page what changed between the tiles it knows and those the slots make now. */
  update(media) {
    const tiles = new Map();
    for (const { slot, video, picture } of this.#shown(media)) {
      const screen = slot?.source === 'screen';
      const direct = slot && this.#directOf(slot.participant, screen ? 'screen' : 'camera');
      show(picture, direct ?? video.receiver.track);
      if (!slot) continue;
      const paused = slot.paused === 'direct' ? null : (slot.paused ?? null);
      const limited = paused === null && (slot.wantedHeight ?? 0) > (slot.height ?? 0);
      const { participant } = slot;
      tiles.set(tileKey(participant, screen), { participant, screen, stream: picture, paused, limited });
    }
    const before = this.#tiles;
    this.#tiles = tiles;
    for (const [key, tile] of before) {
      if (!tiles.has(key)) this.#onTile({ ...tile, stream: null, paused: null, limited: false });
    }
    for (const [key, tile] of tiles) {
      const known = before.get(key);
      if (!isSame(known, tile)) this.#onTile(tile);
    }
  }
}

/**
 * A picture goes on by another path: the stream stays the same, so that whoever plays it need not begin anew.
 * @param {MediaStream} picture
 * @param {MediaStreamTrack} track
 */
function show(picture, track) {
  if (picture.getTracks().includes(track)) return;
  const before = picture.getTracks();
  // Chromium shows no gap if the new one is there before the old one goes; Firefox takes a new one only while it has none.
  if (!isGecko) picture.addTrack(track);
  for (const old of before) picture.removeTrack(old);
  if (isGecko) picture.addTrack(track);
}

/** @param {Tile | undefined} known @param {Tile} tile */
function isSame(known, tile) {
  return known?.stream === tile.stream && known.paused === tile.paused && known.limited === tile.limited;
}
