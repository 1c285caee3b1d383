// The whole call as one picture and one sound: a grid of those who take part, drawn on a canvas, and their voices mixed.

import { initials } from './tile.js';
import { canvasTrack } from './canvas-track.js';
import { Ticker } from './ticker.js';
import { tileSize } from './grid.js';

const WIDTH = 1280;
const HEIGHT = 720;
const FRAME_MILLIS = 67;
const GAP = 10;
const PLATE = 30;

/**
 * @typedef {object} Part one tile of the picture
 * @property {string} participant
 * @property {string} name
 * @property {HTMLVideoElement | null} video null: no picture
 * @property {boolean} large takes the room, as a shared screen does
 */

export class Composition {
  #canvas = document.createElement('canvas');
  #context;
  #output;
  #ticker;
  #parts;
  #tracks;
  #sound = null;
  #mix = null;
  /** @type {Map<MediaStreamTrack, MediaStreamAudioSourceNode>} that are mixed */
  #sources = new Map();

  /**
   * @param {() => Part[]} parts who is to be seen now
   * @param {() => MediaStreamTrack[]} tracks whose sound is to be heard now
   */
  constructor(parts, tracks) {
    this.#parts = parts;
    this.#tracks = tracks;
    this.#canvas.width = WIDTH;
    this.#canvas.height = HEIGHT;
    this.#context = this.#canvas.getContext('2d', { alpha: false });
    this.#output = canvasTrack(this.#canvas);
    if (globalThis.AudioContext) {
      this.#sound = new AudioContext();
      this.#sound.resume().catch(() => {});
      this.#mix = this.#sound.createMediaStreamDestination();
    }
    this.syncSound();
    this.#draw();
    this.#ticker = new Ticker(FRAME_MILLIS, () => this.#draw());
  }

  /** One picture and one sound. @returns {MediaStream} */
  get stream() {
    return new MediaStream([this.#output.track, ...(this.#mix?.stream.getAudioTracks() ?? [])]);
  }

  close() {
    this.#ticker.close();
    this.#output.close();
    for (const source of this.#sources.values()) source.disconnect();
    this.#sources.clear();
    this.#sound?.close();
    this.#sound = null;
  }

  /** Somebody speaks elsewhere, or may be heard no more: at once, not with the next frame. */
  syncSound() {
    if (!this.#sound) return;
    const wanted = new Set(this.#tracks());
    for (const [track, source] of this.#sources) {
      if (wanted.has(track)) continue;
      source.disconnect();
      this.#sources.delete(track);
    }
    for (const track of wanted) {
      if (this.#sources.has(track)) continue;
      const source = this.#sound.createMediaStreamSource(new MediaStream([track]));
      source.connect(this.#mix);
      this.#sources.set(track, source);
    }
  }

  #draw() {
    this.syncSound();
    const context = this.#context;
    context.fillStyle = '#101217';
    context.fillRect(0, 0, WIDTH, HEIGHT);
    for (const { part, box } of arrange(this.#parts())) drawPart(context, part, box);
    this.#output.push();
  }
}

/**
 * @param {Part[]} parts
 * @returns {{part: Part, box: {x: number, y: number, width: number, height: number}}[]} large ones at the left, the others in a grid
 */
export function arrange(parts) {
  const large = parts.filter((part) => part.large);
  const small = parts.filter((part) => !part.large);
  if (!large.length) return inGrid(small, 0, WIDTH);
  const wide = small.length ? Math.round(WIDTH * 0.78) : WIDTH;
  return [...inGrid(large, 0, wide), ...inGrid(small, wide, WIDTH - wide)];
}

function inGrid(parts, left, width) {
  if (!parts.length) return [];
  const tile = tileSize(parts.length, width - 2 * GAP, HEIGHT - 2 * GAP);
  const columns = Math.max(1, Math.min(parts.length, Math.floor((width - GAP) / (tile.width + GAP))));
  const rows = Math.ceil(parts.length / columns);
  const top = (HEIGHT - rows * (tile.height + GAP) + GAP) / 2;
  return parts.map((part, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, parts.length - row * columns);
    const start = left + (width - inRow * (tile.width + GAP) + GAP) / 2;
    return { part, box: { x: start + (index % columns) * (tile.width + GAP), y: top + row * (tile.height + GAP), ...tile } };
  });
}

function drawPart(context, { name, video, large }, { x, y, width, height }) {
  context.save();
  context.beginPath();
  context.roundRect(x, y, width, height, 12);
  context.clip();
  context.fillStyle = '#1e222b';
  context.fillRect(x, y, width, height);
  if (video && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && video.videoWidth) {
    const fit = large ? Math.min : Math.max;
    const scale = fit(width / video.videoWidth, height / video.videoHeight);
    const [w, h] = [video.videoWidth * scale, video.videoHeight * scale];
    context.drawImage(video, x + (width - w) / 2, y + (height - h) / 2, w, h);
  } else {
    context.fillStyle = '#eceef4';
    context.font = `600 ${Math.round(height / 5)}px sans-serif`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(initials(name), x + width / 2, y + height / 2);
  }
  context.font = '16px sans-serif';
  const text = Math.min(context.measureText(name).width, width - 36);
  context.fillStyle = 'rgb(16 18 23 / 62%)';
  context.beginPath();
  context.roundRect(x + 8, y + height - PLATE - 8, text + 20, PLATE, 8);
  context.fill();
  context.fillStyle = '#fff';
  context.textAlign = 'start';
  context.textBaseline = 'middle';
  context.fillText(name, x + 18, y + height - PLATE / 2 - 8, width - 36);
  context.restore();
}
