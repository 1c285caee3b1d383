/**
 * @typedef {object} SignalingHandlers
 * @property {() => void} onOpen the socket is open: say hello
 * @property {(message: any) => void} onMessage one message from the server
 * @property {() => void} onLost the socket was lost; another one is being opened unless `close` is called
 */
export class SignalingSocket {
    /**
     * @param {string} url
     * @param {SignalingHandlers} handlers
     */
    constructor(url: string, handlers: SignalingHandlers);
    /** Opens the socket now, instead of after the present pause if there is one. */
    connect(): void;
    /**
     * Other addresses of the same service, asked in turn with the first while that does not answer.
     * @param {string[]} urls of WebSockets
     */
    alternatives(urls: string[]): void;
    /** The next attempt is for the first of the other addresses. */
    preferOther(): void;
    /** Whether messages can be sent now. */
    get isOpen(): boolean;
    /** @returns {boolean} false if the socket is not open; nothing is kept for later */
    send(message: any): boolean;
    /** Gives up a socket that looks alive and is not, and opens another. */
    reset(): void;
    /** Takes another socket at once: nothing is wrong with this one, but the session is to go on anew. */
    renew(): void;
    /** The server is silent: tries the next address at once. */
    escape(): void;
    /** Keeps the socket as long as it lasts, and opens no other. */
    retire(): void;
    /** Opens a new socket at once if the last one is gone: the network came back. */
    hurry(): void;
    /**
     * The server refuses us for now and closes the socket: the next attempt waits at least so long, and not everyone equally.
     * @param {number} seconds
     */
    holdOff(seconds: number): void;
    close(): void;
    /** The server welcomed us: this attempt has succeeded. */
    settled(): void;
    /**
     * Why the server wants no WebSocket of this page, if that is so. Browsers do not show what a handshake was answered, but
     * what a request is: a POST, since only that carries the page's origin to a server that is its own.
     * @returns {Promise<string | null>} the server's words; null if it has nothing against us, or the browser does not tell
     */
    refusal(): Promise<string | null>;
    #private;
}
export type SignalingHandlers = {
    /**
     * the socket is open: say hello
     */
    onOpen: () => void;
    /**
     * one message from the server
     */
    onMessage: (message: any) => void;
    /**
     * the socket was lost; another one is being opened unless `close` is called
     */
    onLost: () => void;
};
