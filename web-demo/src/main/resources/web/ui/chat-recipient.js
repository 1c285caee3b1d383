// To whom the next message goes: everyone, or one person.

import { t } from '../i18n/i18n.js';

export class ChatRecipient {
  #room;
  #select = document.getElementById('chat-to');
  /** @type {string | undefined} the participant; undefined: everyone */
  #chosen;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {() => void} onChange
   */
  constructor(room, onChange) {
    this.#room = room;
    this.#select.onchange = () => {
      this.#chosen = this.#select.value || undefined;
      onChange();
    };
    room.addEventListener('joined', () => this.paint());
    room.addEventListener('left', ({ detail }) => {
      const { participant } = detail.participant;
      const wasChosen = participant === this.#chosen;
      if (wasChosen) this.#chosen = undefined;
      this.paint();
      if (wasChosen) onChange();
    });
    this.paint();
  }

  /** @returns {string | undefined} the participant; undefined: everyone */
  get chosen() {
    return this.#chosen;
  }

  /** @returns {string | null} their name; null: everyone */
  get name() {
    return this.#room.participants.get(this.#chosen)?.name ?? null;
  }

  /** In the present language; an open list stays open. */
  translate() {
    this.#select.options[0].textContent = t('chat.everyone');
  }

  paint() {
    const people = [...this.#room.participants.values()].sort((a, b) => a.name.localeCompare(b.name));
    const choices = people.map(({ participant, name }) => new Option(name, participant));
    this.#select.replaceChildren(new Option(t('chat.everyone'), ''), ...choices);
    this.#select.value = this.#chosen ?? '';
    this.#select.parentElement.hidden = people.length === 0;
  }
}
