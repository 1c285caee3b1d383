/** The longest text of one message, in UTF-16 units; the server refuses longer ones. */
export const MAX_TEXT: 4096;
/** What can be shown as a reaction: names, so that each page draws them as it likes. */
export const REACTIONS: string[];
/**
 * @typedef {{from: string, name: string, text: string, at: Date, own: boolean, direct: boolean, to: string | null,
 *     past: boolean, file: import('./files.js').SentFile | null}} ChatMessage direct: for one person alone, `to` is their
 *     name if we wrote it; past: of before we came; file: what was sent, with its name as the text
 */
/**
 * @typedef {object} ConversationEvents what `detail` is, by the event's type
 * @property {{message: ChatMessage}} chat
 * @property {{from: string, name: string, reaction: string}} reaction
 * @property {{participant: string, name: string, up: boolean}} hands
 * @property {{participant: string, name: string}} asked
 * @property {{participant: string, name: string, up: boolean}} recorders
 */
/**
 * The conversation of a room. Make it before joining. Events (`detail` in braces):
 * - `chat` `{message: ChatMessage}`: text only, never to be taken for HTML
 * - `reaction` `{from, name, reaction}`: one of REACTIONS
 * - `hands` `{participant, name, up}`: a hand was raised or taken down, our own included
 * - `asked` `{participant, name}`: somebody whom a moderator muted asks to be heard
 * - `recorders` `{participant, name, up}`: somebody records, or does no more, ourselves included
 * @extends {Events<ConversationEvents>}
 */
export class Conversation extends Events<ConversationEvents> {
    /**
     * @param {import('../plenum-client.js').PlenumRoom} room
     * @param {string} name our own, until the server has told it
     */
    constructor(room: import("../plenum-client.js").PlenumRoom, name: string);
    /** @type {ChatMessage[]} the latest, in order */
    messages: ChatMessage[];
    /** @type {Set<string>} participants with a raised hand, the first who raised it first */
    hands: Set<string>;
    /** @type {Set<string>} participants who record */
    recorders: Set<string>;
    /** Whether our own hand is up. */
    get handUp(): boolean;
    /**
     * Says something to everyone, or to one participant.
     * @param {string} text
     * @param {string} [to]
     * @returns {boolean} false if we are not connected, or they are gone: nothing is kept for later
     * @throws {RangeError} in words for a person
     */
    say(text: string, to?: string): boolean;
    /**
     * Sends a file to everyone, or to one participant.
     * @param {File} file
     * @param {string} [to]
     * @throws {Error} why it was not sent
     */
    sendFile(file: File, to?: string): Promise<void>;
    /** @param {string} reaction one of REACTIONS */
    react(reaction: string): void;
    /** @param {boolean} up */
    raiseHand(up: boolean): void;
    /** As a host: takes down all raised hands, or one. @param {string} [participant] */
    lowerHands(participant?: string): void;
    /** Asks the moderators, who muted us, to be heard. */
    askToBeHeard(): void;
    /** Tells everyone that we record, or do no more. @param {boolean} on */
    announceRecording(on: boolean): void;
    #private;
}
/**
 * direct: for one person alone, `to` is their
 *     name if we wrote it; past: of before we came; file: what was sent, with its name as the text
 */
export type ChatMessage = {
    from: string;
    name: string;
    text: string;
    at: Date;
    own: boolean;
    direct: boolean;
    to: string | null;
    past: boolean;
    file: import("./files.js").SentFile | null;
};
/**
 * what `detail` is, by the event's type
 */
export type ConversationEvents = {
    chat: {
        message: ChatMessage;
    };
    reaction: {
        from: string;
        name: string;
        reaction: string;
    };
    hands: {
        participant: string;
        name: string;
        up: boolean;
    };
    asked: {
        participant: string;
        name: string;
    };
    recorders: {
        participant: string;
        name: string;
        up: boolean;
    };
};
import { Events } from './events.js';
