// Which ways lead to the server, seen before a call: relays of its own TURN server are asked for by each.

import { addressAt } from './server-address.js';

/** A browser gives a way up after about as long. */
const PATIENCE_MILLIS = 10_000;

/** bit/s from which on there are pictures of several people, and of one. */
const MANY_PICTURES = 2_500_000;
const ONE_PICTURE = 600_000;

/** @typedef {'udp' | 'tcp' | 'tls'} TestedWay */

/**
 * @typedef {object} ConnectionReport
 * @property {{way: TestedWay, places: string[], works: boolean, millis: number | null}[]} ways that there are; where to, as
 *     `203.0.113.5:443/tcp`; until a relay was given
 * @property {number} roundTrip milliseconds, of the shortest of several requests
 * @property {number} bitrate bit/s that came
 * @property {'good' | 'fair' | 'poor'} throughput enough for many pictures, for one, for sound
 */

/**
 * @param {string | URL} [server] as of `addressAt`
 * @returns {Promise<ConnectionReport>} rejects if the server does not answer
 */
export async function testConnection(server) {
  const answer = await read(addressAt('connection.json', server));
  const servers = Object.entries(await answer.json());
  const ways = await Promise.all(servers.map(([way, iceServer]) => tryWay(/** @type {TestedWay} */ (way), iceServer)));
  const roundTrip = await shortestRoundTrip(addressAt('access.json', server));
  const bitrate = await measureBitrate(addressAt('connection.bin', server), roundTrip);
  const throughput = bitrate >= MANY_PICTURES ? 'good' : bitrate >= ONE_PICTURE ? 'fair' : 'poor';
  return { ways, roundTrip, bitrate, throughput };
}

async function read(address) {
  const response = await fetch(address, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response;
}

/** @param {TestedWay} way @param {RTCIceServer} iceServer */
async function tryWay(way, iceServer) {
  const connection = new RTCPeerConnection({ iceServers: [iceServer], iceTransportPolicy: 'relay' });
  const begun = performance.now();
  try {
    const relay = new Promise((resolve) => {
      connection.onicecandidate = ({ candidate }) => {
        if (candidate?.type === 'relay' || / typ relay /.test(candidate?.candidate ?? '')) resolve(true);
        else if (!candidate) resolve(false);
      };
      setTimeout(() => resolve(false), PATIENCE_MILLIS);
    });
    connection.createDataChannel('test');
    await connection.setLocalDescription();
    const works = await relay;
    return { way, places: placesOf(iceServer), works, millis: works ? performance.now() - begun : null };
  } finally {
    connection.close();
  }
}

/** Which holes a firewall needs for it. @param {RTCIceServer} iceServer of `turn:` and `turns:` URLs (RFC 7065), with ports */
function placesOf({ urls }) {
  return [urls].flat().map((url) => {
    const [, place, transport] = /^turns?:([^?]+)(?:\?transport=(\w+))?/.exec(url) ?? ['', url];
    return `${place}/${transport ?? (url.startsWith('turns') ? 'tcp' : 'udp')}`;
  });
}

async function shortestRoundTrip(address) {
  let shortest = Infinity;
  for (let i = 0; i < 4; i++) {
    const begun = performance.now();
    await (await read(address)).arrayBuffer();
    shortest = Math.min(shortest, performance.now() - begun);
  }
  return shortest;
}

/** Without the time that the first byte takes. */
async function measureBitrate(address, roundTrip) {
  const begun = performance.now();
  const { byteLength } = await (await read(address)).arrayBuffer();
  const millis = Math.max(1, performance.now() - begun - roundTrip);
  return (byteLength * 8 * 1000) / millis;
}
