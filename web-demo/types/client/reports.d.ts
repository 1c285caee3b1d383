/** @typedef {import('./counters.js').Counters} Counters */
/** @typedef {import('./counters.js').StreamCounters} StreamCounters */
/** @typedef {{mid: string, frozenMillis: number, received: number, shown: number}} Shown in a second, on average */
/** @typedef {{mid: string, limitation: 'cpu' | 'bandwidth'}} Encoder */
/**
 * @typedef {object} Report
 * @property {number} freezes since the connection began, all pictures together
 * @property {number} frozenMillis
 * @property {boolean} relayed
 * @property {Shown[]} slots those that did not run smoothly since the look before
 * @property {Encoder[]} encoders those that are held back
 */
export class Reports {
    /**
     * @param {() => Promise<Counters | null>} counters of the present connection
     * @param {(report: Report) => boolean} send false if it could not
     */
    constructor(counters: () => Promise<Counters | null>, send: (report: Report) => boolean);
    /** A connection begins. */
    start(): void;
    stop(): void;
    #private;
}
export type Counters = import("./counters.js").Counters;
export type StreamCounters = import("./counters.js").StreamCounters;
/**
 * in a second, on average
 */
export type Shown = {
    mid: string;
    frozenMillis: number;
    received: number;
    shown: number;
};
export type Encoder = {
    mid: string;
    limitation: "cpu" | "bandwidth";
};
export type Report = {
    /**
     * since the connection began, all pictures together
     */
    freezes: number;
    frozenMillis: number;
    relayed: boolean;
    /**
     * those that did not run smoothly since the look before
     */
    slots: Shown[];
    /**
     * those that are held back
     */
    encoders: Encoder[];
};
