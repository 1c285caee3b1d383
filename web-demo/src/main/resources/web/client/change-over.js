// Another server has the room: what is shown and heard goes over to the connection to it, slot by slot, while the former
// one still plays.

const LOOK_MILLIS = 40;

/** What has not come by the new connection by then is not waited for. */
const PATIENCE_MILLIS = 8000;

/** A slot in which nothing was played for so long is silent, and nobody misses it. */
const SILENT_MILLIS = 1000;

/** A camera's picture moves once so many frames were decoded: the first may stand alone while the bandwidth is found out. */
const MOVING_FRAMES = 8;

/** @typedef {import('./media.js').MediaSession} MediaSession */

/**
 * @typedef {object} ChangeOverHandlers
 * @property {() => MediaSession | null} media the new connection
 * @property {(mid: string) => import('./seats.js').Slot | null} bound what a slot of the new connection carries
 * @property {(mid: string) => import('./seats.js').Slot | null} boundBefore what one of the former carries
 * @property {(mid: string) => void} onPicture the picture of a slot of the new connection has begun
 * @property {() => void} onDone nothing is needed of the former connection any more
 */

export class ChangeOver {
  #before;
  #handlers;
  #over = false;
  #since = performance.now();
  /** What was played in each slot of the former connection, and since when. @type {Map<string, {latest: number, at: number}>} */
  #played = new Map();

  /**
   * @param {MediaSession} before the former connection
   * @param {ChangeOverHandlers} handlers
   */
  constructor(before, handlers) {
    this.#before = before;
    this.#handlers = handlers;
    this.#run();
  }

  /** The former connection is gone, or is to be: everything is heard by the new one. */
  end() {
    this.#over = true;
    for (const sound of this.#before.sounds) enable(sound, false);
    for (const sound of this.#handlers.media()?.sounds ?? []) enable(sound, true);
  }

  async #run() {
    let told = false;
    while (!this.#over) {
      const done = await this.#look();
      if (this.#over) return;
      if (!told && (done || performance.now() - this.#since > PATIENCE_MILLIS)) {
        told = true;
        this.#handlers.onDone();
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
    }
  }

  /** @returns {Promise<boolean>} whether all that comes by the former connection comes by the new one too */
  async #look() {
    const flowing = this.#flowing();
    const media = this.#handlers.media();
    if (media?.state !== 'connected') return false;
    const begun = begunOf(await media.getStats());
    if (this.#over || media !== this.#handlers.media()) return false;
    const heard = new Set();
    const seen = new Set();
    for (const slot of media.slots) {
      const bound = slot.mid && this.#handlers.bound(slot.mid);
      const frames = begun.get(slot.mid) ?? 0;
      if (!bound || frames < (bound.source === 'camera' ? MOVING_FRAMES : 1)) continue;
      const isSound = slot.receiver.track.kind === 'audio';
      (isSound ? heard : seen).add(keyOf(bound));
      if (isSound) slot.receiver.track.enabled = true;
      else this.#handlers.onPicture(slot.mid);
    }
    let isDone = true;
    for (const slot of this.#before.slots) {
      const bound = slot.mid && this.#handlers.boundBefore(slot.mid);
      if (!bound) continue;
      const isSound = slot.receiver.track.kind === 'audio';
      const comes = (isSound ? heard : seen).has(keyOf(bound));
      if (isSound) slot.receiver.track.enabled = !comes;
      if (!comes && flowing.has(slot.mid)) isDone = false;
    }
    return isDone && media.seatCount > 0;
  }

  /** Slots of the former connection in which something was played a moment ago. */
  #flowing() {
    const now = performance.now();
    const flowing = new Set();
    for (const [mid, latest] of this.#before.played) {
      const known = this.#played.get(mid);
      if (known?.latest !== latest) this.#played.set(mid, { latest, at: now });
      if (latest > 0 && now - this.#played.get(mid).at < SILENT_MILLIS) flowing.add(mid);
    }
    return flowing;
  }
}

/** @param {import('./seats.js').Slot} slot */
const keyOf = ({ participant, source }) => `${participant} ${source}`;

/** @param {MediaStream} sound @param {boolean} enabled */
function enable(sound, enabled) {
  for (const track of sound.getTracks()) track.enabled = enabled;
}

/**
 * What was played in each section: frames that were decoded, samples that came out of the jitter buffer.
 * @param {RTCStatsReport} report
 * @returns {Map<string, number>} by mid
 */
function begunOf(report) {
  const begun = new Map();
  report.forEach((entry) => {
    if (entry.type !== 'inbound-rtp') return;
    begun.set(entry.mid, (entry.kind === 'video' ? entry.framesDecoded : entry.jitterBufferEmittedCount) ?? 0);
  });
  return begun;
}
