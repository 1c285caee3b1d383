// What goes wrong, with the codes of PROTOCOL.md.

/** Why a join failed or a call ended. */
export class PlenumError extends Error {
  /** @param {{code: string, message?: string, field?: string}} error */
  constructor({ code, message, field }) {
    super(message ?? code);
    this.code = code;
    this.field = field;
  }
}
