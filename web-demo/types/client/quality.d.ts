/** @typedef {import('./publications.js').Source} Source */
/** @typedef {'good' | 'fair' | 'poor' | 'bad'} Grade */
/** @typedef {'none' | 'publisher-device' | 'publisher-uplink' | 'server' | 'viewer-downlink' | 'viewer-device' | 'direct-path'} Cause */
/**
 * @typedef {object} Quality of one track: as we get it, or one of our own as it comes in at the server, or at the other
 *     one whom we talk to directly
 * @property {string} participant who publishes it
 * @property {Source} source
 * @property {number | null} score 0 to 100; null: it is not rated any more
 * @property {Grade | null} grade the same in a word
 * @property {Cause | null} cause whose fault it is; `none` only if it is good
 * @property {'direct' | 'server'} path that is rated
 */
/** @typedef {{participant: string, source: Source, track: string | null}} Carried what goes through a section; track null: our own */
export class Qualities {
    /**
     * @param {(mid: string) => Carried | null} carried what goes through a section now
     * @param {(quality: Quality) => void} onChange
     */
    constructor(carried: (mid: string) => Carried | null, onChange: (quality: Quality) => void);
    /** @param {{mid: string, score?: number, grade?: Grade, cause?: Cause}[]} sections of a `quality` message */
    apply(sections: {
        mid: string;
        score?: number;
        grade?: Grade;
        cause?: Cause;
    }[]): void;
    /** @param {import('./direct-quality.js').DirectRating[]} ratings of all that goes directly now */
    applyDirect(ratings: import("./direct-quality.js").DirectRating[]): void;
    /** Sections may carry something else by now: what was said of them is over. */
    check(): void;
    /** A track of somebody else, by its id, or one of our own, by its source, is muted or gone. */
    forget(which: any): void;
    /** The connection is gone, or the server says everything anew. */
    clear(): void;
    #private;
}
export type Source = import("./publications.js").Source;
export type Grade = "good" | "fair" | "poor" | "bad";
export type Cause = "none" | "publisher-device" | "publisher-uplink" | "server" | "viewer-downlink" | "viewer-device" | "direct-path";
/**
 * of one track: as we get it, or one of our own as it comes in at the server, or at the other
 *     one whom we talk to directly
 */
export type Quality = {
    /**
     * who publishes it
     */
    participant: string;
    source: Source;
    /**
     * 0 to 100; null: it is not rated any more
     */
    score: number | null;
    /**
     * the same in a word
     */
    grade: Grade | null;
    /**
     * whose fault it is; `none` only if it is good
     */
    cause: Cause | null;
    /**
     * that is rated
     */
    path: "direct" | "server";
};
/**
 * what goes through a section; track null: our own
 */
export type Carried = {
    participant: string;
    source: Source;
    track: string | null;
};
