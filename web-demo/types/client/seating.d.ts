/** @typedef {import('./media.js').MediaSession} MediaSession */
/** @typedef {import('./seats.js').View} View */
/**
 * @typedef {object} Tile a picture to show
 * @property {string} participant
 * @property {boolean} screen
 * @property {MediaStream | null} stream null: none any more
 * @property {string | null} paused why nothing comes
 * @property {boolean} limited whether our bandwidth keeps the picture smaller than it would be
 */
export class Seating {
    /**
     * @param {(seats: object[]) => boolean} send says `view`; false: it could not be said
     * @param {(tile: Tile) => void} onTile
     * @param {(participant: string, source: 'camera' | 'screen') => MediaStreamTrack | null} directOf what comes of a
     *     picture directly, if it is to be shown
     */
    constructor(send: (seats: object[]) => boolean, onTile: (tile: Tile) => void, directOf: (participant: string, source: "camera" | "screen") => MediaStreamTrack | null);
    /** How many seats a new connection should have from the first: those in use. */
    get seatCount(): number;
    /** @param {string | null} mid @returns {import('./seats.js').Slot | null} what the slot carries */
    bound(mid: string | null): import("./seats.js").Slot | null;
    /** @param {View[]} views the most important first @param {MediaSession | null} media */
    view(views: View[], media: MediaSession | null): void;
    /** Says what is to be shown, unless it was said. @param {MediaSession | null} media */
    request(media: MediaSession | null): void;
    /** One slot carries something else. */
    bind(slot: any, media: any): void;
    /** Takes the whole table of a resumed session; what is to be shown will be said again. */
    resume(slots: any, media: any): void;
    /** These tracks are gone, whether or not the server says so of their slots. */
    forget(tracks: any, media: any): void;
    /**
     * Another connection takes over while this one still plays: each seat shows what it shows until `ready` says that the
     * same comes by the new one.
     * @param {MediaSession} media
     */
    keep(media: MediaSession): void;
    /** What a slot of the former connection carries. @param {string} mid */
    keptBound(mid: string): import("./seats.js").Slot;
    /** A slot of the former connection carries something else. */
    bindKept(slot: any, media: any): void;
    /** The picture of this slot of the new connection has begun. @param {string} mid @param {MediaSession | null} media */
    ready(mid: string, media: MediaSession | null): void;
    /** The former connection is gone. @param {MediaSession | null} media */
    release(media: MediaSession | null): void;
    /** The connection is gone. Who sits where is kept for the next. */
    disconnect(): void;
    /** The call is over. */
    clear(): void;
    /** Tells the page what changed between the tiles it knows and those the slots make now. */
    update(media: any): void;
    #private;
}
export type MediaSession = import("./media.js").MediaSession;
export type View = import("./seats.js").View;
/**
 * a picture to show
 */
export type Tile = {
    participant: string;
    screen: boolean;
    /**
     * null: none any more
     */
    stream: MediaStream | null;
    /**
     * why nothing comes
     */
    paused: string | null;
    /**
     * whether our bandwidth keeps the picture smaller than it would be
     */
    limited: boolean;
};
