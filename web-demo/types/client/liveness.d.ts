export class Liveness {
    /**
     * @param {object} handlers
     * @param {() => number} handlers.played grows while something is played
     * @param {() => void} handlers.ask asks the server; `heard` says that it answered
     * @param {() => void} handlers.onSilence the server is gone
     */
    constructor(handlers: {
        played: () => number;
        ask: () => void;
        onSilence: () => void;
    });
    start(): void;
    stop(): void;
    /** Something came of the server. */
    heard(): void;
    /** It was there after all, and so is the session: the network is slow. */
    falseAlarm(): void;
    #private;
}
