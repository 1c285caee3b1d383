/** @typedef {'microphone' | 'camera' | 'screen' | 'screen-audio'} Source */
/**
 * @typedef {object} Publication
 * @property {Source} source
 * @property {'audio' | 'video'} kind
 * @property {MediaStreamTrack | null} track null while muted, if it was stopped
 * @property {boolean} muted
 */
/**
 * @typedef {object} PublicationsHandlers
 * @property {() => import('./media.js').MediaSession | null} media the present one
 * @property {(source: Source) => Promise<MediaStreamTrack>} acquire a new track for unmuting
 * @property {(mid: string, muted: boolean) => void} sayMute tells the others
 * @property {(detail: {source: Source, muted: boolean, gone: boolean}) => void} onChange
 * @property {(source: Source) => void} onEnded the device was unplugged, or taken away; the source is muted
 */
export class Publications {
    /** @param {PublicationsHandlers} handlers */
    constructor(handlers: PublicationsHandlers);
    /** @returns {Source[]} */
    get sources(): Source[];
    /** @returns {Publication[]} */
    get all(): Publication[];
    /** @param {Source} source */
    has(source: Source): boolean;
    /** @param {Source} source */
    track(source: Source): MediaStreamTrack;
    /** @param {Source} source @returns {MediaStreamTrack | null} what is to be sent of it now */
    sent(source: Source): MediaStreamTrack | null;
    /** @param {Source} source */
    isMuted(source: Source): boolean;
    /** @param {string} mid of the section it is sent in */
    sourceOf(mid: string): Source;
    /** Takes a track to be published as soon as there is a connection. */
    add(track: any, source: any): Publication;
    publish(track: any, source: any): void;
    unpublish(source: any): void;
    /** What is wished last holds, also while a device opens: it is let go if it is wanted no more. */
    setMuted(source: any, muted: any): Promise<void>;
    /** A moderator mutes a source: nothing of it is sent, and it does not begin again by itself. @param {Source} source */
    silence(source: Source): void;
    /** Says of all tracks whether they are muted: it may have changed while nobody heard. */
    sayMutes(): void;
    /** The call is over: every device is let go. */
    stop(): void;
    #private;
}
export type Source = "microphone" | "camera" | "screen" | "screen-audio";
export type Publication = {
    source: Source;
    kind: "audio" | "video";
    /**
     * null while muted, if it was stopped
     */
    track: MediaStreamTrack | null;
    muted: boolean;
};
export type PublicationsHandlers = {
    /**
     * the present one
     */
    media: () => import("./media.js").MediaSession | null;
    /**
     * a new track for unmuting
     */
    acquire: (source: Source) => Promise<MediaStreamTrack>;
    /**
     * tells the others
     */
    sayMute: (mid: string, muted: boolean) => void;
    onChange: (detail: {
        source: Source;
        muted: boolean;
        gone: boolean;
    }) => void;
    /**
     * the device was unplugged, or taken away; the source is muted
     */
    onEnded: (source: Source) => void;
};
