// What people say and show beside sound and pictures: chat, reactions, raised hands. They go through the server as
// `message`s that it neither keeps nor repeats, each with a topic.

import { Events } from './events.js';
import { readFile } from './files.js';

/** The longest text of one message, in UTF-16 units; the server refuses longer ones. */
export const MAX_TEXT = 4096;

/** What can be shown as a reaction: names, so that each page draws them as it likes. */
export const REACTIONS = ['like', 'heart', 'laugh', 'wow', 'party'];

const MOST_KEPT = 500;

/** The server's clock and ours may differ by so much where it is sought what we have heard already. */
const SAME_MILLIS = 120_000;

/** For how many milliseconds a hand has been up. */
const AGO = /^\d{1,9}$/;

/**
 * @typedef {{from: string, name: string, text: string, at: Date, own: boolean, direct: boolean, to: string | null,
 *     past: boolean, file: import('./files.js').SentFile | null}} ChatMessage direct: for one person alone, `to` is their
 *     name if we wrote it; past: of before we came; file: what was sent, with its name as the text
 */

/**
 * @typedef {object} ConversationEvents what `detail` is, by the event's type
 * @property {{message: ChatMessage}} chat
 * @property {{from: string, name: string, reaction: string}} reaction
 * @property {{participant: string, name: string, up: boolean}} hands
 * @property {{participant: string, name: string}} asked
 * @property {{participant: string, name: string, up: boolean}} recorders
 */

/**
 * The conversation of a room. Make it before joining. Events (`detail` in braces):
 * - `chat` `{message: ChatMessage}`: text only, never to be taken for HTML
 * - `reaction` `{from, name, reaction}`: one of REACTIONS
 * - `hands` `{participant, name, up}`: a hand was raised or taken down, our own included
 * - `asked` `{participant, name}`: somebody whom a moderator muted asks to be heard
 * - `recorders` `{participant, name, up}`: somebody records, or does no more, ourselves included
 * @extends {Events<ConversationEvents>}
 */
export class Conversation extends Events {
  /** @type {ChatMessage[]} the latest, in order */
  messages = [];
  /** @type {Set<string>} participants with a raised hand, the first who raised it first */
  hands = new Set();
  /** @type {Set<string>} participants who record */
  recorders = new Set();

  #room;
  #wishedName;
  /** Our own flags, by topic. */
  #up = { hand: false, recording: false };
  /** When each hand was raised, as far as it was said, by performance.now(). @type {Map<string, number>} */
  #raised = new Map();
  #raisedOwn = 0;

