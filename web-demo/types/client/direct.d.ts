/** @typedef {import('./publications.js').Source} Source */
/** @typedef {'started' | 'up' | 'ended'} State as the server has them */
/**
 * @typedef {object} DirectHandlers
 * @property {(message: object) => boolean} say tells the server; false: it could not be told
 * @property {() => RTCConfiguration} configuration
 * @property {(source: Source) => MediaStreamTrack | null} track what we send of a source now
 * @property {(participant: string, source: Source) => boolean} isOn whether somebody publishes it, unmuted, and no
 *     moderator muted it
 * @property {(participant: string, source: Source) => RTCRtpReceiver | null} receiver by which it comes from the server
 * @property {() => RTCPeerConnectionState} serverState of the path to the server
 * @property {() => Promise<RTCStatsReport | null>} serverStats
 * @property {(held: boolean) => void} holdPictures whether our pictures are not sent to the server
 * @property {(stream: MediaStream, gone: boolean) => void} onSound one more sound to play, or one less
 * @property {() => void} onChange something is shown by another path than before
 * @property {(participant: string, direct: boolean) => void} onPath where somebody comes from now
 * @property {(report: RTCStatsReport) => void} onSecond what is counted of the direct path, each second
 */
export class Direct {
    /** @param {DirectHandlers} handlers */
    constructor(handlers: DirectHandlers);
    /** Whom we talk to directly now; null: nobody. */
    get participant(): string;
    /** @param {string} participant @param {Source} source @returns {MediaStreamTrack | null} what is to be shown of somebody if it comes directly */
    trackOf(participant: string, source: Source): MediaStreamTrack | null;
    /** @returns {Promise<RTCStatsReport | null>} null while it is not what is shown */
    getStats(): Promise<RTCStatsReport | null>;
    /** @param {string | null} mid @returns {Source | null} */
    sourceOf(mid: string | null): Source | null;
    /** For the curious. */
    get state(): RTCPeerConnectionState;
    /**
     * @param {{call: number, state: State, participant: string, offers: boolean, iceServers?: RTCIceServer[]}} message
     *     `direct` of the server
     */
    receive({ call, state, participant, offers, iceServers }: {
        call: number;
        state: State;
        participant: string;
        offers: boolean;
        iceServers?: RTCIceServer[];
    }): void;
    /** @param {{from: string, call: number, description?: RTCSessionDescriptionInit, candidates?: {candidate: string, mid: string}[]}} message `peer` */
    take(message: {
        from: string;
        call: number;
        description?: RTCSessionDescriptionInit;
        candidates?: {
            candidate: string;
            mid: string;
        }[];
    }): void;
    /**
     * ICE servers with new passwords.
     * @param {RTCIceServer[]} usual those of the path to the server
     * @param {RTCIceServer[]} [own] those of the direct call; missing: it has none of its own, or they are said later
     * @param {boolean} [inTime] whether it is time to take other relays
     */
    takeServers(usual: RTCIceServer[], own?: RTCIceServer[], inTime?: boolean): void;
    /** We send something else of a source, or nothing. @param {Source} source */
    updateOwn(source: Source): void;
    /** The other one has muted something, or was muted by a moderator, or has left. @param {(participant: string) => boolean} isHere */
    updateOther(isHere: (participant: string) => boolean): void;
    /** There are more slots than before: what they play is ours to say. */
    apply(): void;
    /** It is over, and nothing of it is left. */
    close(): void;
    #private;
}
export type Source = import("./publications.js").Source;
/**
 * as the server has them
 */
export type State = "started" | "up" | "ended";
export type DirectHandlers = {
    /**
     * tells the server; false: it could not be told
     */
    say: (message: object) => boolean;
    configuration: () => RTCConfiguration;
    /**
     * what we send of a source now
     */
    track: (source: Source) => MediaStreamTrack | null;
    /**
     * whether somebody publishes it, unmuted, and no
     * moderator muted it
     */
    isOn: (participant: string, source: Source) => boolean;
    /**
     * by which it comes from the server
     */
    receiver: (participant: string, source: Source) => RTCRtpReceiver | null;
    /**
     * of the path to the server
     */
    serverState: () => RTCPeerConnectionState;
    serverStats: () => Promise<RTCStatsReport | null>;
    /**
     * whether our pictures are not sent to the server
     */
    holdPictures: (held: boolean) => void;
    /**
     * one more sound to play, or one less
     */
    onSound: (stream: MediaStream, gone: boolean) => void;
    /**
     * something is shown by another path than before
     */
    onChange: () => void;
    /**
     * where somebody comes from now
     */
    onPath: (participant: string, direct: boolean) => void;
    /**
     * what is counted of the direct path, each second
     */
    onSecond: (report: RTCStatsReport) => void;
};
