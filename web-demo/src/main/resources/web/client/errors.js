// What goes wrong, with the codes of PROTOCOL.md.

/** What proxies answer, when they do not let the server answer. */
const STATUSES = { 413: 'A proxy refuses it because it is too large.', 502: 'The server is away.', 503: 'The server is away.', 504: 'The server is away.' };

/**
 * @param {Response} response a refusal
 * @returns {Promise<string>} the server's words; others speak HTML, which is not shown
 */
export async function detailOf(response) {
  try {
    const { detail, title } = JSON.parse(await response.text());
    if (detail ?? title) return detail ?? title;
  } catch {
    // not the server's
  }
  return STATUSES[response.status] ?? `The answer was ${response.status}.`;
}

/** Why a join failed or a call ended. */
export class PlenumError extends Error {
  /** @param {{code: string, message?: string, field?: string}} error */
  constructor({ code, message, field }) {
    super(message ?? code);
    this.code = code;
    this.field = field;
  }
}
