// Events whose details have types.

/**
 * An EventTarget whose events are CustomEvents of known types.
 * @template {Record<string, any>} Details what `detail` is, by the event's type
 */
export class Events extends EventTarget {
  /**
   * @template {keyof Details & string} Type
   * @param {Type} type
   * @param {((event: CustomEvent<Details[Type]>) => void) | {handleEvent(event: CustomEvent<Details[Type]>): void} | null} listener
   * @param {boolean | AddEventListenerOptions} [options]
   * @returns {void}
   */
  addEventListener(type, listener, options) {
    super.addEventListener(type, /** @type {EventListenerOrEventListenerObject} */ (listener), options);
  }

  /**
   * @template {keyof Details & string} Type
   * @param {Type} type
   * @param {((event: CustomEvent<Details[Type]>) => void) | {handleEvent(event: CustomEvent<Details[Type]>): void} | null} listener
   * @param {boolean | EventListenerOptions} [options]
   * @returns {void}
   */
  removeEventListener(type, listener, options) {
    super.removeEventListener(type, /** @type {EventListenerOrEventListenerObject} */ (listener), options);
  }
}
