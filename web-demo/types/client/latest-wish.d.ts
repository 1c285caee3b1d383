/** A device takes its time to open: of several wishes for the same one the latest counts, and the others are given up. */
export class LatestWish {
    /** @param {string} kind of device @returns {() => boolean} whether this wish still counts */
    begin(kind: string): () => boolean;
    /** None counts any more. @param {string} [kind] of this device; default: of all */
    giveUp(kind?: string): void;
    #private;
}
