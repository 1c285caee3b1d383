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
/** Stops and starts encodings as the server wants: one change at a time, and the latest wish counts. */
export class EncodingSwitch {
    /**
     * @param {RTCRtpSender} sender
     * @param {string[] | null} rids the encodings to send, and no others; null: all
     */
    wish(sender: RTCRtpSender, rids: string[] | null): Promise<void>;
    /** Tries again what the browser refused: it does while an offer is under way. */
    retry(): void;
    #private;
}
