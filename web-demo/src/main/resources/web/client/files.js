// Files of the chat: sent to the server, told to the others as messages of the topic `file`, fetched when they are wanted.

import { detailOf } from './errors.js';
import { addressAt } from './server-address.js';

/** @typedef {{file: string, name: string, bytes: number}} SentFile `file` is an id */

const MOST_NAME = 200;
const ID = /^[0-9a-f]{20}$/;

/**
 * @param {File} file
 * @param {{room: string, token?: string, server?: string}} options
 * @returns {Promise<SentFile>} with the name as the server has it
 * @throws {Error} with the server's words
 */
export async function upload(file, { room, token, server }) {
  const address = `${addressOf(room, server)}?${new URLSearchParams({ name: file.name })}`;
  const response = await fetch(address, { method: 'POST', headers: authorization(token), body: file });
  if (!response.ok) throw new Error(await detailOf(response));
  const { file: id, name, bytes } = await response.json();
  return { file: id, name, bytes };
}

/**
 * @param {SentFile} file
 * @param {{room: string, token?: string, server?: string}} options
 * @returns {Promise<Blob>} of no type that a browser shows
 * @throws {Error} with the server's words
 */
export async function download({ file }, { room, token, server }) {
  const response = await fetch(`${addressOf(room, server)}/${file}`, { headers: authorization(token) });
  if (!response.ok) throw new Error(await detailOf(response));
  return response.blob();
}

/**
 * What a message of the topic `file` says; it comes from others.
 * @param {string} text
 * @returns {SentFile | null} null if it is none
 */
export function readFile(text) {
  try {
    const { file, name, bytes } = JSON.parse(text);
    const isOne = ID.test(file) && typeof name === 'string' && name.trim() !== '' && Number.isSafeInteger(bytes) && bytes >= 0;
    return isOne ? { file, name: name.slice(0, MOST_NAME), bytes } : null;
  } catch {
    return null;
  }
}

const addressOf = (room, server) => addressAt(`files/${encodeURIComponent(room)}`, server);

const authorization = (token) => (token ? { Authorization: `Bearer ${token}` } : {});
