// The ten verbs of the page around us, done in the call, and the call's events told to it.

import { MAX_TEXT } from '../plenum-client.js';
import { Embed, flag, isEmbedded, oneOf, tellOpened, words } from './embed.js';

const LAYOUTS = ['grid', 'speaker'];
const PANELS = ['chat', 'people', 'statistics', 'none'];

export class EmbedCall {
  #embed;
  /** @type {import('./call-page.js').CallPage | null} */
  #call = null;

  /**
   * @param {(wish: {room: string, name: string, token?: string}) => Promise<void>} join rejects if it fails, or there is a call
   * @param {() => void} leave gives up a joining that has not come to a call yet; throws if there is none
   */
  constructor(join, leave) {
    const call = () => {
      if (!this.#call) throw new Error('there is no call');
      return this.#call;
    };
    const device = (source) => async ({ on }) => {
      await call().setDevice(source, flag(on, 'on'));
      if (on) tellOpened(source);
    };
    this.#embed = new Embed({
      join: ({ room, name, token }) =>
        join({ room: words(room, 'room', 192), name: words(name, 'name', 192), token: token === undefined ? undefined : words(token, 'token', 8192) }),
      leave: () => (this.#call ? this.#call.leave() : leave()),
      microphone: device('microphone'),
      camera: device('camera'),
      screen: device('screen'),
      hand: ({ up }) => call().raiseHand(flag(up, 'up')),
      say: ({ text }) => call().say(words(text, 'text', MAX_TEXT)),
      layout: ({ layout }) => call().showLayout(oneOf(layout, 'layout', LAYOUTS)),
      panel: ({ panel }) => call().showPanel(oneOf(panel, 'panel', PANELS)),
      state: () => this.#call?.describe() ?? { state: 'closed' },
    });
  }

  /** @param {import('./call-page.js').CallPage} call @param {import('../plenum-client.js').PlenumRoom} room */
  begin(call, room) {
    if (!isEmbedded) return;
    this.#call = call;
    const on = (type, handle) => room.addEventListener(type, ({ detail }) => handle(detail));
    on('state', ({ state, reason, error }) => {
      if (state === 'closed' && this.#call === call) this.#call = null;
      this.#embed.tell('state', { state, reason: reason ?? null, error: error?.message ?? null });
    });
    for (const type of ['joined', 'left']) {
      on(type, ({ participant }) => this.#embed.tell(type, { participant: participant.participant, name: participant.name }));
    }
    on('speakers', ({ participants }) => this.#embed.tell('speakers', { participants }));
    on('published', ({ source, muted }) => this.#embed.tell('published', { source, on: !muted }));
    call.conversation.addEventListener('chat', ({ detail: { message } }) =>
      this.#embed.tell('chat', { from: message.from, name: message.name, text: message.text, own: message.own }));
  }
}
