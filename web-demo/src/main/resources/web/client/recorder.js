// Records tracks in the browser and uploads them while it does. What was uploaded stays if the tab crashes; after a
// lost connection the upload goes on where the server's file ends.

import { detailOf } from './errors.js';
import { Events } from './events.js';
import { addressAt } from './server-address.js';

/** How much goes into one piece: a crashed tab loses about so much and what was on its way. */
const SLICE_MILLIS = 1000;

const FIRST_RETRY_MILLIS = 500;
const LAST_RETRY_MILLIS = 8000;

/** More than this that cannot be uploaded ends the recording: it lies in memory. */
const MOST_PENDING = 256 * 1024 * 1024;

/** Half of the least that proxies usually let through in one request. */
const MOST_AT_ONCE = 512 * 1024;

/** A proxy that lets not even so much through is not worked around. */
const LEAST_AT_ONCE = 16 * 1024;

/** So long one and the same piece is tried, with nothing coming of it. */
const PATIENCE_MILLIS = 5 * 60_000;

/** Refusals after which the same request may succeed: the client was slow, early, or too often there. */
const PASSING = [408, 425, 429];

const TYPES = {
  video: ['video/webm;codecs=vp8,opus', 'video/webm', 'video/mp4'],
  audio: ['audio/webm;codecs=opus', 'audio/webm', 'audio/mp4'],
};

/** Whether this browser can record at all. */
export const canRecord = () => typeof MediaRecorder === 'function';

/**
 * One recording. Events (`detail` in braces):
 * - `ended` `{error: Error | null}`: nothing more comes, all of it is uploaded, or an error says why not
 * @extends {Events<{ended: {error: Error | null}}>}
 */
export class Recorder extends Events {
  #url;
  #token;
  /** @type {MediaRecorder | null} */
  #recorder = null;
  #location = '';
  /** @type {string} of the recording, once it was begun */
  id = '';
  /** @type {string} who has it may delete the recording */
  key = '';
  /** What the server has not got yet. */
  #pending = new Blob([]);
  #offset = 0;
  /** In bytes; halved for a proxy that lets less through. */
  #mostAtOnce = MOST_AT_ONCE;
  #uploading = false;
  /** Whether it is to end. */
  #unwanted = false;
  #stopped = false;
  #ended = false;

  /**
   * @param {{room: string, token?: string, server?: string}} options server: its address; default: where this module came from
   */
  constructor({ room, token, server }) {
    super();
    this.#url = addressAt(`recordings/${encodeURIComponent(room)}`, server);
    this.#token = token;
  }

  /**
   * Begins.
   * @param {MediaStream} stream at most one track of each kind
   * @param {string} title for people
   * @throws {Error} with the server's words if it does not want it
   */
  async start(stream, title) {
    const kind = stream.getVideoTracks().length ? 'video' : 'audio';
    const mimeType = TYPES[kind].find((type) => MediaRecorder.isTypeSupported(type));
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { ...this.#authorization(), 'Content-Type': 'application/json' },
      body: JSON.stringify({ title, contentType: mimeType }),
    });
    if (!response.ok) throw new Error(await detailOf(response));
    const answer = await response.json();
    this.key = answer.key;
    this.id = answer.recording;
    this.#location = `${this.#url}/${this.id}`;
    this.#recorder = new MediaRecorder(stream, { mimeType });
    this.#recorder.ondataavailable = ({ data }) => this.#take(data);
    this.#recorder.onstop = () => this.#finish();
    this.#recorder.onerror = ({ error }) => this.#end(error ?? new Error('the browser cannot record this'));
    this.#recorder.start(SLICE_MILLIS);
    if (this.#unwanted) this.#recorder.stop();
  }

  /** Ends the recording, or ends it as soon as it begins; `ended` comes when all of it is uploaded. */
  stop() {
    this.#unwanted = true;
    if (this.#recorder?.state === 'recording') this.#recorder.stop();
  }

  #take(data) {
    if (this.#ended) return;
    this.#pending = new Blob([this.#pending, data]);
    if (this.#pending.size > MOST_PENDING) this.#end(new Error('the server cannot be reached, and there is too much to keep'));
    else this.#upload();
  }

  #finish() {
    this.#stopped = true;
    this.#upload();
  }

  async #upload() {
    if (this.#uploading) return;
    this.#uploading = true;
    let pause = FIRST_RETRY_MILLIS;
    let since = performance.now();
    while (!this.#ended && (this.#pending.size || this.#stopped)) {
      try {
        if (await this.#uploadOnce()) this.#end(null);
        pause = FIRST_RETRY_MILLIS;
        since = performance.now();
      } catch (error) {
        if (error instanceof UploadRefused || performance.now() - since > PATIENCE_MILLIS) this.#end(error);
        else await new Promise((resolve) => setTimeout(resolve, pause));
        pause = Math.min(LAST_RETRY_MILLIS, pause * 2);
      }
    }
    this.#uploading = false;
  }

  /**
   * @returns {Promise<boolean>} whether that was the last; false too if less is to be tried at once
   * @throws {UploadRefused} if trying again would not help
   */
  async #uploadOnce() {
    const piece = this.#pending.slice(0, this.#mostAtOnce);
    const last = this.#stopped && piece.size === this.#pending.size;
    const response = await fetch(this.#location, {
      method: 'PATCH',
      headers: { 'Recording-Key': this.key, 'Upload-Offset': String(this.#offset), 'Upload-Complete': last ? '?1' : '?0' },
      body: piece,
    });
    if (response.ok) {
      this.#drop(piece.size);
      return last;
    }
    const offset = Number(response.headers.get('Upload-Offset') ?? Number.NaN);
    const isServers = response.headers.get('Content-Type')?.startsWith('application/problem+json');
    const detail = await detailOf(response);
    if (response.status === 413 && !isServers && this.#takeLess(piece.size)) return false;
    // A piece of which we saw no answer may be stored, in whole or in part.
    if (response.status === 409 && offset > this.#offset && offset <= this.#offset + this.#pending.size) {
      this.#drop(offset - this.#offset);
      return false;
    }
    if (response.status === 409 && response.headers.has('Retry-After')) throw new Error(detail);
    if (response.status >= 500 || PASSING.includes(response.status)) throw new Error(detail);
    throw new UploadRefused(detail);
  }

  /** A proxy does not let a piece of this size through. @returns {boolean} whether a smaller one may be tried */
  #takeLess(bytes) {
    if (bytes <= LEAST_AT_ONCE) return false;
    this.#mostAtOnce = Math.max(LEAST_AT_ONCE, Math.floor(bytes / 2));
    return true;
  }

  #drop(bytes) {
    this.#offset += bytes;
    this.#pending = this.#pending.slice(bytes);
  }

  #end(error) {
    if (this.#ended) return;
    this.#ended = true;
    this.stop();
    this.#pending = new Blob([]);
    this.dispatchEvent(new CustomEvent('ended', { detail: { error } }));
  }

  #authorization() {
    return this.#token ? { Authorization: `Bearer ${this.#token}` } : {};
  }
}

/** Trying again would not help. */
class UploadRefused extends Error {}
