export class DirectWatch {
    /**
     * Looks several times a second.
     * @param {number} now milliseconds
     * @param {Arrival[]} direct those streams of which something should come now
     * @param {Arrival[]} server those that come by the server at the same time
     * @param {boolean} serverIsUp whether there is a path to the server as far as the browser knows
     * @returns {'good' | 'doubtful' | 'lost'} what is to be thought of the path
     */
    look(now: number, direct: Arrival[], server: Arrival[], serverIsUp: boolean): "good" | "doubtful" | "lost";
    /**
     * Looks once a second.
     * @param {{packets: number, lost: number}} direct in the second
     * @param {{packets: number, lost: number}} server
     * @returns {boolean} whether too much has been lost for too long
     */
    second(direct: {
        packets: number;
        lost: number;
    }, server: {
        packets: number;
        lost: number;
    }): boolean;
    #private;
}
/**
 * One stream that arrives.
 */
export type Arrival = {
    key: string;
    kind: "audio" | "video";
    /**
     * something that is another with each packet or picture; null: nothing ever came
     */
    mark: number | null;
};
