// The call in a small window above all others: the picture that matters, and the buttons that one needs
// (Document Picture-in-Picture).

import { onLanguage, t } from '../i18n/i18n.js';
import { fileAt } from './addresses.js';
import { paintAvatar } from './tile.js';

const byId = (id) => document.getElementById(id);
const SIZE = { width: 400, height: 280 };
const STYLES = ['style.css', 'call.css', 'mini.css'];
const BUTTONS = ['mic', 'cam', 'leave'];
const REPAINT_MILLIS = 500;

/** What makes a button look otherwise; its level changes many times a second. */
const WATCHED = ['class', 'hidden', 'title', 'aria-label', 'aria-pressed', 'aria-disabled', 'href'];

/** Browsers open it for a page that is no part of another. */
export const canOpenMiniWindow = () => 'documentPictureInPicture' in globalThis && window.top === window;

export class MiniWindow {
  #room;
  #stage;
  /** @type {Window | null} */
  #window = null;
  #video;
  #avatar;
  #name;
  #timer = 0;
  #endTranslation = () => {};
  #watch = new MutationObserver(() => this.#paintButtons());

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {import('./stage.js').Stage} stage
   */
  constructor(room, stage) {
    this.#room = room;
    this.#stage = stage;
    room.addEventListener('state', ({ detail }) => detail.state === 'closed' && this.#window?.close());
  }

  async toggle() {
    if (this.#window) return this.#window.close();
    const opened = await globalThis.documentPictureInPicture.requestWindow(SIZE).catch(() => null);
    if (!opened) return; // the browser wants a click, or does not want to
    if (this.#room.state === 'closed') return opened.close(); // left meanwhile
    this.#window = opened;
    this.#fill(opened.document);
    this.#stage.keepSeen('mini', true);
    for (const id of BUTTONS) this.#watch.observe(byId(id), { attributeFilter: WATCHED, subtree: true });
    this.#timer = setInterval(() => this.#paint(), REPAINT_MILLIS);
    this.#endTranslation = onLanguage(() => {
      opened.document.documentElement.lang = document.documentElement.lang;
      opened.document.documentElement.dir = document.documentElement.dir;
      opened.document.title = t('mini.title');
      this.#paint();
      this.#paintButtons();
    });
    opened.addEventListener('pagehide', () => this.#end());
  }

  #fill(page) {
    for (const file of STYLES) {
      const link = page.createElement('link');
      link.rel = 'stylesheet';
      link.href = fileAt(file);
      page.head.append(link);
    }
    page.body.className = 'mini';
    const tile = page.createElement('main');
    tile.className = 'mini-tile';
    this.#video = page.createElement('video');
    this.#video.muted = true;
    this.#video.autoplay = true;
    this.#avatar = page.createElement('div');
    this.#avatar.className = 'avatar';
    this.#avatar.setAttribute('aria-hidden', 'true');
    this.#name = page.createElement('p');
    const bar = page.createElement('nav');
    bar.className = 'mini-buttons';
    for (const id of BUTTONS) {
      const button = page.createElement('button');
      button.id = id;
      button.onclick = () => byId(id).click();
      bar.append(button);
    }
    tile.append(this.#avatar, this.#video, this.#name, bar);
    page.body.append(tile);
  }

  /** Who speaks, or the shared screen; else the first of the others; else ourselves. */
  #paint() {
    const pictures = this.#stage.pictures();
    const others = pictures.filter(({ kind }) => kind !== 'self');
    const shown = others.find(({ kind }) => kind === 'screen') ?? others.find(({ large }) => large)
      ?? others.find(({ participant }) => participant === this.#stage.speaker) ?? others[0] ?? pictures[0];
    if (!shown) return;
    if (this.#video.srcObject !== shown.stream) this.#video.srcObject = shown.stream;
    this.#video.hidden = !shown.stream;
    if (shown.stream) this.#video.play().catch(() => {});
    if (this.#name.textContent === shown.name) return;
    this.#name.textContent = shown.name;
    this.#video.setAttribute('aria-label', shown.name);
    paintAvatar(this.#avatar, shown.name);
  }

  /** As they are on the page. Its symbols are not to be had here, so they are copied. */
  #paintButtons() {
    const page = this.#window?.document;
    if (!page) return;
    for (const id of BUTTONS) {
      const [from, to] = [byId(id), page.getElementById(id)];
      to.className = from.className.replace('wide-only', '');
      to.hidden = from.hidden;
      to.title = from.title;
      for (const name of ['aria-label', 'aria-pressed', 'aria-disabled']) {
        if (from.hasAttribute(name)) to.setAttribute(name, from.getAttribute(name));
      }
      const symbol = document.querySelector(from.querySelector('use').getAttribute('href'));
      const svg = page.importNode(from.querySelector('svg'), false);
      svg.setAttribute('viewBox', symbol.getAttribute('viewBox'));
      svg.append(...[...symbol.children].map((child) => page.importNode(child, true)));
      to.replaceChildren(svg);
    }
  }

  #end() {
    clearInterval(this.#timer);
    this.#watch.disconnect();
    this.#endTranslation();
    this.#video.srcObject = null;
    this.#window = null;
    this.#stage.keepSeen('mini', false);
  }
}
