// While we share our screen: what of it the others see, and the button that ends it.

import { onLanguage, t } from '../i18n/i18n.js';
import { CallBar } from './call-bar.js';

export class SharingBar {
  #room;
  #look = document.createElement('video');
  #bar;

  /** @param {import('../plenum-client.js').PlenumRoom} room */
  constructor(room) {
    this.#room = room;
    this.#look.muted = true;
    this.#look.playsInline = true;
    this.#look.className = 'shared';
    this.#look.dataset.testid = 'shared';
    this.#bar = new CallBar('sharing', { lead: this.#look });
    room.addEventListener('published', ({ detail }) => detail.source === 'screen' && this.#paint());
    const endTranslation = onLanguage(() => this.#paint());
    room.addEventListener('state', ({ detail }) => {
      if (detail.state !== 'closed') return;
      endTranslation();
      this.#paint();
    });
  }

  #paint() {
    const track = this.#room.localTrack('screen');
    if (!track) {
      this.#look.srcObject = null;
      this.#bar.hide();
      return;
    }
    this.#look.setAttribute('aria-label', t('sharing.look'));
    const text = this.#room.isPublished('screen-audio') ? t('sharing.nowSound') : t('sharing.now');
    this.#bar.show(text, [{ id: 'stop-sharing', text: t('share.stop'), run: () => this.#stop() }]);
    if (this.#look.srcObject?.getTracks()[0] === track) return;
    this.#look.srcObject = new MediaStream([track]);
    this.#look.play().catch(() => {});
  }

  #stop() {
    this.#room.unpublish('screen');
    this.#room.unpublish('screen-audio');
  }
}
