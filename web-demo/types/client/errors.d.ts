/**
 * @param {Response} response a refusal
 * @returns {Promise<string>} the server's words; others speak HTML, which is not shown
 */
export function detailOf(response: Response): Promise<string>;
/** Why a join failed or a call ended. */
export class PlenumError extends Error {
    /** @param {{code: string, message?: string, field?: string}} error */
    constructor({ code, message, field }: {
        code: string;
        message?: string;
        field?: string;
    });
    code: string;
    field: string;
}
