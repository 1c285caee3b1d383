export function tileKey(participant: any, screen: any): string;
/** Maps what is to be shown to seats; whatever stays visible keeps its seat. */
export class SeatPlan {
    /** How many seats it needs. */
    get seatCount(): number;
    /**
     * @param {View[]} views in order of importance
     * @param {number} seatCount seats that may be used: 0 … seatCount - 1
     * @returns {(View & {seat: number})[]} the views that got a seat
     */
    assign(views: View[], seatCount: number): (View & {
        seat: number;
    })[];
    #private;
}
/** What each slot carries now. A binding older than one already seen is ignored. */
export class SlotTable {
    /** @param {Slot} slot */
    apply(slot: Slot): void;
    /** Takes the whole table of a resumed session: what is not listed is empty. */
    replace(slots: any): void;
    /** Empties the slots that carry a track that is gone, whether or not the server says so too. */
    forget(track: any): void;
    /** @param {string | null} mid */
    bound(mid: string | null): Slot;
    #private;
}
/**
 * what the page wants to show
 */
export type View = {
    participant: string;
    /**
     * the screen share instead of the camera
     */
    screen?: boolean;
    /**
     * of the picture, in pixels; 0 = sound only
     */
    maxHeight?: number;
    /**
     * pictures a second that are worth while there; where the publisher sends temporal layers
     */
    maxFramerate?: number;
};
/**
 * what one slot carries, as the server's `slot` message has it
 */
export type Slot = {
    mid: string;
    /**
     * -1 for an extra audio slot
     */
    seat: number;
    participant: string | null;
    track: string | null;
    source: string | null;
    generation: number;
    /**
     * why nothing comes although it is bound; direct: it comes from the other one
     */
    paused?: "codec" | "bandwidth" | "overload" | "direct";
    /**
     * of the picture that comes, in pixels; missing while unknown
     */
    height?: number;
    /**
     * of the picture that would come if our bandwidth were no matter
     */
    wantedHeight?: number;
};
