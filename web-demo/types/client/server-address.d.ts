/**
 * @param {string} path below the server's address, without a slash in front
 * @param {string | URL} [server] its address, such as `https://meet.example.org/` or one with a path, by which proxies
 *     tell it from others; default: where `plenum-client.js` came from
 * @returns {string} the address of what is there
 */
export function addressAt(path: string, server?: string | URL): string;
/** @param {string | URL} [server] as above @returns {string} the address of its WebSocket */
export function webSocketAt(server?: string | URL): string;
