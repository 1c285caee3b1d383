// What is sent: which codecs are negotiated, in how many layers a camera's picture goes up.

/** Nothing else is negotiated, so offers stay small. */
const CODECS = {
  audio: ['audio/opus'],
  video: ['video/vp8', 'video/vp9', 'video/h264', 'video/av1', 'video/h265', 'video/rtx'],
};

/**
 * Three temporal layers, of which the server leaves some out for whoever has a narrow link; and one spatial layer in
 * each encoding: without being told, Chromium makes one encoding of all, of VP9 and AV1.
 */
const scalabilityMode = 'L1T3';

export const SCREEN = { maxBitrate: 2_500_000, scalabilityMode };

/** A camera's layers, the smallest picture first (the order that browsers want). */
const LAYERS = [
  { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000, scalabilityMode },
  { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 500_000, scalabilityMode },
  { rid: 'f', maxBitrate: 1_700_000, scalabilityMode },
];

/** Below these sizes Chromium makes fewer layers, and leaves out the largest: so fewer are asked for. */
const THREE_LAYERS_PIXELS = 960 * 540;
const TWO_LAYERS_PIXELS = 480 * 270;

/**
 * The encodings to send a track in (RTCRtpEncodingParameters).
 * @param {string} source
 * @param {MediaStreamTrack | null} track null if it is muted: its size is not known then, and taken for a usual one
 */
export function encodingsFor(source, track) {
  if (source === 'screen') return [SCREEN];
  if (source !== 'camera') return [{}];
  const { width = 1280, height = 720 } = track?.getSettings?.() ?? {};
  const layers = width * height >= THREE_LAYERS_PIXELS ? 3 : width * height >= TWO_LAYERS_PIXELS ? 2 : 1;
  if (layers === 1) return [{ maxBitrate: LAYERS[2].maxBitrate }];
  return LAYERS.slice(-layers).map((layer) => ({ ...layer }));
}

/**
 * Which encodings to send, and how much of them.
 * @typedef {object} EncodingWish
 * @property {string[] | null} active rids of those to send, and no others; null: all
 * @property {Record<string, number>} maxBitrates bit/s, by rid; of the others as much as at first
 */

/** @type {EncodingWish} */
export const EVERYTHING = { active: null, maxBitrates: {} };

/** Stops, starts and limits encodings as the server wants: one change at a time, and the latest wish counts. */
export class EncodingSwitch {
  /** @type {Map<RTCRtpSender, EncodingWish>} wishes that are not fulfilled yet */
  #wishes = new Map();
  /** @type {Set<RTCRtpSender>} */
  #busy = new Set();
  /** @type {WeakMap<RTCRtpSender, EncodingWish>} the latest of each */
  #latest = new WeakMap();
  /** Whether no picture is sent at all, whatever is wished. */
  #held = false;
  /** @type {WeakMap<RTCRtpSender, Map<string, number | undefined>>} maxBitrate of each encoding at first, by rid */
  #own = new WeakMap();

  /**
   * @param {RTCRtpSender} sender
   * @param {EncodingWish} wish
   */
  wish(sender, wish) {
    this.#wishes.set(sender, wish);
    this.#latest.set(sender, wish);
    return this.#fulfil(sender);
  }

  /**
   * Sends nothing in these, or what is wished again.
   * @param {RTCRtpSender[]} senders
   * @param {boolean} held
   */
  hold(senders, held) {
    this.#held = held;
    for (const sender of senders) this.wish(sender, this.#latest.get(sender) ?? EVERYTHING);
  }

  /** Whether `hold` is in force. */
  get isHeld() {
    return this.#held;
  }

  /** Tries again what the browser refused: it does while an offer is under way. */
  retry() {
    for (const sender of this.#wishes.keys()) this.#fulfil(sender);
  }

  async #fulfil(sender) {
    if (this.#busy.has(sender)) return;
    this.#busy.add(sender);
    let wish;
    let refused = false;
    while (!refused && (wish = this.#wishes.get(sender)) !== undefined) {
      refused = !(await this.#apply(sender, wish));
      if (!refused && this.#wishes.get(sender) === wish) this.#wishes.delete(sender);
      refused &&= this.#wishes.get(sender) === wish;
    }
    this.#busy.delete(sender);
  }

  /** @returns {Promise<boolean>} false if the browser refused */
  async #apply(sender, { active, maxBitrates }) {
    const parameters = sender.getParameters();
    const encodings = parameters.encodings ?? [];
    if (!this.#own.has(sender)) {
      this.#own.set(sender, new Map(encodings.map(({ rid, maxBitrate }) => [rid, maxBitrate])));
    }
    const own = this.#own.get(sender);
    const isWanted = ({ rid }) => !this.#held && (active === null || !rid || active.includes(rid));
    const most = ({ rid }) => Math.min(own.get(rid) ?? Infinity, maxBitrates[rid] ?? Infinity);
    const isRight = (encoding) =>
      (encoding.active ?? true) === isWanted(encoding) && (encoding.maxBitrate ?? Infinity) === most(encoding);
    if (encodings.every(isRight) || (!this.#held && !encodings.some(isWanted))) return true;
    for (const encoding of encodings) {
      encoding.active = isWanted(encoding);
      if (Number.isFinite(most(encoding))) encoding.maxBitrate = most(encoding);
      else delete encoding.maxBitrate;
    }
    try {
      await sender.setParameters(parameters);
      return true;
    } catch {
      return false;
    }
  }
}

/**
 * Negotiates ours of the browser's codecs only.
 * @param {RTCRtpTransceiver} transceiver
 * @param {'audio' | 'video'} kind
 * @param {string} [first] the one to be preferred, `video/H264`
 */
export function preferCodecs(transceiver, kind, first) {
  const codecs = globalThis.RTCRtpReceiver?.getCapabilities?.(kind)?.codecs ?? [];
  const ours = codecs.filter((codec) => CODECS[kind].includes(codec.mimeType.toLowerCase()) && isUsual(codec));
  const isFirst = (codec) => codec.mimeType.toLowerCase() === first?.toLowerCase();
  const preferred = [...ours.filter(isFirst), ...ours.filter((codec) => !isFirst(codec))];
  if (!preferred.length || !transceiver.setCodecPreferences) return;
  try {
    transceiver.setCodecPreferences(preferred);
  } catch {
    // A browser that refuses the list offers all it has; the server picks.
  }
}

/** H264 without packetization mode 1 sends each slice in one packet, which no camera's picture fits into. */
function isUsual({ mimeType, sdpFmtpLine = '' }) {
  return mimeType.toLowerCase() !== 'video/h264' || sdpFmtpLine.includes('packetization-mode=1');
}
