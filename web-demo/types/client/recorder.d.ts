export function canRecord(): boolean;
/**
 * One recording. Events (`detail` in braces):
 * - `ended` `{error: Error | null}`: nothing more comes, all of it is uploaded, or an error says why not
 * @extends {Events<{ended: {error: Error | null}}>}
 */
export class Recorder extends Events<{
    ended: {
        error: Error | null;
    };
}> {
    /**
     * @param {{room: string, token?: string, server?: string}} options server: its address; default: where this module came from
     */
    constructor({ room, token, server }: {
        room: string;
        token?: string;
        server?: string;
    });
    /** @type {string} of the recording, once it was begun */
    id: string;
    /** @type {string} who has it may delete the recording */
    key: string;
    /**
     * Begins.
     * @param {MediaStream} stream at most one track of each kind
     * @param {string} title for people
     * @throws {Error} with the server's words if it does not want it
     */
    start(stream: MediaStream, title: string): Promise<void>;
    /** Ends the recording, or ends it as soon as it begins; `ended` comes when all of it is uploaded. */
    stop(): void;
    #private;
}
import { Events } from './events.js';
