export class Moderation {
    /** @param {string | undefined} token @returns {boolean} whether it says that its holder moderates the room */
    static isGranted(token: string | undefined): boolean;
    /**
     * @param {string} room
     * @param {string} token
     * @param {string} [server] its address; default: where this module came from
     */
    constructor(room: string, token: string, server?: string);
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
    #private;
}
