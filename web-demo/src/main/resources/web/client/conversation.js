// What people say and show beside sound and pictures: chat, reactions, raised hands. They go through the server as
// `message`s that it neither keeps nor repeats, each with a topic.

/** The longest text of one message, in UTF-16 units; the server refuses longer ones. */
export const MAX_TEXT = 4096;

/** What can be shown as a reaction: names, so that each page draws them as it likes. */
export const REACTIONS = ['like', 'heart', 'laugh', 'wow', 'party'];

const MOST_KEPT = 500;

/** @typedef {{from: string, name: string, text: string, at: Date, own: boolean}} ChatMessage */

/**
 * The conversation of a room. Make it before joining. Events (`detail` in braces):
 * - `chat` `{message: ChatMessage}`: text only, never to be taken for HTML
 * - `reaction` `{from, name, reaction}`: one of REACTIONS
 * - `hands` `{participant, name, up}`: a hand was raised or taken down, our own included
 */
export class Conversation extends EventTarget {
  /** @type {ChatMessage[]} the latest, in order */
  messages = [];
  /** @type {Set<string>} participants with a raised hand, the first who raised it first */
  hands = new Set();

  #room;
  #name;
  #handUp = false;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {string} name our own
   */
  constructor(room, name) {
    super();
    this.#room = room;
    this.#name = name;
    const on = (type, handle) => room.addEventListener(type, ({ detail }) => handle(detail));
    on('message', (message) => this.#receive(message));
    on('joined', ({ participant }) => this.#handUp && this.#sayHand('up', participant.participant));
    on('left', ({ participant }) => this.#setHand(participant.participant, participant.name, false));
    on('resumed', () => this.#askForHands());
  }

  /** Whether our own hand is up. */
  get handUp() {
    return this.#handUp;
  }

  /**
   * Says something to everyone.
   * @param {string} text
   * @returns {boolean} false if we are not connected: nothing is kept for later
   * @throws {RangeError} in words for a person
   */
  say(text) {
    if (!this.#room.sendMessage(text, { topic: 'chat' })) return false;
    this.#keep({ from: this.#room.participant, name: this.#name, text, at: new Date(), own: true });
    return true;
  }

  /** @param {string} reaction one of REACTIONS */
  react(reaction) {
    if (!this.#room.sendMessage(reaction, { topic: 'reaction' })) return;
    this.#emit('reaction', { from: this.#room.participant, name: this.#name, reaction });
  }

  /** @param {boolean} up */
  raiseHand(up) {
    this.#handUp = up;
    this.#sayHand(up ? 'up' : 'down');
    this.#setHand(this.#room.participant, this.#name, up);
  }

  #receive({ from, topic, text }) {
    const person = this.#room.participants.get(from);
    if (!person) return; // the server's own words are not part of the conversation
    if (topic === 'chat') this.#keep({ from, name: person.name, text, at: new Date(), own: false });
    else if (topic === 'reaction' && REACTIONS.includes(text)) this.#emit('reaction', { from, name: person.name, reaction: text });
    else if (topic === 'hand' && text === 'ask') this.#handUp && this.#sayHand('up', from);
    else if (topic === 'hand') this.#setHand(from, person.name, text === 'up');
  }

  /** What was said while we were away is lost, so all hands are asked for anew. */
  #askForHands() {
    for (const participant of this.hands) {
      if (participant === this.#room.participant) continue;
      this.#setHand(participant, this.#room.participants.get(participant)?.name ?? '', false);
    }
    this.#sayHand('ask');
    if (this.#handUp) this.#sayHand('up');
  }

  #sayHand(text, to) {
    this.#room.sendMessage(text, { topic: 'hand', to });
  }

  #setHand(participant, name, up) {
    if (this.hands.has(participant) === up) return;
    if (up) this.hands.add(participant);
    else this.hands.delete(participant);
    this.#emit('hands', { participant, name, up });
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
