/**
 * The encodings to send a track in (RTCRtpEncodingParameters).
 * @param {string} source
 * @param {MediaStreamTrack | null} track null if it is muted: its size is not known then, and taken for a usual one
 */
export function encodingsFor(source: string, track: MediaStreamTrack | null): {
    maxBitrate: number;
    scalabilityMode: string;
}[] | {}[] | {
    maxBitrate: number;
}[];
/**
 * Negotiates ours of the browser's codecs only.
 * @param {RTCRtpTransceiver} transceiver
 * @param {'audio' | 'video'} kind
 * @param {string} [first] the one to be preferred, `video/H264`
 */
export function preferCodecs(transceiver: RTCRtpTransceiver, kind: "audio" | "video", first?: string): void;
export namespace SCREEN {
    export let maxBitrate: number;
    export { scalabilityMode };
}
/**
 * Which encodings to send, and how much of them.
 * @typedef {object} EncodingWish
 * @property {string[] | null} active rids of those to send, and no others; null: all
 * @property {Record<string, number>} maxBitrates bit/s, by rid; of the others as much as at first
 */
/** @type {EncodingWish} */
export const EVERYTHING: EncodingWish;
/** Stops, starts and limits encodings as the server wants: one change at a time, and the latest wish counts. */
export class EncodingSwitch {
    /**
     * @param {RTCRtpSender} sender
     * @param {EncodingWish} wish
     */
    wish(sender: RTCRtpSender, wish: EncodingWish): Promise<void>;
    /**
     * Sends nothing in these, or what is wished again.
     * @param {RTCRtpSender[]} senders
     * @param {boolean} held
     */
    hold(senders: RTCRtpSender[], held: boolean): void;
    /** Whether `hold` is in force. */
    get isHeld(): boolean;
    /** Tries again what the browser refused: it does while an offer is under way. */
    retry(): void;
    #private;
}
/**
 * Which encodings to send, and how much of them.
 */
export type EncodingWish = {
    /**
     * rids of those to send, and no others; null: all
     */
    active: string[] | null;
    /**
     * bit/s, by rid; of the others as much as at first
     */
    maxBitrates: Record<string, number>;
};
/**
 * Three temporal layers, of which the server leaves some out for whoever has a narrow link; and one spatial layer in
 * each encoding: without being told, Chromium makes one encoding of all, of VP9 and AV1.
 */
declare const scalabilityMode: "L1T3";
export {};
