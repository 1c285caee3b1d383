// All tiles of the call, kept in step with the room's events; tells the room what is shown.

import { MAX_SEATS } from '../plenum-client.js';
import { Grid } from './grid.js';
import { Tile } from './tile.js';

/** Heights a picture is asked for in, so that a resize by a pixel asks for nothing new. */
const HEIGHTS = [180, 360, 720, 1080];

export class Stage {
  #room;
  #screensElement;
  #gridElement;
  #grid;
  #self;
  /** @type {Map<string, Tile>} by participant */
  #tiles = new Map();
  /** @type {Map<string, Tile>} by participant */
  #screens = new Map();
  /** @type {Map<string, MediaStream>} pictures by participant, cameras only */
  #pictures = new Map();
  /** @type {string[]} participants, those who spoke last first */
  #byImportance = [];
  #tileHeight = 360;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room not joined yet
   * @param {{grid: HTMLElement, screens: HTMLElement, name: string}} options
   */
  constructor(room, { grid, screens, name }) {
    this.#room = room;
    this.#gridElement = grid;
    this.#screensElement = screens;
    grid.replaceChildren();
    screens.replaceChildren();
    this.#self = new Tile({ name, label: `${name} (you)`, kind: 'self' });
    grid.append(this.#self.element);
    this.#grid = new Grid(grid, ({ height }) => {
      this.#tileHeight = height;
      this.#requestView();
    });

    const on = (type, handle) => room.addEventListener(type, ({ detail }) => handle(detail));
    on('joined', ({ participant }) => this.#add(participant));
    on('left', ({ participant }) => this.#remove(participant.participant));
    on('track', ({ participant }) => this.#update(participant));
    on('tile', (tile) => this.#setPicture(tile));
    on('speakers', ({ participants }) => this.#setSpeakers(participants));
    on('published', () => this.updateSelf());
    this.updateSelf();
    this.#arrange();
  }

  updateSelf() {
    const track = this.#room.localTrack('camera');
    this.#self.stream = track && new MediaStream([track]);
    this.#self.hasPicture = track !== null && !this.#room.isMuted('camera');
    this.#self.soundOff = this.#room.isMuted('microphone');
  }

  #add(participant) {
    const tile = new Tile({ participant: participant.participant, name: participant.name, kind: 'tile' });
    this.#tiles.set(participant.participant, tile);
    this.#byImportance.push(participant.participant);
    this.#gridElement.append(tile.element);
    this.#update(participant);
    this.#arrange();
  }

  #remove(id) {
    this.#tiles.get(id)?.element.remove();
    this.#tiles.delete(id);
    this.#pictures.delete(id);
    this.#byImportance = this.#byImportance.filter((other) => other !== id);
    this.#removeScreen(id);
    this.#arrange();
  }

  /** Takes over what a participant's tracks say. */
  #update({ participant: id, name, tracks }) {
    const tile = this.#tiles.get(id);
    if (!tile) return;
    const isOn = (source) => tracks.some((track) => track.source === source && !track.muted);
    tile.hasPicture = isOn('camera');
    tile.soundOff = !isOn('microphone');
    if (isOn('screen') === this.#screens.has(id)) return;
    if (isOn('screen')) this.#addScreen(id, name);
    else this.#removeScreen(id);
    this.#arrange();
  }

  #addScreen(id, name) {
    const tile = new Tile({ participant: id, name, label: `${name}’s screen`, kind: 'screen' });
    tile.hasPicture = true;
    this.#screens.set(id, tile);
    this.#screensElement.append(tile.element);
  }

  #removeScreen(id) {
    this.#screens.get(id)?.element.remove();
    this.#screens.delete(id);
  }

  #setPicture({ participant, screen, stream, paused }) {
    const tile = (screen ? this.#screens : this.#tiles).get(participant);
    if (!tile) return;
    tile.stream = stream;
    tile.paused = paused;
  }

  #setSpeakers(speakers) {
    this.#self.speaking = speakers.includes(this.#room.participant);
    for (const [id, tile] of this.#tiles) tile.speaking = speakers.includes(id);
    const here = speakers.filter((id) => this.#tiles.has(id));
    this.#byImportance = [...here, ...this.#byImportance.filter((id) => !here.includes(id))];
    this.#requestView();
  }

  #arrange() {
    this.#screensElement.hidden = this.#screens.size === 0;
    this.#grid.layout();
    this.#requestView();
  }

  #requestView() {
    const wanted = this.#tileHeight * devicePixelRatio;
    const maxHeight = HEIGHTS.find((height) => height >= wanted) ?? HEIGHTS.at(-1);
    const screens = [...this.#screens.keys()].map((participant) => ({ participant, screen: true, maxHeight: 1080 }));
    const places = MAX_SEATS - screens.length;
    const shown = new Set(this.#byImportance.slice(0, Math.max(0, places)));
    // In the order of joining, so that a change of speaker alone asks for nothing new.
    const cameras = [...this.#tiles.keys()].filter((id) => shown.has(id));
    this.#room.view([...screens, ...cameras.map((participant) => ({ participant, screen: false, maxHeight }))]);
  }
}
