/**
 * One sample of a track.
 * @param {number} at
 * @param {'receive' | 'send'} direction
 * @param {object[]} layers their counters now
 * @param {object[]} grown those of them that can be compared
 * @param {ServerSample | null} server
 * @returns {Sample | null} null if none can be compared yet
 */
export function sampleOf(at: number, direction: "receive" | "send", layers: object[], grown: object[], server: ServerSample | null): Sample | null;
/**
 * What the server counted of one track.
 * @param {'receive' | 'send'} direction seen from here: what we receive is what it sent
 * @param {object[]} grown its layers or its slot
 * @param {number | null} roundTripTime seconds, if the streams themselves do not know it
 * @returns {ServerSample | null}
 */
export function serverSampleOf(direction: "receive" | "send", grown: object[], roundTripTime: number | null): ServerSample | null;
/** @returns {number | null} null if nothing is known */
export function sum(list: any, field: any): number | null;
/** @returns {number | null} null if nothing is known */
export function most(list: any, field: any): number | null;
/** Remembers the last reading of each stream. */
export class Growth {
    /** A new reading begins: streams that are not seen again are forgotten. */
    begin(): void;
    /**
     * @param {string} key of the stream
     * @param {object} counters with `at` in milliseconds and its `mid`
     * @returns {object | null} what it grew by, with the `seconds` and the counters `now`; null the first time, and when it
     *     began anew
     */
    of(key: string, counters: object): object | null;
    #private;
}
export function thousandfold(value: any): number;
/**
 * what the server counted of the same; null: not known. Loss, jitter and round trip of
 *     what we receive are as we reported them.
 */
export type ServerSample = {
    /**
     * that went through since the reading before
     */
    packets: number | null;
    /**
     * bits a second; of the total: received by us
     */
    bitrate: number | null;
    /**
     * of the total: sent by us
     */
    sendBitrate: number | null;
    /**
     * percent of the packets
     */
    loss: number | null;
    /**
     * milliseconds
     */
    roundTrip: number | null;
    /**
     * milliseconds
     */
    jitter: number | null;
    height: number | null;
    /**
     * packets asked for again, each as often as it was
     */
    nacks: number | null;
    /**
     * packets that then came again
     */
    retransmitted: number | null;
    keyFrameRequests: number | null;
    /**
     * names of those that come, or of the one that goes out
     */
    layers: string | null;
};
/**
 * null: not known, or not for this kind of track
 */
export type Sample = {
    /**
     * milliseconds since 1970
     */
    at: number;
    /**
     * received or sent since the reading before
     */
    packets: number | null;
    /**
     * bits a second
     */
    bitrate: number | null;
    /**
     * of the total: bits a second sent, where `bitrate` is received
     */
    sendBitrate: number | null;
    /**
     * percent of the packets
     */
    loss: number | null;
    /**
     * milliseconds
     */
    roundTrip: number | null;
    /**
     * milliseconds
     */
    jitter: number | null;
    /**
     * a second
     */
    frames: number | null;
    width: number | null;
    height: number | null;
    /**
     * that began in this second
     */
    freezes: number | null;
    /**
     * NACK packets (RTCP), each of which asks for one packet or many: not to be compared with
     * the server's
     */
    nacks: number | null;
    /**
     * packets that came again
     */
    retransmitted: number | null;
    keyFrameRequests: number | null;
    /**
     * names of the layers that are sent
     */
    layers: string | null;
    codec: string | null;
    /**
     * by which it goes
     */
    path: "direct" | "server" | null;
    /**
     * null where it was not asked
     */
    server: ServerSample | null;
};
