/** The signaling was lost while a question was on its way. */
export class Interrupted extends Error {
}
export class Requests {
    /**
     * @param {number} millis after which an answer is not expected any more
     * @param {() => void} onSilence none came
     */
    constructor(millis: number, onSilence: () => void);
    /**
     * @param {(id: number) => boolean} send false: nothing was sent
     * @returns {Promise<any>} the answer; rejects with an Interrupted if it cannot come any more
     */
    ask(send: (id: number) => boolean): Promise<any>;
    /** @returns {boolean} false if nobody waits for it */
    answer(id: any, value: any): boolean;
    /** @returns {boolean} false if nobody waits for it */
    refuse(id: any, error: any): boolean;
    /** No answer will come to what was asked so far. */
    interrupt(): void;
    #private;
}
