// Where the server is: where this module came from, unless somebody says otherwise.

/**
 * @param {string} path below the server's address, without a slash in front
 * @param {string | URL} [server] its address, such as `https://meet.example.org/` or one with a path, by which proxies
 *     tell it from others; default: where `plenum-client.js` came from
 * @returns {string} the address of what is there
 */
export function addressAt(path, server) {
  const base = server ? new URL(`${server}`.replace(/\/*$/, '/'), globalThis.location?.href) : new URL('..', import.meta.url);
  return new URL(path, base).href;
}

/** @param {string | URL} [server] as above @returns {string} the address of its WebSocket */
export function webSocketAt(server) {
  return addressAt('ws', server).replace(/^http/, 'ws');
}
