/** @typedef {import('./publications.js').Source} Source */
/**
 * @typedef {object} InvitationWish
 * @property {string | null} [name] what others are shown; without it each guest chooses
 * @property {Source[]} [publish] all by default
 * @property {boolean} [messages] whether guests may send messages; default true
 * @property {number} [seconds] how long it lets guests in, 60 to 2 592 000; default a day
 * @property {boolean} [once] whether it is for one guest only
 */
/** @typedef {InvitationWish & {invitation: string, expires: string, used: number, token: string}} Invitation */
export class Moderation {
    /** @param {string | undefined} token @returns {boolean} whether it says that its holder moderates the room */
    static isGranted(token: string | undefined): boolean;
    /**
     * @param {string} room
     * @param {string} [token] none where the server asks for none
     * @param {string} [server] its address; default: where this module came from
     */
    constructor(room: string, token?: string, server?: string);
    /** Mutes a track at the server, or lets it be heard or seen again. */
    silence(participant: any, track: any, silenced: any): Promise<void>;
    /**
     * Mutes sources of a person, published or not, until a moderator allows them again; no reload ends it.
     * @param {string} participant
     * @param {import('./publications.js').Source[]} sources all that are muted from now on
     */
    silenceSources(participant: string, sources: import("./publications.js").Source[]): Promise<void>;
    /** Sends somebody away; the token they came with lets them in no more. */
    remove(participant: any): Promise<void>;
    /** Lets nobody in any more, or everybody again. */
    lock(locked: any): Promise<void>;
    /** @returns {Promise<boolean>} */
    isLocked(): Promise<boolean>;
    /**
     * Lets others watch the room live, or nobody any more.
     * @param {boolean} on
     * @returns {Promise<{playlist?: string, watch?: string, expires?: string | null}>} where, if it is on
     */
    broadcast(on: boolean): Promise<{
        playlist?: string;
        watch?: string;
        expires?: string | null;
    }>;
    /** @returns {Promise<string[]>} the participants whose pictures cannot be shown in the broadcast, for they come in VP8 */
    unseen(): Promise<string[]>;
    /** Has the server record each track, or no more. @param {boolean} on */
    record(on: boolean): Promise<void>;
    /** Changes some of the room's rules. @param {Partial<import('./ruling.js').Rules>} rules */
    rule(rules: Partial<import("./ruling.js").Rules>): Promise<void>;
    /** Makes somebody a host, or takes that back. @param {string} participant @param {boolean} host */
    makeHost(participant: string, host: boolean): Promise<void>;
    /** Ends the meeting for everybody. */
    end(): Promise<void>;
    /**
     * Lets in those who wait.
     * @param {{waiting: string[]} | {name: string} | {all: true}} which by their ids, by a name, or all
     * @returns {Promise<number>} how many there were
     */
    admit(which: {
        waiting: string[];
    } | {
        name: string;
    } | {
        all: true;
    }): Promise<number>;
    /** Sends somebody away who waits. @param {string} waiting an id */
    refuse(waiting: string): Promise<void>;
    /** Makes as many breakout rooms as there are titles, while none is open. @param {string[]} titles */
    makeBreakouts(titles: string[]): Promise<void>;
    /**
     * Gives people rooms, sets the time, opens the rooms.
     * @param {{assignments?: {participant: string, room?: string}[], random?: boolean, seconds?: number, open?: true}} change
     *     an assignment without a room: the main room
     */
    changeBreakouts(change: {
        assignments?: {
            participant: string;
            room?: string;
        }[];
        random?: boolean;
        seconds?: number;
        open?: true;
    }): Promise<void>;
    /** Says something to everybody in the breakout rooms, and in the main room. @param {string} text */
    tellBreakouts(text: string): Promise<void>;
    /** Calls everybody back from the breakout rooms, and ends them. */
    endBreakouts(): Promise<void>;
    /** @param {InvitationWish} wish @returns {Promise<Invitation>} `token` is for a link */
    invite(wish: InvitationWish): Promise<Invitation>;
    /** @returns {Promise<Invitation[]>} those that hold, the oldest first */
    invitations(): Promise<Invitation[]>;
    /** Takes one back: neither it nor its guests' passes let anybody in any more. @param {string} invitation its id */
    revoke(invitation: string): Promise<void>;
    #private;
}
export type Source = import("./publications.js").Source;
export type InvitationWish = {
    /**
     * what others are shown; without it each guest chooses
     */
    name?: string | null;
    /**
     * all by default
     */
    publish?: Source[];
    /**
     * whether guests may send messages; default true
     */
    messages?: boolean;
    /**
     * how long it lets guests in, 60 to 2 592 000; default a day
     */
    seconds?: number;
    /**
     * whether it is for one guest only
     */
    once?: boolean;
};
export type Invitation = InvitationWish & {
    invitation: string;
    expires: string;
    used: number;
    token: string;
};