  /** What others are shown, which the token may have chosen. */
  get #ownName() {
    return this.#room.name || this.#wishedName;
  }

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {string} name our own, until the server has told it
   */
  constructor(room, name) {
    super();
    this.#room = room;
    this.#wishedName = name;
    const on = (type, handle) => room.addEventListener(type, ({ detail }) => handle(detail));
    on('message', (message) => this.#receive(message));
    on('history', ({ messages }) => this.#keepPast(messages));
    on('joined', ({ participant }) => this.#eachFlag((topic) => this.#up[topic] && this.#sayFlag(topic, 'up', participant.participant)));
    on('left', ({ participant: { participant, name } }) => {
      this.#eachFlag((topic) => this.#setFlag(topic, participant, name, false));
      this.#raised.delete(participant);
    });
    on('resumed', () => this.#eachFlag((topic) => this.#askForFlags(topic)));
  }

  /** Whether our own hand is up. */
  get handUp() {
    return this.#up.hand;
  }

  /**
   * Says something to everyone, or to one participant.
   * @param {string} text
   * @param {string} [to]
   * @returns {boolean} false if we are not connected, or they are gone: nothing is kept for later
   * @throws {RangeError} in words for a person
   */
  say(text, to) {
    const person = to === undefined ? null : this.#room.participants.get(to);
    if (person === undefined || !this.#room.sendMessage(text, { topic: 'chat', to })) return false;
    const from = this.#room.participant;
    const more = { at: new Date(), own: true, direct: person !== null, to: person && person.name, past: false, file: null };
    this.#keep({ from, name: this.#ownName, text, ...more });
    return true;
  }

  /**
   * Sends a file to everyone, or to one participant.
   * @param {File} file
   * @param {string} [to]
   * @throws {Error} why it was not sent
   */
  async sendFile(file, to) {
    const person = to === undefined ? null : this.#room.participants.get(to);
    if (person === undefined) throw new Error('they have left');
    const sent = await this.#room.sendFile(file, { to });
    const more = { at: new Date(), own: true, direct: person !== null, to: person && person.name, past: false, file: sent };
    this.#keep({ from: this.#room.participant, name: this.#ownName, text: sent.name, ...more });
  }

  /** @param {string} reaction one of REACTIONS */
  react(reaction) {
    if (!this.#room.sendMessage(reaction, { topic: 'reaction' })) return;
    this.#emit('reaction', { from: this.#room.participant, name: this.#ownName, reaction });
  }

  /** @param {boolean} up */
  raiseHand(up) {
    this.#raise('hand', up);
  }

  /** As a host: takes down all raised hands, or one. @param {string} [participant] */
  lowerHands(participant) {
    this.#room.sendMessage('lower', { topic: 'hand', to: participant });
    if (participant === undefined && this.handUp) this.raiseHand(false);
  }

  /** Asks the moderators, who muted us, to be heard. */
  askToBeHeard() {
    this.#room.sendMessage('ask', { topic: 'floor' });
    this.raiseHand(true);
  }

  /** Tells everyone that we record, or do no more. @param {boolean} on */
  announceRecording(on) {
    if (on !== this.#up.recording) this.#raise('recording', on);
  }

  /**
   * What was written before we came here, or while we were away; what we have heard ourselves is left out, each message once.
   * @param {import('../plenum-client.js').Written[]} messages
   */
  #keepPast(messages) {
    const heard = this.messages.filter(({ direct }) => !direct);
    for (const { from, name, topic = 'chat', text, at, own } of messages) {
      const file = topic === 'file' ? readFile(text) : null;
      if (topic === 'file' && !file) continue;
      const message = { from, name, text: file?.name ?? text, at: new Date(at), own, direct: false, to: null, past: true, file };
      const known = heard.findIndex((each) => isSame(each, message));
      if (known < 0) this.#keep(message);
      else heard.splice(known, 1);
    }
  }

  #receive({ from, topic, text, direct = false }) {
    const person = this.#room.participants.get(from);
    if (!person) return; // the server's own words are not part of the conversation
    if (topic === 'chat') {
      this.#keep({ from, name: person.name, text, at: new Date(), own: false, direct, to: null, past: false, file: null });
    } else if (topic === 'file') {
      const file = readFile(text);
      if (file) this.#keep({ from, name: person.name, text: file.name, at: new Date(), own: false, direct, to: null, past: false, file });
    } else if (topic === 'reaction' && REACTIONS.includes(text)) this.#emit('reaction', { from, name: person.name, reaction: text });
    else if (topic === 'handSince' && AGO.test(text)) this.#raised.set(from, performance.now() - Number(text));
    else if (topic === 'floor' && text === 'ask') this.#emit('asked', { participant: from, name: person.name });
    else if (!Object.hasOwn(this.#up, topic)) return;
    else if (topic === 'hand' && text === 'lower') this.#lower(from);
    else if (text === 'ask') this.#up[topic] && this.#sayFlag(topic, 'up', from);
    else this.#setFlag(topic, from, person.name, text === 'up');
  }

  /** The server passes it on from hosts only. */
  #lower(from) {
    if (this.#up.hand && this.#room.hosts.has(from)) this.raiseHand(false);
  }

  #eachFlag(act) {
    Object.keys(this.#up).forEach(act);
  }

  #raise(topic, up) {
    if (topic === 'hand' && up && !this.#up.hand) this.#raisedOwn = performance.now();
    if (topic === 'hand' && up) this.#raised.set(this.#room.participant, this.#raisedOwn);
    this.#up[topic] = up;
    this.#sayFlag(topic, up ? 'up' : 'down');
    this.#setFlag(topic, this.#room.participant, this.#ownName, up);
  }

  /** What was said while we were away is lost, so all flags are asked for anew. */
  #askForFlags(topic) {
    const flags = this.#flags(topic);
    for (const participant of flags) {
      const person = this.#room.participants.get(participant);
      if (person) this.#setFlag(topic, participant, person.name, false);
      else if (participant !== this.#room.participant) {
        flags.delete(participant); // ourselves, by the id we had
        this.#raised.delete(participant);
      }
    }
    this.#sayFlag(topic, 'ask');
    if (this.#up[topic]) this.#raise(topic, true);
  }

  #sayFlag(topic, text, to) {
    // Who is told late is told since when, so that hands have the same order everywhere.
    const ago = Math.round(performance.now() - this.#raisedOwn);
    if (topic === 'hand' && text === 'up' && ago > 0) this.#room.sendMessage(String(ago), { topic: 'handSince', to });
    this.#room.sendMessage(text, { topic, to });
  }

  #setFlag(topic, participant, name, up) {
    const flags = this.#flags(topic);
    if (flags.has(participant) === up) return;
    if (up) flags.add(participant);
    else flags.delete(participant);
    if (topic === 'hand') this.#order(participant, up);
    this.#emit(topic === 'hand' ? 'hands' : 'recorders', { participant, name, up });
  }

  #order(participant, up) {
    if (!up) return void this.#raised.delete(participant);
    if (!this.#raised.has(participant)) this.#raised.set(participant, performance.now());
    this.hands = new Set([...this.hands].sort((a, b) => this.#raised.get(a) - this.#raised.get(b)));
  }

  #flags(topic) {
    return topic === 'hand' ? this.hands : this.recorders;
  }

  #keep(message) {
    this.messages.push(message);
    if (this.messages.length > MOST_KEPT) this.messages.shift();
    this.#emit('chat', { message });
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Whether what the server tells of the past is what we have. Our id may have been another one then. */
function isSame(heard, past) {
  const isTheirs = heard.own ? past.own : !past.own && heard.from === past.from;
  return isTheirs && heard.text === past.text && Math.abs(heard.at - past.at) <= SAME_MILLIS;
}
