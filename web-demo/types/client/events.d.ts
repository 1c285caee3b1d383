/**
 * An EventTarget whose events are CustomEvents of known types.
 * @template {Record<string, any>} Details what `detail` is, by the event's type
 */
export class Events<Details extends Record<string, any>> extends EventTarget {
    constructor();
    /**
     * @template {keyof Details & string} Type
     * @param {Type} type
     * @param {((event: CustomEvent<Details[Type]>) => void) | {handleEvent(event: CustomEvent<Details[Type]>): void} | null} listener
     * @param {boolean | AddEventListenerOptions} [options]
     * @returns {void}
     */
    addEventListener<Type extends keyof Details & string>(type: Type, listener: ((event: CustomEvent<Details[Type]>) => void) | {
        handleEvent(event: CustomEvent<Details[Type]>): void;
    } | null, options?: boolean | AddEventListenerOptions): void;
    /**
     * @template {keyof Details & string} Type
     * @param {Type} type
     * @param {((event: CustomEvent<Details[Type]>) => void) | {handleEvent(event: CustomEvent<Details[Type]>): void} | null} listener
     * @param {boolean | EventListenerOptions} [options]
     * @returns {void}
     */
    removeEventListener<Type extends keyof Details & string>(type: Type, listener: ((event: CustomEvent<Details[Type]>) => void) | {
        handleEvent(event: CustomEvent<Details[Type]>): void;
    } | null, options?: boolean | EventListenerOptions): void;
}
