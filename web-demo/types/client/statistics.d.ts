/** Samples kept of each track: five minutes. */
export const MOST_SAMPLES: 300;
/** @typedef {import('./samples.js').Sample} Sample */
/** @typedef {import('./samples.js').ServerSample} ServerSample */
/**
 * @typedef {object} Series
 * @property {string} key `total`, or one for each track
 * @property {'total' | 'receive' | 'send'} direction
 * @property {string | null} participant who sends it; null for the total
 * @property {string | null} name
 * @property {string | null} source
 * @property {Sample[]} samples the latest, in order
 */
/**
 * The statistics of a room, from joining to leaving. Event `sample`: there is one more.
 * @extends {Events<{sample: null}>}
 */
export class Statistics extends Events<{
    sample: null;
}> {
    /**
     * @param {import('../plenum-client.js').PlenumRoom} room
     * @param {string} name our own, until the server has told it
     */
    constructor(room: import("../plenum-client.js").PlenumRoom, name: string);
    /** @type {Map<string, Series>} by key; the total first */
    series: Map<string, Series>;
    /** Whether somebody looks: then the server is asked each second, else every five. */
    isSeen: boolean;
    /** All of it, as JSON can say it. */
    toJSON(): {
        format: string;
        version: number;
        userAgent: string;
        participant: string;
        series: Series[];
    };
    #private;
}
export type Sample = import("./samples.js").Sample;
export type ServerSample = import("./samples.js").ServerSample;
export type Series = {
    /**
     * `total`, or one for each track
     */
    key: string;
    direction: "total" | "receive" | "send";
    /**
     * who sends it; null for the total
     */
    participant: string | null;
    name: string | null;
    source: string | null;
    /**
     * the latest, in order
     */
    samples: Sample[];
};
import { Events } from './events.js';
