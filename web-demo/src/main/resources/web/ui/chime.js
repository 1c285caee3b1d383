// A soft sound of two notes: somebody is at the door.

const NOTES = [659.3, 880];
const NOTE_SECONDS = 0.16;
const LOUDNESS = 0.06;

/** A crowd rings once. */
const PAUSE_MILLIS = 3000;

/** @type {AudioContext | null} */
let context = null;
let last = -Infinity;

export function chime() {
  if (performance.now() - last < PAUSE_MILLIS) return;
  last = performance.now();
  try {
    context ??= new AudioContext();
    context.resume().catch(() => {}); // before the first click browsers keep silent
    NOTES.forEach((pitch, place) => play(context, pitch, context.currentTime + place * NOTE_SECONDS));
  } catch {
    // no sound here: it is shown too
  }
}

function play(audio, pitch, from) {
  const gain = audio.createGain();
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(LOUDNESS, from + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, from + 3 * NOTE_SECONDS);
  const note = new OscillatorNode(audio, { frequency: pitch });
  note.connect(gain).connect(audio.destination);
  note.start(from);
  note.stop(from + 3 * NOTE_SECONDS);
}
