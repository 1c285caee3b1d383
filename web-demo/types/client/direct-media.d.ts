/** @typedef {import('./publications.js').Source} Source */
/** The sections, in their order in the offer. @type {Source[]} */
export const SOURCES: Source[];
/**
 * @typedef {object} DirectMediaHandlers
 * @property {(message: {description?: {type: string, sdp: string}, candidates?: object[]}) => void} say tells the other
 * @property {(state: RTCPeerConnectionState) => void} onState
 * @property {(source: Source) => MediaStreamTrack | null} track what is to be sent of a source now
 * @property {(error: Error) => void} onRefused the browser refused what the other one said
 */
export class DirectMedia {
    /**
     * @param {RTCConfiguration} configuration
     * @param {boolean} offers
     * @param {DirectMediaHandlers} handlers
     */
    constructor(configuration: RTCConfiguration, offers: boolean, handlers: DirectMediaHandlers);
    get state(): RTCPeerConnectionState;
    getStats(): Promise<RTCStatsReport>;
    /** @param {Source} source @returns {RTCRtpReceiver | null} null until it is negotiated */
    receiver(source: Source): RTCRtpReceiver | null;
    /** @param {string | null} mid @returns {Source | null} */
    sourceOf(mid: string | null): Source | null;
    /** Another track of a source is to be sent, or none. @param {Source} source */
    update(source: Source): void;
    /**
     * The same servers with new passwords. A relay is kept up with the password that it began with: whoever offers takes
     * others in time, for both.
     * @param {RTCIceServer[]} iceServers
     * @param {boolean} inTime whether relays are to be taken anew
     */
    takeServers(iceServers: RTCIceServer[], inTime: boolean): Promise<void>;
    /** The other one says something. @param {{description?: RTCSessionDescriptionInit, candidates?: {candidate: string, mid: string}[]}} message */
    take({ description, candidates }: {
        description?: RTCSessionDescriptionInit;
        candidates?: {
            candidate: string;
            mid: string;
        }[];
    }): void;
    close(): void;
    #private;
}
export type Source = import("./publications.js").Source;
export type DirectMediaHandlers = {
    /**
     * tells the other
     */
    say: (message: {
        description?: {
            type: string;
            sdp: string;
        };
        candidates?: object[];
    }) => void;
    onState: (state: RTCPeerConnectionState) => void;
    /**
     * what is to be sent of a source now
     */
    track: (source: Source) => MediaStreamTrack | null;
    /**
     * the browser refused what the other one said
     */
    onRefused: (error: Error) => void;
};
