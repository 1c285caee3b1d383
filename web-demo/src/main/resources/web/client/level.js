// How loud a microphone is, and a tone to try a speaker with. Web Audio only; nothing of it is sent.

/** Below this the meter shows nothing, in dB of full scale. */
const QUIETEST = -60;

/** So many samples a level is made of. */
const BLOCK = 1024;

/** As many as an analyser keeps. */
const MOST_SAMPLES = 32_768;

/** Times a second that a level is told. */
export const RATE = 15;

export class LevelMeter {
  #context = null;
  #source = null;
  #timer = 0;

  /**
   * @param {MediaStreamTrack} track a microphone's; it is neither changed nor stopped
   * @param {(level: number) => void} onLevel 0 = silence, 1 = full scale
   * @param {number} [rate] times a second
   */
  constructor(track, onLevel, rate = RATE) {
    if (!globalThis.AudioContext) return;
    // Nothing is played: large buffers wake up nobody a hundred times a second, and no speaker need be open.
    this.#context = new AudioContext({ latencyHint: 'playback' });
    // @ts-ignore Chromium's
    this.#context.setSinkId?.({ type: 'none' }).catch(() => {});
    this.#context.resume().catch(() => {}); // where the browser wants a click first, the meter stays at 0 until then
    this.#source = this.#context.createMediaStreamSource(new MediaStream([track]));
    const analyser = this.#context.createAnalyser();
    // All that was heard since the last level, so that no short sound is missed.
    analyser.fftSize = Math.min(MOST_SAMPLES, 2 ** Math.ceil(Math.log2(this.#context.sampleRate / rate)));
    this.#source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      onLevel(loudest(samples));
    }, 1000 / rate);
  }

  close() {
    clearInterval(this.#timer);
    this.#source?.disconnect();
    this.#context?.close();
    this.#context = null;
  }
}

/**
 * The level of what was loudest for some 20 ms.
 * @param {Float32Array} samples from -1 to 1
 * @returns {number} 0 … 1
 */
function loudest(samples) {
  let most = 0;
  for (let from = 0; from < samples.length; from += BLOCK) most = Math.max(most, levelOf(samples.subarray(from, from + BLOCK)));
  return most;
}

/**
 * The root mean square on a scale as ears have it.
 * @param {Float32Array} samples from -1 to 1
 * @returns {number} 0 … 1
 */
export function levelOf(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / samples.length || 1e-12);
  return Math.min(1, Math.max(0, 1 - decibels / QUIETEST));
}

/** Whether the browser lets a page choose the speaker. */
export const canChooseSpeaker = () => 'setSinkId' in HTMLMediaElement.prototype;

/**
 * Plays three notes.
 * @param {string} [speaker] deviceId; default: the system's
 * @returns {Promise<void>} settles when they have been played
 */
export async function playTone(speaker = '') {
  const context = new AudioContext();
  await context.resume();
  const output = context.createMediaStreamDestination();
  const player = new Audio();
  player.srcObject = output.stream;
  try {
    if (speaker && canChooseSpeaker()) await player.setSinkId(speaker);
    await player.play();
    await playNotes(context, output, [523.25, 659.25, 783.99]);
  } finally {
    player.srcObject = null;
    await context.close();
  }
}

/** One after the other, each swelling and dying away so that none clicks. */
function playNotes(context, output, frequencies) {
  const length = 0.35;
  let last;
  frequencies.forEach((frequency, index) => {
    const start = context.currentTime + 0.1 + index * length * 0.8;
    const oscillator = new OscillatorNode(context, { frequency });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.25, start + 0.03);
    gain.gain.linearRampToValueAtTime(0, start + length);
    oscillator.connect(gain).connect(output);
    oscillator.start(start);
    oscillator.stop(start + length);
    last = oscillator;
  });
  return new Promise((resolve) => (last.onended = () => resolve()));
}
