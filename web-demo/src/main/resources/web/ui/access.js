// Who may enter: what the server says of it, and the token that we bring.

import { onLanguage, t } from '../i18n/i18n.js';
import { fileAt } from './addresses.js';

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
    const { tokens, recordings, connectionTest, fileBytes } = await (await fetch(fileAt('access.json'))).json();
    byId('open').hidden = tokens || !isOperator();
    byId('lead').removeAttribute('data-i18n');
    onLanguage(() => (byId('lead').textContent = t(tokens ? 'lobby.leadInvited' : 'lobby.leadOpen')));
    return { tokens: tokens === true, recordings: recordings === true, connectionTest: connectionTest === true, fileBytes: Number(fileBytes) || 0 };
  } catch {
    return { tokens: false, recordings: false, connectionTest: false, fileBytes: 0 }; // the server is away: joining will say so
  }
}

/** Whoever looks from the server's own host runs it: guests need not know how. */
const isOperator = () => /^(localhost|127\.[\d.]+|\[::1\])$/.test(location.hostname);
