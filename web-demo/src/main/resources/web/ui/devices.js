// Camera, microphone, speaker and screen, and what to tell a person when one of them is not to be had.

import { t } from '../i18n/i18n.js';
import { dressed } from './background-picker.js';
import { recall, remember } from './settings.js';
import { soundConstraints } from './sound-switches.js';
import { keepDevice, keptDevice } from './tab.js';

/** @typedef {'camera' | 'microphone' | 'speaker'} DeviceKind */
/** @typedef {{track: MediaStreamTrack, source: 'microphone' | 'camera' | 'screen' | 'screen-audio'}} SourceTrack */

const KINDS = { videoinput: 'camera', audioinput: 'microphone', audiooutput: 'speaker' };

/** A choice of devices that is remembered. Event `change`: devices were plugged in or out, or another was chosen. */
export class Devices extends EventTarget {
  #video;

  /** @param {string | null} size `320x180@10`: width, height and frames a second of the camera; default 1280x720@30 */
  constructor(size) {
    super();
    const [, width, height, rate] = /^(\d+)x(\d+)@(\d+)$/.exec(size ?? '') ?? [null, 1280, 720, 30];
    this.#video = { width: { ideal: +width }, height: { ideal: +height }, frameRate: { ideal: +rate, max: +rate } };
    navigator.mediaDevices?.addEventListener?.('devicechange', () => this.#changed());
  }

  /** @param {DeviceKind} kind @returns {string} deviceId, empty: the browser's choice */
  chosen(kind) {
    return recall(kind, '');
  }

  /** @param {DeviceKind} kind @param {string} id */
  choose(kind, id) {
    remember(kind, id);
    this.#changed();
  }

  /** @returns {Promise<Record<DeviceKind, {id: string, label: string}[]>>} both are empty before the browser allows it */
  async list() {
    const found = { camera: [], microphone: [], speaker: [] };
    const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
    for (const { kind, deviceId, label } of devices) found[KINDS[kind]]?.push({ id: deviceId, label });
    return found;
  }

  /**
   * @param {'microphone' | 'camera'} source
   * @returns {boolean} whether the person has it on in this tab; so it stays from call to call, and a new tab begins so
   */
  isWanted(source) {
    return keptDevice(source) ?? recall(`${source}.on`, true);
  }

  /** The person switched it on or off. @param {'microphone' | 'camera'} source @param {boolean} on */
  want(source, on) {
    remember(`${source}.on`, on);
    keepDevice(source, on);
  }

  /** What was neither on nor off in this tab yet begins off. @returns {boolean} whether all is off now */
  beginOff() {
    for (const source of ['microphone', 'camera']) if (keptDevice(source) === null) keepDevice(source, false);
    return !this.isWanted('microphone') && !this.isWanted('camera');
  }

  /** A moderator switched it off: in this tab it stays so until the person switches it on. @param {'microphone' | 'camera'} source */
  keepOff(source) {
    keepDevice(source, false);
  }

  /**
   * Opens camera and microphone, as far as they are wanted and there.
   * @returns {Promise<{tracks: SourceTrack[], problem: DeviceProblem | null}>}
   */
  async openWanted() {
    const wanted = ['microphone', 'camera'].filter((source) => this.isWanted(source));
    for (const source of ['microphone', 'camera']) keepDevice(source, wanted.includes(source)); // whatever other tabs wish from now on
    if (!wanted.length) return { tracks: [], problem: null };
    if (!navigator.mediaDevices) return { tracks: [], problem: new DeviceProblem([[insecure(), 'both']]) };
    const allowed = [];
    for (const source of wanted) if (!(await isDenied(source))) allowed.push(source);
    if (allowed.length === 2) {
      try {
        return { tracks: await this.#open(allowed), problem: null };
      } catch (error) {
        // Refused together is refused; asking for each again would only be a nuisance.
        if (error.name === 'NotAllowedError') return { tracks: [], problem: new DeviceProblem([[error, 'both']]) };
      }
    }
    return this.#openEach(wanted, allowed);
  }

  async #openEach(wanted, allowed) {
    const tracks = [];
    const errors = new Map();
    for (const source of [...wanted].reverse()) {
      try {
        if (!allowed.includes(source)) throw new DOMException('denied before', 'NotAllowedError');
        tracks.push(...(await this.#open([source])));
      } catch (error) {
        errors.set(source, error);
      }
    }
    const [camera, microphone] = [errors.get('camera'), errors.get('microphone')];
    if (camera && camera.name === microphone?.name) return { tracks, problem: new DeviceProblem([[camera, 'both']]) };
    const all = [...errors].map(([source, error]) => [error, source]);
    return { tracks, problem: all.length ? new DeviceProblem(all) : null };
  }

  /**
   * One track for unmuting, or of another device.
   * @param {'microphone' | 'camera'} source
   */
  async acquire(source) {
    if (!navigator.mediaDevices) throw insecure();
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

  /** The chosen devices, with their sound as it was chosen; where that cannot be, nearly so; where one is gone, the browser's choice. */
  async #open(sources) {
    // `exact`, for with `ideal` Chromium takes the default microphone, whatever was chosen.
    const exact = (kind) => (this.chosen(kind) ? { deviceId: { exact: this.chosen(kind) } } : {});
    const any = () => ({});
    const attempts = [[exact, true], [exact, false], [any, true], [any, false]];
    for (;;) {
      const [device, strict] = attempts.shift();
      try {
        return await this.#openWith(sources, device, strict);
      } catch (error) {
        if (error.name !== 'OverconstrainedError' || !attempts.length) throw error;
      }
    }
  }

  async #openWith(sources, device, strict) {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: sources.includes('microphone')
        ? { ...soundConstraints(strict), ...device('microphone') }
        : false,
      video: sources.includes('camera') ? { ...this.#video, ...device('camera') } : false,
    });
    return Promise.all(stream.getTracks().map(async (track) =>
      track.kind === 'audio' ? { track, source: 'microphone' } : { track: await dressed(track), source: 'camera' }));
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

export const canShareScreen = () => Boolean(navigator.mediaDevices?.getDisplayMedia);

/** Why a device is not to be had, in words for a person. */
export class DeviceProblem {
  #errors;

  /** @param {[Error, 'camera' | 'microphone' | 'both' | 'screen'][]} errors of getUserMedia or getDisplayMedia */
  constructor(errors) {
    this.#errors = errors;
  }

  /** Whether a permission is missing: there is help for that, see permission-help.js. */
  get isRefusal() {
    return this.#errors.some(([error]) => error.name === 'NotAllowedError');
  }

  /** In the present language. */
  get text() {
    return this.#errors.map(([error, device]) => sentence(error, t(`device.${device}`))).join(' ');
  }
}

function sentence(error, device) {
  switch (error.name) {
    case 'SecurityError':
      return t('problem.insecure');
    case 'NotAllowedError':
      return t('problem.refused', { device });
    case 'NotFoundError':
    case 'OverconstrainedError':
      return t('problem.missing', { device });
    case 'NotReadableError':
    case 'AbortError':
      return t('problem.busy', { device });
    default:
      return t('problem.other', { device, message: error.message });
  }
}

const insecure = () => new DOMException('no mediaDevices', 'SecurityError');

/** A refusal that was remembered for one device must not cost the other. Not every browser tells. */
async function isDenied(source) {
  try {
    return (await navigator.permissions.query({ name: source })).state === 'denied';
  } catch {
    return false;
  }
}
