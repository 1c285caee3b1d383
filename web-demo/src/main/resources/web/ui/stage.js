// All tiles of the call, kept in step with the room's events; tells the room what is shown.

import { t } from '../i18n/i18n.js';
import { MAX_SEATS } from '../plenum-client.js';
import { Focus } from './focus.js';
import { Gallery } from './gallery.js';
import { Grid } from './grid.js';
import { Pager } from './pager.js';
import { tileActions } from './tile-actions.js';
import { Tile } from './tile.js';

/** Heights a picture is asked for in, so that a resize by a pixel asks for nothing new. */
const HEIGHTS = [180, 360, 720, 1080];

/** So many are heard wherever their tile is; of the others the loudest. */
const SOUND_SEATS = 16;

/** A page that nobody has looked at for so long asks for sound only. */
const HIDDEN_MILLIS = 10_000;

const byId = (id) => document.getElementById(id);
const SELF = 'self';
const screenKey = (participant) => `${participant}/screen`;

/** Event `layout` `{chosen}`: it looks otherwise, because it was chosen with the button or by itself. */
export class Stage extends EventTarget {
  #room;
  #screensElement;
  #gridElement;
  #grid;
  #self;
  /** What we see ourselves by: another stream would begin its picture anew. */
  #ownPicture = new MediaStream();
  #focus = new Focus();
  #gallery = new Gallery();
  #pager = new Pager(this.#gallery, () => this.arrange());
  /** Tiles that are on the page, large or not, by key. @type {Set<string>} */
  #shown = new Set();
  /** Why pictures are needed though the page is hidden. @type {Set<string>} */
  #seenBy = new Set();
  #nextTold = '';
  #actions;
  /** @type {Map<string, Tile>} by participant */
  #tiles = new Map();
  /** @type {Map<string, Tile>} by participant */
  #screens = new Map();
  /** @type {string[]} participants, those who spoke last first */
  #byImportance = [];
  #tileHeight = 360;
  #unseen = false;
  /** Who of the others spoke last. @type {string | null} */
  speaker = null;
  #unseenTimer = 0;
  #onVisibility = () => this.#visibilityChanged();

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room not joined yet
   * @param {{grid: HTMLElement, screens: HTMLElement, name: string, record: ((tile: Tile) => void) | null}} options
   *     record: begins or ends the recording of a tile; null: nothing can be recorded
   */
  constructor(room, { grid, screens, name, record }) {
    super();
    this.#room = room;
    this.#gridElement = grid;
    this.#screensElement = screens;
    grid.replaceChildren();
    screens.replaceChildren();
    this.#actions = tileActions((tile) => this.#pin(tile), record);
    const ownActions = this.#actions.slice(0, record ? 2 : 1);
    this.#self = new Tile({ name, label: () => t('tile.you', { name: room.name || name }), kind: 'self', actions: ownActions });
    grid.append(this.#self.element);
    this.#grid = new Grid(grid, ({ height }) => {
      this.#tileHeight = height;
      this.#requestView();
    });

