// Who is in the room beside us, and what they publish.

/** Somebody who joins so soon after a participant of the same name was `replaced` has only reloaded. */
const RELOAD_MILLIS = 5000;

/** After a restart of the server the others come back one by one: so long each of them is waited for. */
const RETURN_MILLIS = 10_000;

/** @typedef {import('./publications.js').Source} Source */
/** @typedef {{track: string, kind: 'audio' | 'video', source: Source, muted: boolean}} Track */
/** @typedef {{participant: string, name: string, tracks: Track[], silenced: Source[]}} Participant silenced: what moderators muted */

export class Roster {
  /** @type {Map<string, Participant>} in order of joining */
  participants = new Map();

  #emit;
  #onTracksGone;
  /** @type {Map<string, number>} name → when its participant was replaced */
  #replaced = new Map();
  /** Who was here when the server went away, and has not come back. @type {Set<string>} */
  #awaited = new Set();
  #awaitTimer = 0;
  /** While we change over to another node: tracks that are still shown, and not published there yet. @type {Set<string>} */
  #held = new Set();

  /**
   * @param {(type: 'joined' | 'left' | 'track' | 'moderated' | 'renamed', detail: object) => void} emit events of PlenumRoom
   * @param {(tracks: string[]) => void} onTracksGone they come no more
   */
  constructor(emit, onTracksGone) {
    this.#emit = emit;
    this.#onTracksGone = onTracksGone;
  }

  /**
   * Takes the whole list of a welcome, as joining and leaving of those who differ.
   * @param {Participant[]} list
   * @param {boolean} anew whether the server may have begun anew: then who is missing may still come back, under the
   *     same id, and keeps the place
   * @param {boolean} [holds] whether what they publish goes on being shown until `settle`
   */
  sync(list, anew, holds = false) {
    const present = new Set(list.map(({ participant }) => participant));
    if (holds) for (const { tracks } of this.participants.values()) for (const { track } of tracks) this.#held.add(track);
    for (const { participant, tracks } of [...this.participants.values()]) {
      if (present.has(participant)) continue;
      if (anew) {
        this.#awaited.add(participant);
        for (const { track } of tracks) if (!this.#held.has(track)) this.untrack({ participant, track });
      } else {
        this.left({ participant, reason: 'signaling-lost', quiet: true });
      }
    }
    for (const entry of list) this.joined({ ...entry, quiet: true });
    clearTimeout(this.#awaitTimer);
    if (this.#awaited.size) this.#awaitTimer = setTimeout(() => this.#awaitNoMore(), RETURN_MILLIS);
  }

  joined({ participant, name, tracks, silenced = [], quiet = this.#justReloaded(name) }) {
    const known = this.participants.get(participant);
    tracks = [...(tracks ?? []), ...this.#heldOf(known, tracks ?? [])];
    const present = new Set(tracks.map(({ track }) => track));
    for (const { track } of known?.tracks ?? []) if (!present.has(track) && !this.#held.has(track)) this.untrack({ participant, track });
    const wasSilenced = String(known?.silenced ?? []);
    if (known) this.renamed({ participant, name });
    const person = Object.assign(known ?? {}, { participant, name, tracks, silenced });
    this.participants.set(participant, person);
    this.#awaited.delete(participant);
    if (!known) this.#emit('joined', { participant: person, quiet });
    else this.#emitAgain(person, String(silenced) !== wasSilenced);
  }

  /** What somebody published before and has not published anew. */
  #heldOf(known, tracks) {
    const isAnew = ({ source }) => tracks.some((other) => other.source === source);
    return (known?.tracks ?? []).filter((entry) => this.#held.has(entry.track) && !isAnew(entry));
  }

  /** The change to another node is over: what was not published there is gone. */
  settle() {
    const held = this.#held;
    this.#held = new Set();
    for (const { participant, tracks } of [...this.participants.values()]) {
      for (const { track } of tracks) if (held.has(track)) this.untrack({ participant, track });
    }
  }

  #emitAgain(person, isModerated) {
    for (const track of person.tracks) this.#emit('track', { participant: person, track, gone: false });
    if (isModerated) this.#emit('moderated', { participant: person });
  }

  silenced({ participant, sources }) {
    const person = this.participants.get(participant);
    if (!person) return;
    person.silenced = sources;
    this.#emit('moderated', { participant: person });
  }

  renamed({ participant, name }) {
    const person = this.participants.get(participant);
    if (!person || person.name === name) return;
    const before = person.name;
    person.name = name;
    this.#emit('renamed', { participant: person, before });
  }

  left({ participant, reason, quiet = reason === 'replaced' || reason === 'moved' }) {
    const person = this.participants.get(participant);
    if (!person) return;
    this.participants.delete(participant);
    this.#awaited.delete(participant);
    if (reason === 'replaced') this.#replaced.set(person.name, performance.now());
    this.#emit('left', { participant: person, reason, quiet });
    this.#onTracksGone(person.tracks.map(({ track }) => track));
  }

  track({ participant, track, kind, source, muted }) {
    const person = this.participants.get(participant);
    if (!person) return;
    const entry = { track, kind, source, muted };
    const isBefore = (other) => other.track === track || (this.#held.has(other.track) && other.source === source);
    this.#held.delete(track);
    person.tracks = [...person.tracks.filter((other) => !isBefore(other)), entry];
    this.#emit('track', { participant: person, track: entry, gone: false });
  }

  untrack({ participant, track }) {
    const person = this.participants.get(participant);
    const entry = person?.tracks.find((other) => other.track === track);
    if (!entry) return;
    person.tracks = person.tracks.filter((other) => other !== entry);
    this.#emit('track', { participant: person, track: entry, gone: true });
    this.#onTracksGone([track]);
  }

  /** The call is over: nobody is here, and nobody is told. */
  clear() {
    clearTimeout(this.#awaitTimer);
    this.#awaited.clear();
    this.#held.clear();
    this.participants.clear();
  }

  #awaitNoMore() {
    for (const participant of [...this.#awaited]) this.left({ participant, reason: 'signaling-lost', quiet: false });
  }

  #justReloaded(name) {
    const since = this.#replaced.get(name);
    return this.#replaced.delete(name) && performance.now() - since < RELOAD_MILLIS;
  }
}
