// What is seen behind us: a camera's track becomes one with the background blurred, or with a picture in its place.

import { fileAt } from './addresses.js';
import { canvasTrack } from './canvas-track.js';
import { frames } from './frames.js';
import { loadSegmenter } from './segmenter.js';

/** A machine that does fewer frames a second shows the camera as it is. */
export const LEAST_RATE = { frames: 20 };

/** The first frames are slow everywhere; then so many are judged together. */
const WARM_UP_FRAMES = 5;
const JUDGED_FRAMES = 20;

/** Longer than from one frame of a camera to the next. */
const LAST_FRAME_MILLIS = 250;

/** In which the person is sought. */
const SOUGHT = { width: 256, height: 144 };

/** In which the background is blurred. */
const BLURRED = { width: 160, height: 90 };

/** @typedef {'none' | 'blur' | 'dawn' | 'study' | 'own'} Choice */

/** The picture that somebody chose from their own, for as long as the page lives. @type {ImageBitmap | null} */
let own = null;

/** @param {Blob} file @returns {Promise<void>} rejects if it is no picture */
export async function chooseOwnPicture(file) {
  own = await createImageBitmap(file);
}

export const hasOwnPicture = () => own !== null;

/**
 * @param {MediaStreamTrack} camera is stopped with the track that comes of it
 * @param {Choice} choice not `none`
 * @param {{onSlow: () => void, onFailed: () => void}} handlers this machine cannot keep up, or the person is not found any
 *     more: from here on the camera is shown as it is
 * @returns {Promise<MediaStreamTrack>}
 */
export async function withBackground(camera, choice, handlers) {
  const [segment, picture] = await Promise.all([loadSegmenter(), choice === 'blur' ? null : pictureOf(choice)]);
  return new Background(camera, segment, picture, handlers).track;
}

async function pictureOf(choice) {
  if (choice === 'own' && own) return own;
  const image = new Image();
  image.src = fileAt(`backgrounds/${choice === 'study' ? 'study' : 'dawn'}.svg`);
  await image.decode();
  return image;
}

class Background {
  track;
  #segment;
  #picture;
  #handlers;
  #canvas = document.createElement('canvas');
  #small = Object.assign(document.createElement('canvas'), SOUGHT);
  #blurred = Object.assign(document.createElement('canvas'), BLURRED);
  #output;
  /** Whether the camera is shown as it is. */
  #plain = false;
  #count = 0;
  #judgedMillis = 0;

  constructor(camera, segment, picture, handlers) {
    this.#segment = segment;
    this.#picture = picture;
    this.#handlers = handlers;
    const { width = 1280, height = 720 } = camera.getSettings();
    Object.assign(this.#canvas, { width, height });
    this.#output = canvasTrack(this.#canvas);
    const stopFrames = frames(camera, (frame, size) => this.#draw(frame, size));
    this.track = this.#asCamera(camera, stopFrames);
  }

  /** To whoever uses it, it is the camera: so it says, and it ends with it. */
  #asCamera(camera, stopFrames) {
    const { track } = this.#output;
    let over = false;
    const end = () => {
      if (over) return;
      over = true;
      this.#output.close();
      // A frame that comes while its track is stopped Chromium leaves to the garbage collector, and complains.
      stopFrames().then(() => camera.stop());
      setTimeout(() => camera.stop(), LAST_FRAME_MILLIS);
    };
    const stop = track.stop.bind(track);
    track.stop = () => {
      stop();
      end();
    };
    track.getSettings = () => camera.getSettings();
    Object.defineProperty(track, 'label', { value: camera.label });
    camera.addEventListener('ended', () => {
      end();
      track.dispatchEvent(new Event('ended'));
    });
    return track;
  }

  /** @param {CanvasImageSource} frame @param {{width: number, height: number}} size */
  async #draw(frame, size) {
    if (this.#canvas.width !== size.width || this.#canvas.height !== size.height) Object.assign(this.#canvas, size);
    if (!this.#plain) await this.#drawApart(frame, size).catch(() => this.#giveUp(this.#handlers.onFailed));
    if (this.#plain) this.#drawPlain(frame, size);
    this.#output.push();
  }

  async #drawApart(frame, size) {
    const began = performance.now();
    const small = this.#small.getContext('2d');
    small.drawImage(frame, 0, 0, SOUGHT.width, SOUGHT.height);
    const mask = await this.#segment(this.#small);
    if (mask) this.#compose(frame, mask, size);
    this.#judge(performance.now() - began);
  }

  #drawPlain(frame, { width, height }) {
    const context = this.#canvas.getContext('2d');
    context.globalCompositeOperation = 'source-over';
    context.drawImage(frame, 0, 0, width, height);
  }

  #giveUp(tell) {
    this.#plain = true;
    tell();
  }

  #compose(frame, mask, { width, height }) {
    const context = this.#canvas.getContext('2d');
    context.globalCompositeOperation = 'copy';
    context.drawImage(mask, 0, 0, width, height);
    context.globalCompositeOperation = 'source-in';
    context.drawImage(frame, 0, 0, width, height);
    context.globalCompositeOperation = 'destination-over';
    if (this.#picture) drawCovering(context, this.#picture, width, height);
    else context.drawImage(this.#blur(frame), 0, 0, width, height);
    context.globalCompositeOperation = 'source-over';
  }

  #blur(frame) {
    const context = this.#blurred.getContext('2d');
    if ('filter' in context) context.filter = 'blur(4px)';
    context.drawImage(frame, -6, -4, BLURRED.width + 12, BLURRED.height + 8); // beyond the edges, which would fade
    return this.#blurred;
  }

  /** Looks at the machine again and again: another program may be what makes it slow. */
  #judge(millis) {
    this.#count++;
    if (this.#count <= WARM_UP_FRAMES) return;
    this.#judgedMillis += millis;
    if ((this.#count - WARM_UP_FRAMES) % JUDGED_FRAMES) return;
    const isSlow = this.#judgedMillis / JUDGED_FRAMES > 1000 / LEAST_RATE.frames;
    this.#judgedMillis = 0;
    if (isSlow) this.#giveUp(this.#handlers.onSlow);
  }
}

function drawCovering(context, picture, width, height) {
  const scale = Math.max(width / picture.width, height / picture.height);
  const [w, h] = [picture.width * scale, picture.height * scale];
  context.drawImage(picture, (width - w) / 2, (height - h) / 2, w, h);
}
