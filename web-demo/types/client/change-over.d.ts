/** @typedef {import('./media.js').MediaSession} MediaSession */
/**
 * @typedef {object} ChangeOverHandlers
 * @property {() => MediaSession | null} media the new connection
 * @property {(mid: string) => import('./seats.js').Slot | null} bound what a slot of the new connection carries
 * @property {(mid: string) => import('./seats.js').Slot | null} boundBefore what one of the former carries
 * @property {(mid: string) => void} onPicture the picture of a slot of the new connection has begun
 * @property {() => void} onDone nothing is needed of the former connection any more
 */
export class ChangeOver {
    /**
     * @param {MediaSession} before the former connection
     * @param {ChangeOverHandlers} handlers
     */
    constructor(before: MediaSession, handlers: ChangeOverHandlers);
    /** The former connection is gone, or is to be: everything is heard by the new one. */
    end(): void;
    #private;
}
export type MediaSession = import("./media.js").MediaSession;
export type ChangeOverHandlers = {
    /**
     * the new connection
     */
    media: () => MediaSession | null;
    /**
     * what a slot of the new connection carries
     */
    bound: (mid: string) => import("./seats.js").Slot | null;
    /**
     * what one of the former carries
     */
    boundBefore: (mid: string) => import("./seats.js").Slot | null;
    /**
     * the picture of a slot of the new connection has begun
     */
    onPicture: (mid: string) => void;
    /**
     * nothing is needed of the former connection any more
     */
    onDone: () => void;
};
