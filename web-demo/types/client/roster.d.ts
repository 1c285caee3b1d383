/** @typedef {import('./publications.js').Source} Source */
/** @typedef {{track: string, kind: 'audio' | 'video', source: Source, muted: boolean}} Track */
/** @typedef {{participant: string, name: string, tracks: Track[], silenced: Source[]}} Participant silenced: what moderators muted */
export class Roster {
    /**
     * @param {(type: 'joined' | 'left' | 'track' | 'moderated' | 'renamed', detail: object) => void} emit events of PlenumRoom
     * @param {(tracks: string[]) => void} onTracksGone they come no more
     */
    constructor(emit: (type: "joined" | "left" | "track" | "moderated" | "renamed", detail: object) => void, onTracksGone: (tracks: string[]) => void);
    /** @type {Map<string, Participant>} in order of joining */
    participants: Map<string, Participant>;
    /**
     * Takes the whole list of a welcome, as joining and leaving of those who differ.
     * @param {Participant[]} list
     * @param {boolean} anew whether the server may have begun anew: then who is missing may still come back, under the
     *     same id, and keeps the place
     * @param {boolean} [holds] whether what they publish goes on being shown until `settle`
     */
    sync(list: Participant[], anew: boolean, holds?: boolean): void;
    joined({ participant, name, tracks, silenced, quiet }: {
        participant: any;
        name: any;
        tracks: any;
        silenced?: any[];
        quiet?: boolean;
    }): void;
    /** The change to another node is over: what was not published there is gone. */
    settle(): void;
    silenced({ participant, sources }: {
        participant: any;
        sources: any;
    }): void;
    renamed({ participant, name }: {
        participant: any;
        name: any;
    }): void;
    left({ participant, reason, quiet }: {
        participant: any;
        reason: any;
        quiet?: boolean;
    }): void;
    track({ participant, track, kind, source, muted }: {
        participant: any;
        track: any;
        kind: any;
        source: any;
        muted: any;
    }): void;
    untrack({ participant, track }: {
        participant: any;
        track: any;
    }): void;
    /** The call is over: nobody is here, and nobody is told. */
    clear(): void;
    #private;
}
export type Source = import("./publications.js").Source;
export type Track = {
    track: string;
    kind: "audio" | "video";
    source: Source;
    muted: boolean;
};
/**
 * silenced: what moderators muted
 */
export type Participant = {
    participant: string;
    name: string;
    tracks: Track[];
    silenced: Source[];
};
