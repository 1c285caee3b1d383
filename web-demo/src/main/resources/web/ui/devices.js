// Camera, microphone and screen, and what to tell a person when one of them is not to be had.

const INSECURE =
  'This page was opened over plain http, so the browser gives it no camera or microphone. Open it by https, or on localhost.';

/** @typedef {{track: MediaStreamTrack, source: 'microphone' | 'camera' | 'screen' | 'screen-audio'}} SourceTrack */

export class Devices {
  #video;

  /** @param {string | null} size `320x180@10`: width, height and frames a second of the camera; default 1280x720@30 */
  constructor(size) {
    const [, width, height, rate] = /^(\d+)x(\d+)@(\d+)$/.exec(size ?? '') ?? [null, 1280, 720, 30];
    this.#video = { width: { ideal: +width }, height: { ideal: +height }, frameRate: { ideal: +rate, max: +rate } };
  }

  /**
   * Opens camera and microphone, or the one of them that there is.
   * @returns {Promise<{tracks: SourceTrack[], problem: string | null}>} problem: a sentence for a person
   */
  async openBoth() {
    if (!navigator.mediaDevices) return { tracks: [], problem: INSECURE };
    const allowed = [];
    for (const source of ['microphone', 'camera']) if (!(await isDenied(source))) allowed.push(source);
    if (allowed.length === 2) {
      try {
        return { tracks: await this.#open(allowed), problem: null };
      } catch (error) {
        // Refused together is refused; asking for each again would only be a nuisance.
        if (error.name === 'NotAllowedError') return { tracks: [], problem: deviceProblem(error, 'camera or microphone') };
      }
    }
    return this.#openEach(allowed);
  }

  async #openEach(allowed) {
    const tracks = [];
    const errors = new Map();
    for (const source of ['camera', 'microphone']) {
      try {
        if (!allowed.includes(source)) throw new DOMException('denied before', 'NotAllowedError');
        tracks.push(...(await this.#open([source])));
      } catch (error) {
        errors.set(source, error);
      }
    }
    const [camera, microphone] = [errors.get('camera'), errors.get('microphone')];
    if (camera && camera.name === microphone?.name) return { tracks, problem: deviceProblem(camera, 'camera or microphone') };
    return { tracks, problem: [...errors].map(([source, error]) => deviceProblem(error, source)).join(' ') || null };
  }

  /**
   * One track for unmuting.
   * @param {'microphone' | 'camera'} source
   */
  async acquire(source) {
    if (!navigator.mediaDevices) throw new DOMException('no mediaDevices', 'SecurityError');
    const [{ track }] = await this.#open([source]);
    return track;
  }

  /** @returns {Promise<SourceTrack[]>} the screen and, where the browser gives it, its sound */
  async openScreen() {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: true });
    return stream.getTracks().map((track) => {
      if (track.kind === 'video') track.contentHint = 'detail';
      return { track, source: track.kind === 'video' ? 'screen' : 'screen-audio' };
    });
  }

  async #open(sources) {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: sources.includes('microphone') ? { echoCancellation: true, noiseSuppression: true, autoGainControl: true } : false,
      video: sources.includes('camera') ? this.#video : false,
    });
    return stream.getTracks().map((track) => ({ track, source: track.kind === 'audio' ? 'microphone' : 'camera' }));
  }
}

export const canShareScreen = () => Boolean(navigator.mediaDevices?.getDisplayMedia);

/**
 * @param {Error} error of getUserMedia or getDisplayMedia
 * @param {string} device as a person calls it
 * @returns {string} a sentence for a person
 */
export function deviceProblem(error, device) {
  switch (error.name) {
    case 'SecurityError':
      return INSECURE;
    case 'NotAllowedError':
      return `The browser may not use the ${device}. Allow it beside the address bar, then try again.`;
    case 'NotFoundError':
    case 'OverconstrainedError':
      return `No ${device} was found.`;
    case 'NotReadableError':
    case 'AbortError':
      return `The ${device} cannot be opened; another program may be using it.`;
    default:
      return `The ${device} cannot be opened: ${error.message}`;
  }
}

/** A refusal that was remembered for one device must not cost the other. Not every browser tells. */
async function isDenied(source) {
  try {
    return (await navigator.permissions.query({ name: source })).state === 'denied';
  } catch {
    return false;
  }
}
