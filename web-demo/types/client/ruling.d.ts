export class Ruling {
    locked: boolean;
    /** @type {Rules} */
    rules: Rules;
    /** @type {Set<string>} participants */
    hosts: Set<string>;
    /** In order of coming; known to hosts only. @type {Waiter[]} */
    waiting: Waiter[];
    /** @param {{locked?: boolean, rules?: Partial<Rules>, hosts?: string[]}} told */
    apply({ locked, rules, hosts }: {
        locked?: boolean;
        rules?: Partial<Rules>;
        hosts?: string[];
    }): void;
    clear(): void;
}
export type Rules = {
    /**
     * whoever comes waits until a host lets them in
     */
    waitingRoom: boolean;
    /**
     * participants may share their screens
     */
    screen: boolean;
    /**
     * participants may write to the chat
     */
    chat: boolean;
    /**
     * participants may unmute their own microphones
     */
    unmute: boolean;
    /**
     * participants may send files in the chat, where the server takes any
     */
    files: boolean;
    /**
     * participants may record
     */
    record: boolean;
    /**
     * who comes late is sent what was written before
     */
    history: boolean;
};
/**
 * `waiting` is an id
 */
export type Waiter = {
    waiting: string;
    name: string;
};
