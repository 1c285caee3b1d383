/** @typedef {{room: string, title: string}} BreakoutRoom */
/** @typedef {{participant: string, name: string, room: string, assigned: string | null}} Placed where somebody is, and which room a host has given them */
export class Breakouts {
    /** The main room, to which they belong. */
    main: string;
    /** The room in which we are: the main one, or one of them. */
    here: string;
    /** Whether people are moved into them. */
    open: boolean;
    /** When all are called back, by performance.now(); null: when a host does. @type {number | null} */
    endsAt: number | null;
    /** @type {BreakoutRoom[]} */
    rooms: BreakoutRoom[];
    /** The one that a host has given us. @type {string | null} */
    assigned: string | null;
    /** Everybody in all of them and in the main room; hosts know, others do not. @type {Placed[] | null} */
    people: Placed[] | null;
    /** Whether we are in one of them. */
    get inside(): boolean;
    /** What people call the one in which we are; empty in the main room, or if it is over. */
    get title(): string;
    /** We are in this room, of which nothing else is known yet. @param {string} main @param {string} here */
    enter(main: string, here: string): void;
    /**
     * @param {{main: string, here: string, open?: boolean, secondsLeft?: number, rooms?: BreakoutRoom[], assigned?: string,
     *     people?: (Omit<Placed, 'assigned'> & {assigned?: string})[]}} told
     */
    apply({ main, here, open, secondsLeft, rooms, assigned, people }: {
        main: string;
        here: string;
        open?: boolean;
        secondsLeft?: number;
        rooms?: BreakoutRoom[];
        assigned?: string;
        people?: (Omit<Placed, "assigned"> & {
            assigned?: string;
        })[];
    }): void;
}
export type BreakoutRoom = {
    room: string;
    title: string;
};
/**
 * where somebody is, and which room a host has given them
 */
export type Placed = {
    participant: string;
    name: string;
    room: string;
    assigned: string | null;
};
