/** @typedef {{freezes: number, frozenMillis: number, relayed: boolean}} Report since the connection began */
export class Reports {
    /**
     * @param {() => Promise<import('./counters.js').Counters | null>} counters of the present connection
     * @param {(report: Report) => boolean} send false if it could not
     */
    constructor(counters: () => Promise<import("./counters.js").Counters | null>, send: (report: Report) => boolean);
    /** A connection begins. */
    start(): void;
    stop(): void;
    #private;
}
/**
 * since the connection began
 */
export type Report = {
    freezes: number;
    frozenMillis: number;
    relayed: boolean;
};
