/**
 * @param {File} file
 * @param {{room: string, token?: string, server?: string}} options
 * @returns {Promise<SentFile>} with the name as the server has it
 * @throws {Error} with the server's words
 */
export function upload(file: File, { room, token, server }: {
    room: string;
    token?: string;
    server?: string;
}): Promise<SentFile>;
/**
 * @param {SentFile} file
 * @param {{room: string, token?: string, server?: string}} options
 * @returns {Promise<Blob>} of no type that a browser shows
 * @throws {Error} with the server's words
 */
export function download({ file }: SentFile, { room, token, server }: {
    room: string;
    token?: string;
    server?: string;
}): Promise<Blob>;
/**
 * What a message of the topic `file` says; it comes from others.
 * @param {string} text
 * @returns {SentFile | null} null if it is none
 */
export function readFile(text: string): SentFile | null;
/**
 * `file` is an id
 */
export type SentFile = {
    file: string;
    name: string;
    bytes: number;
};
