export const MAX_SEATS: 49;
/** @typedef {import('./publications.js').Source} Source */
/** @typedef {import('./publications.js').Publication} Publication */
/**
 * @typedef {object} Seat an audio and a video slot that belong together
 * @property {RTCRtpTransceiver} audio
 * @property {RTCRtpTransceiver} video
 * @property {MediaStream} picture
 */
/**
 * @typedef {object} MediaHandlers
 * @property {(offer: {sdp: string, tracks: object[], seats: object[]}) => Promise<string>} exchange sends the offer and
 *     brings the answer's SDP; rejects with an `Interrupted` if the offer should be made again later
 * @property {() => void} onNegotiated an answer was applied; `seatCount` may have grown
 * @property {(state: RTCPeerConnectionState) => void} onState
 * @property {(stream: MediaStream) => void} onSound one more audio slot to play
 * @property {(error: Error) => void} onRefused the server or the browser refused an offer
 */
export class MediaSession {
    /**
     * @param {RTCConfiguration} configuration
     * @param {Iterable<Publication>} publications
     * @param {number} seats that there were before, if there was a connection before
     * @param {MediaHandlers} handlers
     * @param {MediaSession | null} [before] one that this takes over from while it still plays: the pictures of its seats
     *     stay the same streams, and what is heard here stays silent until `sounds` are enabled
     */
    constructor(configuration: RTCConfiguration, publications: Iterable<Publication>, seats: number, handlers: MediaHandlers, before?: MediaSession | null);
    /** Seats the server knows of. */
    seatCount: number;
    /** Whether media ever flowed here. */
    wasConnected: boolean;
    get seats(): Seat[];
    /** One stream for each audio slot. */
    get sounds(): MediaStream[];
    get state(): RTCPeerConnectionState;
    /** The receiving transceivers of all slots, those of seats and the extra audio ones. */
    get slots(): RTCRtpTransceiver[];
    /**
     * Holds back what is received for so long at least, so that what had to be sent again comes in time.
     * @param {number} delay in ms; 0: as long as the browser likes
     */
    holdBack(delay: number): void;
    getStats(): Promise<RTCStatsReport>;
    /**
     * When something was played last in each slot, by mid: whatever clock it is by, it goes on while something comes.
     * @returns {Map<string, number>}
     */
    get played(): Map<string, number>;
    /**
     * The same servers with new passwords. A relay is kept up with the password that it began with: who is carried by one
     * takes another in time.
     * @param {RTCIceServer[]} iceServers
     */
    takeServers(iceServers: RTCIceServer[]): Promise<void>;
    /** @param {Source} source */
    sender(source: Source): RTCRtpSender;
    /** @param {Source} source */
    mid(source: Source): string;
    /** @param {Source} source @returns {string | null} what it is sent in, `video/VP8`; null while that is not known */
    codec(source: Source): string | null;
    /** @param {Publication} publication */
    publish(publication: Publication): void;
    /** @param {Source} source */
    unpublish(source: Source): void;
    /**
     * Somebody cannot decode what we send: offers again, this codec preferred.
     * @param {string} mid
     * @param {string} codec `video/H264`
     */
    preferCodec(mid: string, codec: string): void;
    /**
     * Somebody needs these encodings of what we send, and nobody the others.
     * @param {string} mid
     * @param {string[]} active rids
     * @param {Record<string, number>} [maxBitrates] bit/s, by rid: nobody has the bandwidth for more
     */
    switchLayers(mid: string, active: string[], maxBitrates?: Record<string, number>): void;
    /** Whether pictures are not sent, because who sees them gets them by another way. @param {boolean} held */
    holdPictures(held: boolean): void;
    /** Grows by steps until there are `count` seats, or as many as there may be. */
    requireSeats(count: any): void;
    /** Asks for an offer. Offers are made one at a time; what is asked meanwhile goes into the next. */
    offer({ iceRestart }?: {
        iceRestart?: boolean;
    }): void;
    /** Another session takes over: this one goes on as it is, and asks its server for nothing any more. */
    retire(): void;
    /** Makes an offer that was interrupted anew. */
    resume(): void;
    close(): void;
    #private;
}
export type Source = import("./publications.js").Source;
export type Publication = import("./publications.js").Publication;
/**
 * an audio and a video slot that belong together
 */
export type Seat = {
    audio: RTCRtpTransceiver;
    video: RTCRtpTransceiver;
    picture: MediaStream;
};
export type MediaHandlers = {
    /**
     * sends the offer and
     * brings the answer's SDP; rejects with an `Interrupted` if the offer should be made again later
     */
    exchange: (offer: {
        sdp: string;
        tracks: object[];
        seats: object[];
    }) => Promise<string>;
    /**
     * an answer was applied; `seatCount` may have grown
     */
    onNegotiated: () => void;
    onState: (state: RTCPeerConnectionState) => void;
    /**
     * one more audio slot to play
     */
    onSound: (stream: MediaStream) => void;
    /**
     * the server or the browser refused an offer
     */
    onRefused: (error: Error) => void;
};
