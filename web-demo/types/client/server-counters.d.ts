/**
 * @typedef {object} ServerLayer one encoding of what we publish, as it arrived there
 * @property {string} mid
 * @property {string} track
 * @property {string} source
 * @property {string | null} rid
 * @property {string} codec
 * @property {number} height pixels, 0 while unknown and for sound
 * @property {number} packets
 * @property {number} bytes
 * @property {number} lost
 * @property {number} jitter seconds
 * @property {number} nacks packets asked for again
 * @property {number} recovered of them, by retransmission
 * @property {number} probes packets that brought nothing new
 * @property {number} keyFrameRequests
 */
/**
 * @typedef {object} ServerSlot what was sent to us in one slot
 * @property {string} mid
 * @property {string} participant who publishes it
 * @property {string} track
 * @property {string} source
 * @property {string | null} rid the layer that goes out now
 * @property {number} height
 * @property {number} packets
 * @property {number} bytes
 * @property {number} retransmitted
 * @property {number} nacks packets asked for again
 * @property {number} keyFrameRequests
 * @property {number | null} lost as we reported it
 * @property {number | null} jitter seconds
 * @property {number | null} roundTripTime seconds
 */
/**
 * @typedef {object} ServerCounters counters run on since the stream began
 * @property {number} at milliseconds by the server's clock: only differences mean something
 * @property {number | null} roundTripTime seconds, between the server and us
 * @property {ServerLayer[]} layers
 * @property {ServerSlot[]} slots
 */
/** @returns {ServerCounters} */
export function serverCountersOf({ at, roundTripTime, layers, slots }: {
    at: any;
    roundTripTime: any;
    layers: any;
    slots: any;
}): ServerCounters;
/**
 * one encoding of what we publish, as it arrived there
 */
export type ServerLayer = {
    mid: string;
    track: string;
    source: string;
    rid: string | null;
    codec: string;
    /**
     * pixels, 0 while unknown and for sound
     */
    height: number;
    packets: number;
    bytes: number;
    lost: number;
    /**
     * seconds
     */
    jitter: number;
    /**
     * packets asked for again
     */
    nacks: number;
    /**
     * of them, by retransmission
     */
    recovered: number;
    /**
     * packets that brought nothing new
     */
    probes: number;
    keyFrameRequests: number;
};
/**
 * what was sent to us in one slot
 */
export type ServerSlot = {
    mid: string;
    /**
     * who publishes it
     */
    participant: string;
    track: string;
    source: string;
    /**
     * the layer that goes out now
     */
    rid: string | null;
    height: number;
    packets: number;
    bytes: number;
    retransmitted: number;
    /**
     * packets asked for again
     */
    nacks: number;
    keyFrameRequests: number;
    /**
     * as we reported it
     */
    lost: number | null;
    /**
     * seconds
     */
    jitter: number | null;
    /**
     * seconds
     */
    roundTripTime: number | null;
};
/**
 * counters run on since the stream began
 */
export type ServerCounters = {
    /**
     * milliseconds by the server's clock: only differences mean something
     */
    at: number;
    /**
     * seconds, between the server and us
     */
    roundTripTime: number | null;
    layers: ServerLayer[];
    slots: ServerSlot[];
};
