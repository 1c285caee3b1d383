// To whom the next message goes: everyone, or one person. Who was chosen and leaves stays chosen, and nothing is sent until
// another choice is made: what was meant for one must not go to all.

import { t } from '../i18n/i18n.js';

/** @typedef {{participant: string, name: string} | null} Recipient null: everyone */

export class ChatRecipient {
  #room;
  #select = document.getElementById('chat-to');
  /** @type {Recipient} */
  #chosen = null;

  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {() => void} onChange
   */
  constructor(room, onChange) {
    this.#room = room;
    this.#select.onchange = () => {
      this.#chosen = room.participants.get(this.#select.value) ?? null;
      this.paint();
      onChange();
    };
    room.addEventListener('joined', ({ detail }) => this.#onPerson(detail.participant, onChange));
    room.addEventListener('renamed', ({ detail }) => this.#onPerson(detail.participant, onChange));
    room.addEventListener('left', ({ detail }) => this.#onPerson(detail.participant, onChange));
    this.paint();
  }

  /** @returns {Recipient} also if they have left */
  get chosen() {
    return this.#chosen;
  }

  /** @param {Recipient} recipient @returns {(() => string) | null} why nothing can be sent there, in the present language */
  problemOf(recipient) {
    if (!recipient || this.#room.participants.has(recipient.participant)) return null;
    return () => t('chat.hasLeft', { name: recipient.name });
  }

  /** In the present language; an open list stays open. */
  translate() {
    this.#select.options[0].textContent = t('chat.everyone');
    const gone = [...this.#select.options].find(({ dataset }) => dataset.gone);
    if (gone) gone.textContent = t('chat.gone', { name: this.#chosen?.name ?? '' });
  }

  paint() {
    const people = [...this.#room.participants.values()].sort((a, b) => a.name.localeCompare(b.name));
    const choices = people.map(({ participant, name }) => new Option(name, participant));
    if (this.problemOf(this.#chosen)) choices.push(goneOption(this.#chosen));
    this.#select.replaceChildren(new Option(t('chat.everyone'), ''), ...choices);
    this.#select.value = this.#chosen?.participant ?? '';
    this.#select.parentElement.hidden = choices.length === 0;
  }

  #onPerson(person, onChange) {
    const isChosen = person.participant === this.#chosen?.participant;
    if (isChosen) this.#chosen = person;
    this.paint();
    if (isChosen) onChange();
  }
}

function goneOption({ participant, name }) {
  const option = new Option(t('chat.gone', { name }), participant);
  option.dataset.gone = 'true';
  return option;
}
