// Who may enter: what the server says of it, and the token that we bring.

import { onLanguage, t } from '../i18n/i18n.js';
import { fileAt } from './addresses.js';

/** A server that did not tell is asked once more, so much later. */
const AGAIN_MILLIS = 1000;

const byId = (id) => document.getElementById(id);

/** @returns {string | undefined} */
export function tokenOfAddress() {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined;
}

/**
 * Says before anything is typed who can get in here.
 * @returns {Promise<{tokens: boolean, recordings: boolean, connectionTest: boolean, fileBytes: number}>} whether the server asks for
 *     tokens, keeps recordings, and lets us test the connection; of a file in the chat, 0: it takes none
 */
export async function explainAccess() {
  try {
    const { tokens, recordings, connectionTest, fileBytes } = await ask().catch(askAgain);
    byId('open').hidden = tokens || !isOperator();
    byId('lead').removeAttribute('data-i18n');
    onLanguage(() => (byId('lead').textContent = t(tokens ? 'lobby.leadInvited' : 'lobby.leadOpen')));
    return { tokens, recordings: recordings === true, connectionTest: connectionTest === true, fileBytes: Number(fileBytes) || 0 };
  } catch {
    // The server is away: joining will say so. A link that may let nobody in is not offered.
    return { tokens: true, recordings: false, connectionTest: false, fileBytes: 0 };
  }
}

async function ask() {
  const access = await (await fetch(fileAt('access.json'))).json();
  if (typeof access.tokens !== 'boolean') throw new TypeError('somebody else answers');
  return access;
}

async function askAgain() {
  await new Promise((resolve) => setTimeout(resolve, AGAIN_MILLIS));
  return ask();
}

/** Whoever looks from the server's own host runs it: guests need not know how. */
const isOperator = () => /^(localhost|127\.[\d.]+|\[::1\])$/.test(location.hostname);