    const on = (type, handle) => room.addEventListener(type, ({ detail }) => handle(detail));
    on('name', () => (this.#self.name = room.name));
    on('joined', ({ participant }) => this.#add(participant));
    on('renamed', ({ participant }) => this.#rename(participant));
    on('left', ({ participant }) => this.#remove(participant.participant));
    on('track', ({ participant }) => this.#update(participant));
    on('tile', (tile) => this.#setPicture(tile));
    on('quality', (quality) => this.#rate(quality));
    on('path', ({ participant }) => this.#markDirect(participant));
    on('speakers', ({ participants }) => this.#setSpeakers(participants));
    on('published', () => this.updateSelf());
    on('state', ({ state }) => state === 'closed' && this.#close());
    document.addEventListener('visibilitychange', this.#onVisibility);
    this.updateSelf();
    this.arrange();
  }

  get layout() {
    return this.#focus.layout;
  }

  /** What `toggleLayout` makes of it. */
  get nextLayout() {
    return this.#focus.next;
  }

  toggleLayout() {
    this.#focus.toggleLayout();
    this.arrange();
    this.dispatchEvent(new CustomEvent('layout', { detail: { chosen: true } }));
  }

  updateSelf() {
    const track = this.#room.localTrack('camera');
    if (track && this.#ownPicture.getTracks()[0] !== track) this.#ownPicture = new MediaStream([track]);
    this.#self.stream = track && this.#ownPicture;
    this.#self.hasPicture = track !== null && !this.#room.isMuted('camera');
    this.#self.soundOff = this.#room.isMuted('microphone');
  }

  /** Whether pictures are needed though the page is hidden. @param {string} why @param {boolean} needed */
  keepSeen(why, needed) {
    if (needed) this.#seenBy.add(why);
    else this.#seenBy.delete(why);
    this.#requestView();
  }

  /** What is to be seen of the call now: tiles that are large, then those in the grid. @returns {{participant?: string,
   *     name: string, video: HTMLVideoElement | null, stream: MediaStream | null, kind: string, large: boolean}[]} */
  pictures() {
    const shown = [...this.#byKey()].filter(([key]) => this.#shown.has(key)).map(([, tile]) => tile);
    return shown.map((tile) => ({
      participant: tile.participant,
      name: tile.element.ariaLabel ?? '',
      video: tile.hasPicture ? tile.video : null,
      stream: tile.hasPicture ? tile.video.srcObject : null,
      kind: tile.kind,
      large: tile.kind === 'screen' || tile.element.parentElement === this.#screensElement,
    }));
  }

  /** @param {string[]} participants whose hands are up, the first who raised it first */
  setHands(participants) {
    const place = (participant) => participants.indexOf(participant) + 1;
    this.#self.hand = place(this.#room.participant);
    for (const [id, tile] of this.#tiles) tile.hand = place(id);
  }

  #add(participant) {
    const { participant: id, name } = participant;
    const tile = new Tile({ participant: id, name, kind: 'tile', actions: this.#actions });
    this.#tiles.set(id, tile);
    this.#byImportance.push(id);
    this.#gridElement.append(tile.element);
    this.#update(participant);
    this.arrange();
  }

  #rename({ participant: id, name }) {
    for (const tile of [this.#tiles.get(id), this.#screens.get(id)]) if (tile) tile.name = name;
  }

  #remove(id) {
    this.#tiles.get(id)?.remove();
    this.#tiles.delete(id);
    this.#byImportance = this.#byImportance.filter((other) => other !== id);
    this.#removeScreen(id);
    this.arrange();
  }

  /** Takes over what a participant's tracks say. */
  #update({ participant: id, name, tracks }) {
    const tile = this.#tiles.get(id);
    if (!tile) return;
    const isOn = (source) => tracks.some((track) => track.source === source && !track.muted);
    tile.hasPicture = isOn('camera');
    tile.soundOff = !isOn('microphone');
    if (isOn('screen') === this.#screens.has(id)) {
      if (this.#gallery.picturesOnly) this.arrange();
      return;
    }
    if (isOn('screen')) this.#addScreen(id, name);
    else this.#removeScreen(id);
    this.arrange();
  }

  #addScreen(id, name) {
    const label = () => t('tile.screen', { name: this.#room.participants.get(id)?.name ?? name });
    const tile = new Tile({ participant: id, name, label, kind: 'screen', actions: this.#actions });
    tile.hasPicture = true;
    this.#screens.set(id, tile);
    this.#markDirect(id);
    this.#screensElement.append(tile.element);
  }

  #removeScreen(id) {
    this.#screens.get(id)?.remove();
    this.#screens.delete(id);
  }

  #setPicture({ participant, screen, stream, paused, limited }) {
    const tile = (screen ? this.#screens : this.#tiles).get(participant);
    if (!tile) return;
    tile.stream = stream;
    tile.paused = paused;
    tile.limited = limited;
  }

  #rate(quality) {
    const isOwn = quality.participant === this.#room.participant;
    const screen = quality.source.startsWith('screen');
    if (isOwn) this.#self.rate(quality); // our own screen has no tile
    else (screen ? this.#screens : this.#tiles).get(quality.participant)?.rate(quality);
  }

  #markDirect(participant) {
    for (const tiles of [this.#tiles, this.#screens]) {
      const tile = tiles.get(participant);
      if (tile) tile.direct = this.#room.isDirect(participant);
    }
  }

  #setSpeakers(speakers) {
    this.#self.speaking = speakers.includes(this.#room.participant);
    for (const [id, tile] of this.#tiles) tile.speaking = speakers.includes(id);
    const here = speakers.filter((id) => this.#tiles.has(id));
    this.speaker = here[0] ?? this.speaker;
    this.#byImportance = [...here, ...this.#byImportance.filter((id) => !here.includes(id))];
    this.#focus.onSpeakers(here);
    // Elsewhere whoever speaks changes nothing of what stands where.
    if (this.#focus.layout === 'speaker') this.arrange();
    else this.#requestView();
  }

  #pin(tile) {
    const [key] = [...this.#byKey()].find(([, other]) => other === tile);
    this.#focus.togglePin(key);
    this.arrange();
  }

  /** @returns {Map<string, Tile>} */
  #byKey() {
    const screens = [...this.#screens].map(([id, tile]) => [screenKey(id), tile]);
    return new Map([[SELF, this.#self], ...this.#tiles, ...screens]);
  }

  /** Puts each tile where it belongs. */
  arrange() {
    const cameras = [...this.#tiles.keys()];
    const large = this.#focus.choose({ cameras, screens: [...this.#screens.keys()].map(screenKey), self: SELF });
    const tiles = this.#byKey();
    for (const [key, tile] of tiles) tile.pinned = key === this.#focus.pinned;
    const small = [...tiles.keys()].filter((key) => !large.includes(key));
    const hasPicture = (key) => tiles.get(key).hasPicture;
    const { grid, corner } = this.#gallery.choose(small, { self: SELF, others: this.#tiles.size, hasPicture });
    const of = (keys) => [...tiles].filter(([key]) => keys.includes(key));
    this.#shown = new Set([...large, ...grid, ...corner]);
    for (const [key, tile] of tiles) if (!this.#shown.has(key)) tile.element.remove();
    place(of(large), this.#screensElement);
    place(of(grid), this.#gridElement);
    place(of(corner), byId('self-corner'));
    byId('self-corner').hidden = corner.length === 0;
    byId('nobody-seen').hidden = large.length + grid.length > 0;
    this.#pager.paint();
    this.#screensElement.hidden = large.length === 0;
    this.#gridElement.hidden = this.#gridElement.childElementCount === 0;
    this.#grid.layout();
    this.#requestView();
    if (this.#focus.next === this.#nextTold) return;
    this.#nextTold = this.#focus.next;
    this.dispatchEvent(new CustomEvent('layout', { detail: { chosen: false } }));
  }

  #requestView() {
    const isShown = (id) => this.#shown.has(id);
    const seen = this.#byImportance.filter(isShown).slice(0, Math.max(0, MAX_SEATS - this.#screens.size));
    const heard = this.#byImportance.filter((id) => !isShown(id)).slice(0, Math.max(0, SOUND_SEATS - this.#screens.size - seen.length));
    const seated = new Set([...seen, ...heard]);
    // In the order of joining, so that a change of speaker alone asks for nothing new.
    const cameras = [...this.#tiles].filter(([id]) => seated.has(id));
    const height = (id, tile) => (isShown(id) ? this.#height(tile) : 0);
    this.#room.view([
      ...[...this.#screens].map(([participant, tile]) => ({
        participant, screen: true, maxHeight: isShown(screenKey(participant)) ? this.#height(tile, 1080) : 0 })),
      ...cameras.map(([participant, tile]) => ({ participant, screen: false, maxHeight: height(participant, tile) })),
    ]);
  }

  /** The height to ask for. @param {number} [large] where the tile is large */
  #height(tile, large) {
    if (this.#unseen && !this.#seenBy.size && document.pictureInPictureElement !== tile.video) return 0;
    const isLarge = tile.element.parentElement === this.#screensElement;
    if (isLarge && large) return large;
    const wanted = (isLarge ? tile.element.clientHeight : this.#tileHeight) * devicePixelRatio;
    return HEIGHTS.find((height) => height >= wanted) ?? HEIGHTS.at(-1);
  }

  #visibilityChanged() {
    clearTimeout(this.#unseenTimer);
    const set = (unseen) => {
      this.#unseen = unseen;
      this.#requestView();
    };
    if (document.hidden) this.#unseenTimer = setTimeout(() => set(true), HIDDEN_MILLIS);
    else if (this.#unseen) set(false);
  }

  #close() {
    clearTimeout(this.#unseenTimer);
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#grid.close();
    this.#pager.close();
    byId('self-corner').hidden = true;
    if (document.pictureInPictureElement) document.exitPictureInPicture().catch(() => {});
    for (const tile of this.#byKey().values()) tile.remove();
  }
}

/** Puts tiles into a box in this order; those that stand right are not touched. */
function place(tiles, box) {
  let next = box.firstElementChild;
  for (const [, tile] of tiles) {
    if (tile.element === next) next = next.nextElementSibling;
    else tile.moveTo(box, next);
  }
}
