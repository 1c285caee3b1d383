// What a moderator sees to bring guests in, on a server that asks for tokens: an invitation is made, shown as a link and
// as a QR code, and taken back. The server keeps them: the list is asked for anew each time.

import { language, onLanguage, t } from '../i18n/i18n.js';
import { copyLink } from './invitation.js';
import { qrImage } from './qr.js';

const HOUR = 3600;
const TIMES = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR, month: 30 * 24 * HOUR };
const MAY = { all: undefined, speak: ['microphone'], watch: [] };

const byId = (id) => document.getElementById(id);

export class InviteDialog {
  #moderation;
  #link;
  /** @type {import('../client/moderation.js').Invitation[]} */
  #held = [];
  /** @type {string | null} the link of the one that is shown */
  #shown = null;

  /**
   * @param {import('../plenum-client.js').Moderation} moderation
   * @param {string} link to the room, without a token
   */
  constructor(moderation, link) {
    this.#moderation = moderation;
    this.#link = link;
    byId('invite-form').onsubmit = (event) => {
      event.preventDefault();
      this.#try(() => this.#make());
    };
    byId('invite-copy').onclick = () => copyLink(this.#shown);
    byId('invite-close').onclick = () => byId('invite').close();
  }

  async open() {
    this.#show(null);
    const endTranslation = onLanguage(() => this.#paint());
    byId('invite').addEventListener('close', endTranslation, { once: true });
    byId('invite').showModal();
    await this.#try(() => this.#refresh());
  }

  async #make() {
    const made = await this.#moderation.invite({
      name: byId('invite-name').value.trim() || null,
      publish: MAY[byId('invite-may').value],
      messages: byId('invite-may').value !== 'watch',
      seconds: TIMES[byId('invite-time').value],
      once: byId('invite-guests').value === 'one',
    });
    this.#show(made);
    await this.#refresh();
  }

  async #refresh() {
    this.#held = await this.#moderation.invitations();
    this.#paint();
  }

  async #revoke({ invitation, token }) {
    await this.#moderation.revoke(invitation);
    if (this.#shown === this.#linkWith(token)) this.#show(null);
    await this.#refresh();
    byId('invite-make').focus();
  }

  /** @param {import('../client/moderation.js').Invitation | null} invitation */
  #show(invitation) {
    this.#shown = invitation && this.#linkWith(invitation.token);
    byId('invite-made').hidden = !invitation;
    byId('invite-link').textContent = this.#shown ?? '';
    byId('invite-code').replaceChildren(...(invitation ? [qrImage(this.#shown)] : []));
    if (invitation) byId('invite-made').scrollIntoView({ block: 'nearest' });
  }

  #linkWith(token) {
    return `${this.#link}#token=${token}`;
  }

  #paint() {
    choices(byId('invite-may'), 'invite.may', Object.keys(MAY));
    choices(byId('invite-time'), 'invite.time', Object.keys(TIMES), 'day');
    choices(byId('invite-guests'), 'invite.guests', ['many', 'one']);
    byId('invite-held').hidden = this.#held.length === 0;
    byId('invite-list').replaceChildren(...this.#held.map((invitation) => this.#entry(invitation)));
  }

  #entry(invitation) {
    const item = document.createElement('li');
    item.dataset.testid = 'invitation-held';
    const text = document.createElement('span');
    text.textContent = [
      invitation.name ?? t('invite.anyName'),
      t(`invite.guests.${invitation.once ? 'one' : 'many'}`),
      t('invite.until', { time: new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(invitation.expires)) }),
      t('invite.used', { count: invitation.used }),
    ].join(' · ');
    const show = button('invite.show', 'plain', () => this.#show(invitation));
    show.hidden = invitation.once && invitation.used > 0;
    item.append(text, show, button('invite.revoke', 'plain', () => this.#try(() => this.#revoke(invitation))));
    return item;
  }

  async #try(act) {
    byId('invite-error').hidden = true;
    try {
      await act();
    } catch (error) {
      byId('invite-error').textContent = t('problem.server', { message: error.message });
      byId('invite-error').hidden = false;
    }
  }
}

/** Fills a list of choices anew, in the present language; what was chosen stays. */
function choices(select, key, values, usual = values[0]) {
  const chosen = select.value || usual;
  select.replaceChildren(...values.map((value) => new Option(t(`${key}.${value}`), value)));
  select.value = chosen;
}

function button(key, look, act) {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = look;
  element.dataset.testid = key.replace('.', '-');
  element.textContent = t(key);
  element.onclick = act;
  return element;
}
