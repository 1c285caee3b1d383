// What can be done with one tile: keep it large, take its picture out of the window, give it the whole screen.

import { icon } from './tile.js';

export class TileAction {
  #name;
  #picture;
  #run;

  /**
   * @param {string} name of its texts, `tile.<name>`
   * @param {string} picture icon
   * @param {(tile: import('./tile.js').Tile) => void} run
   */
  constructor(name, picture, run) {
    this.#name = name;
    this.#picture = picture;
    this.#run = run;
  }

  button(tile) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'small';
    button.dataset.action = this.#name;
    button.append(icon(this.#picture));
    button.onclick = () => this.#run(tile);
    return button;
  }
}

/**
 * @param {(tile: import('./tile.js').Tile) => void} pin
 * @param {((tile: import('./tile.js').Tile) => void) | null} record null: nothing can be recorded
 */
export function tileActions(pin, record) {
  const actions = [new TileAction('pin', 'pin', pin)];
  if (record) actions.push(new TileAction('record', 'record', record));
  if (document.pictureInPictureEnabled) actions.push(new TileAction('pip', 'pip', togglePictureInPicture));
  if (document.fullscreenEnabled) actions.push(new TileAction('full', 'full', (tile) => toggleFullscreen(tile.element)));
  return actions;
}

/** @param {Element} element */
export async function toggleFullscreen(element) {
  const wasFull = document.fullscreenElement === element;
  if (document.fullscreenElement) await document.exitFullscreen();
  if (!wasFull) await element.requestFullscreen().catch(() => {}); // the browser wants a click, and there was one
}

async function togglePictureInPicture({ video }) {
  try {
    if (document.pictureInPictureElement === video) await document.exitPictureInPicture();
    else await video.requestPictureInPicture();
  } catch {
    // no picture at the moment
  }
}
