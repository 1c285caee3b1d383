/** @param {string} room @param {string} url of the WebSocket @returns {string | null} */
export function loadToken(room: string, url: string): string | null;
/** @param {string} room @param {string} url of the WebSocket @param {string | null} token null: forgets it */
export function saveToken(room: string, url: string, token: string | null): void;
