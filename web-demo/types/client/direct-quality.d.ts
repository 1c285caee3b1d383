export class DirectQuality {
    /**
     * Looks once a second.
     * @param {Counters} counters of the direct path, as PlenumRoom.counters
     * @param {string | null} self our own id
     * @param {boolean} isSeen whether anybody looks at the page: what else of pictures is shown says nothing
     * @returns {DirectRating[]} of all that comes and goes; whoever is not rated yet or no more has null
     */
    second({ at, roundTripTime, receive, send }: Counters, self: string | null, isSeen: boolean): DirectRating[];
    #private;
}
export type Grown = {
    seconds: number;
    /**
     * 0 to 1, over some seconds
     */
    loss: number;
    /**
     * seconds in which the picture stood still, or sound was made up, of each second
     */
    frozen: number;
    concealed: number;
    /**
     * 0 to 1 of the frames that came
     */
    unshown: number;
    nacks: number;
};
export type Counters = import("./counters.js").Counters;
export type Counted = import("./counters.js").StreamCounters & {
    participant: string;
    source: import("./publications.js").Source;
};
/**
 * unrated as yet: all of it null
 */
export type DirectRating = import("./quality.js").Quality & {
    track: string | null;
};
export type Reading = {
    at: number;
    counters: Counted;
};
export type Rating = {
    score: number;
    grade: import("./quality.js").Grade;
    cause: import("./quality.js").Cause;
};
