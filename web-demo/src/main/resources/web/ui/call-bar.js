// Bars above the buttons of the call: what lasts longer than a notice, with what can be done about it.

const box = () => document.getElementById('call-bars');

export class CallBar {
  #element = document.createElement('div');
  #text = document.createElement('span');
  #actions = document.createElement('span');
  /** Where the focus was before it went into the bar. @type {Element | null} */
  #cameFrom = null;

  /**
   * @param {string} testId
   * @param {{role?: string, lead?: HTMLElement}} [options] lead: stands before the text
   */
  constructor(testId, { role = 'status', lead } = {}) {
    this.#element.className = 'call-bar';
    this.#element.dataset.testid = testId;
    this.#element.setAttribute('role', role);
    this.#actions.className = 'bar-actions';
    this.#text.id = `${testId}-text`;
    if (role !== 'status') this.#element.setAttribute('aria-labelledby', this.#text.id);
    if (lead) this.#element.append(lead);
    this.#element.append(this.#text, this.#actions);
    this.#element.addEventListener('focusin', ({ relatedTarget }) => {
      if (!this.#element.contains(relatedTarget)) this.#cameFrom = relatedTarget;
    });
  }

  /**
   * Shows it, or changes what it shows.
   * @param {string} text
   * @param {{id: string, text: string, run: () => void}[]} [actions] id: the test id
   */
  show(text, actions = []) {
    if (this.#text.textContent !== text) this.#text.textContent = text;
    const buttons = [...this.#actions.children];
    if (String(buttons.map((button) => button.dataset.testid)) !== String(actions.map(({ id }) => id))) {
      this.#actions.replaceChildren(...actions.map(({ id }) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'plain';
        button.dataset.testid = id;
        return button;
      }));
    }
    actions.forEach(({ text: label, run }, index) => {
      const button = /** @type {HTMLButtonElement} */ (this.#actions.children[index]);
      button.textContent = label;
      button.onclick = run;
    });
    if (!this.#element.isConnected) box().append(this.#element);
  }

  /** Puts something beside the text. @param {HTMLElement} element */
  append(element) {
    if (element.parentElement !== this.#element) this.#actions.before(element);
  }

  get isShown() {
    return this.#element.isConnected;
  }

  hide() {
    if (!this.#element.isConnected) return;
    const hadFocus = this.#element.contains(document.activeElement);
    this.#element.remove();
    if (hadFocus && this.#cameFrom instanceof HTMLElement && this.#cameFrom.isConnected) this.#cameFrom.focus();
    else if (hadFocus) document.getElementById('mic')?.focus();
  }
}
