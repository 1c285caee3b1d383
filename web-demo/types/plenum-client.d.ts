/** @typedef {import('./client/publications.js').Source} Source */
/** @typedef {import('./client/seats.js').View} View */
/** @typedef {import('./client/roster.js').Track} Track */
/** @typedef {import('./client/roster.js').Participant} Participant */
/** @typedef {import('./client/server-counters.js').ServerCounters} ServerCounters */
/** @typedef {import('./client/quality.js').Quality} Quality */
/** @typedef {'none' | 'top-layers' | 'other-pictures' | 'pictures'} LoadStep see PROTOCOL.md, `load` */
/** @typedef {{from: string, name: string, topic?: string, text: string, at: number, own: boolean}} Written `at` in milliseconds since the epoch */
/**
 * @typedef {object} JoinOptions
 * @property {string} [server] the server's address, such as `https://meet.example.org/`; default: where this module came from
 * @property {string} [url] of the WebSocket, where it is not `ws` below that
 * @property {string} room
 * @property {string} [name] what others are shown, unless the token has a name
 * @property {string} [token] that lets us in (JWT), where the server asks for one
 * @property {MediaStream} [stream] published as microphone and camera
 * @property {{track: MediaStreamTrack, source: Source}[]} [tracks] instead of `stream`
 * @property {boolean} [direct] whether we talk directly to the other one while there are only two, who then learns our
 *     address; default: yes, where the server allows it
 * @property {RTCIceTransportPolicy} [iceTransportPolicy] `relay`: media goes by TURN only, and never directly
 * @property {(source: Source) => Promise<MediaStreamTrack>} [acquire] brings a new track for unmuting; the old one was
 *     stopped so that the camera's light goes off
 */
/**
 * @typedef {object} RoomEvents what `detail` is, by the event's type
 * @property {{state: 'connecting' | 'waiting' | 'connected' | 'reconnecting' | 'closed', reason?: string, error?: PlenumError}} state
 * @property {{participant: Participant, quiet: boolean}} joined
 * @property {{participant: Participant, reason: string, quiet: boolean}} left
 * @property {{participant: Participant, track: Track, gone: boolean}} track
 * @property {{participant: string, screen: boolean, stream: MediaStream | null, paused?: string | null}} tile
 * @property {{stream: MediaStream, gone: boolean}} sound
 * @property {{mid: string, participant: string | null}} bound
 * @property {{participants: string[]}} speakers
 * @property {{from: string | null, topic: string, text: string, direct: boolean}} message
 * @property {{messages: Written[]}} history
 * @property {{}} resumed
 * @property {{name: string}} name
 * @property {{count: number}} hidden
 * @property {{broadcast: boolean, recorded: boolean}} observed
 * @property {{step: LoadStep}} load
 * @property {{seconds: number}} stopping
 * @property {{source: Source, muted: boolean, gone: boolean}} published
 * @property {{source: Source}} ended
 * @property {{source: Source, silenced: boolean}} silenced
 * @property {{participant: Participant}} moderated
 * @property {{participant: Participant, before: string}} renamed
 * @property {{source: Source, bitrate: number}} limited
 * @property {Quality} quality
 * @property {{participant: string, direct: boolean}} path
 * @property {{room: string, token: string | null}} move
 * @property {{token: string}} token
 * @property {{error: PlenumError}} error
 * @property {{}} rules
 * @property {{people: import('./client/ruling.js').Waiter[]}} waiting
 * @property {{}} breakouts
 * @property {{room: string}} moving
 * @property {{room: string}} moved
 */
/**
 * One participant's presence in a room. Events (CustomEvent, `detail` in braces):
 * - `state` `{state, reason, error}`: `connecting`, `connected`, `reconnecting`, `closed`; the last two only if closed;
 *   `waiting` until a host lets us in
 * - `joined` `{participant: Participant, quiet}`, `left` `{participant: Participant, reason, quiet}`: quiet = no news for
 *   a person: who was here before us, reloads, our own reconnecting
 * - `track` `{participant: Participant, track: Track, gone}`: new, changed or gone
 * - `tile` `{participant: string, screen, stream, paused, limited}`: the picture to show, null = none any more; why nothing
 *   comes of it (`codec`, `bandwidth`, `overload`), or null; whether our connection keeps it smaller than we would show it
 * - `sound` `{stream, gone}`: play it in an `<audio>` element until it is gone; there is one for each audio slot, and the
 *   server decides whom it carries. Sound is apart from the picture because a `<video>` element stays silent until its
 *   first frame; both are played in sync all the same, for they share an msid.
 * - `bound` `{mid, participant}`: a slot carries somebody else from now on, or nobody: see `streamOf`
 * - `speakers` `{participants: string[]}`, loudest first
 * - `message` `{from: string | null, topic, text, direct}`: from another participant, or the server (null), to us alone if
 *   direct; Conversation makes
 *   chat, reactions and raised hands of them
 * - `history` `{messages}`: what was written to everybody before we came
 * - `resumed` `{}`: we are back, after a lost WebSocket, a restart of the server, lost media or a reload; messages of the
 *   time between are lost
 * - `name` `{name}`: what others are shown of us, if it is not what it was
 * - `hidden` `{count}`: so many watch who are not in the list of participants
 * - `observed` `{broadcast, recorded}`: whether others watch the room live, and whether the server records it
 * - `load` `{step}`: what the server leaves undone from now on, because it has too much to do
 * - `stopping` `{seconds}`: the server stops by then at the latest; the call goes on until then, and comes back by itself
 * - `published` `{source, muted, gone}`: one of our own tracks changed
 * - `ended` `{source}`: the device of a camera or microphone that was on is gone; the source is muted now
 * - `silenced` `{source, silenced}`: a moderator muted a source of ours, which can be published no more, or allowed it
 *   again; then it is as good as muted by ourselves
 * - `moderated` `{participant: Participant}`: what moderators muted of somebody else changed
 * - `renamed` `{participant: Participant, before}`: somebody else is shown under another name
 * - `limited` `{source, bitrate}`: one of our own tracks has more bit/s than the server takes; the rest is dropped
 * - `quality` `{participant, source, score, grade, cause, path}`: how good a track is, ours as it comes in at the server,
 *   and whose fault it is if it is not; all three null: it is not rated any more. See PROTOCOL.md, `quality`. With the path
 *   `direct` it is our own word, of what comes and goes by that path
 * - `path` `{participant, direct}`: what comes of somebody comes directly from them now, or by the server
 * - `move` `{room, token}`: the server asks us to leave and join another room
 * - `token` `{token}`: we came by an invitation, and this is our own token from now on; keep it for the next join
 * - `error` `{error: PlenumError}`: something was refused, the call goes on
 * - `rules` `{}`: `locked`, `rules` or `hosts` changed
 * - `waiting` `{people}`: to hosts: others wait to be let in than before
 * - `breakouts` `{}`: `breakouts` changed
 * - `moving`, `moved` `{room}`: we go on in a breakout room, or in the main room again, as who we are; what is recorded of
 *   others is over
 * @extends {Events<RoomEvents>}
 */
export class PlenumRoom extends Events<RoomEvents> {
    constructor();
    /** @type {'connecting' | 'waiting' | 'connected' | 'reconnecting' | 'closed'} */
    state: "connecting" | "waiting" | "connected" | "reconnecting" | "closed";
    /** @type {string | null} our own id */
    participant: string | null;
    /** our own name as others are shown it: a token's goes before the one we asked for */
    name: string;
    /** how many watch beside the participants */
    hidden: number;
    /** whether others watch the room live, and whether the server records it */
    observed: {
        broadcast: boolean;
        recorded: boolean;
    };
    /** what the server leaves undone because it has too much to do @type {LoadStep} */
    load: LoadStep;
    /** What lets us in (JWT, or a guest's pass), for other requests to the server. @returns {string | undefined} */
    get token(): string | undefined;
    /** Whether nobody is let in any more. */
    get locked(): boolean;
    /** What hosts have decided; they are held to none of it. @returns {import('./client/ruling.js').Rules} */
    get rules(): import("./client/ruling.js").Rules;
    /** Participants who are hosts, ourselves included. @returns {ReadonlySet<string>} */
    get hosts(): ReadonlySet<string>;
    /** Whether we are a host. */
    get isHost(): boolean;
    /** Who waits to be let in, in order of coming; hosts know. @returns {import('./client/ruling.js').Waiter[]} */
    get waiting(): import("./client/ruling.js").Waiter[];
    /** The breakout rooms of this room, and in which of them we are. @returns {Breakouts} */
    get breakouts(): Breakouts;
    /** Whether we are on the way to another room of ours. */
    get isMoving(): boolean;
    /**
     * Asks to be in another room: the main one, or a breakout room that a host has given us; hosts may be in all of them.
     * @param {string} room its name
     * @returns {boolean} false if we are not connected
     */
    goTo(room: string): boolean;
    /** Everyone else, by id, in order of joining. @returns {Map<string, Participant>} */
    get participants(): Map<string, Participant>;
    /**
     * Joins; settles when the server has welcomed us or refused.
     * @param {JoinOptions} options
     * @returns {Promise<void>}
     * @throws {PlenumError} with a code of PROTOCOL.md, or `unreachable`, or `origin-refused`: the server lets pages of this
     *     origin not use it
     */
    join(options: JoinOptions): Promise<void>;
    leave(): void;
    /**
     * Publishes a track. If the source is published already, its track is exchanged.
     * @param {MediaStreamTrack} track
     * @param {Source} source
     * @throws {PlenumError} `silenced`: a moderator muted this source
     */
    publish(track: MediaStreamTrack, source: Source): void;
    /** @param {Source} source */
    unpublish(source: Source): void;
    /**
     * Stops or starts sending. A muted camera's track is stopped, so its light goes off; a muted microphone's is kept.
     * @param {Source} source
     * @param {boolean} muted
     * @throws {PlenumError} `silenced`: a moderator muted this source
     */
    setMuted(source: Source, muted: boolean): Promise<void>;
    /**
     * Says something to everyone, or to one participant.
     * @param {string} text at most MAX_TEXT long
     * @param {{topic?: string, to?: string}} [options] topic: what it is about, for programs
     * @returns {boolean} false if we are not connected: nothing is kept for later
     * @throws {RangeError} if the text is too long, or empty
     */
    sendMessage(text: string, { topic, to }?: {
        topic?: string;
        to?: string;
    }): boolean;
    /**
     * Sends a file to everyone, or to one participant, if the server takes files: they see its name and fetch it if they
     * want to. Conversation makes an entry of the chat of it.
     * @param {File} file
     * @param {{to?: string}} [options]
     * @returns {Promise<import('./client/files.js').SentFile>} with the name as it is shown
     * @throws {Error} why it was not sent
     */
    sendFile(file: File, { to }?: {
        to?: string;
    }): Promise<import("./client/files.js").SentFile>;
    /** Fetches what somebody sent. @param {import('./client/files.js').SentFile} file @returns {Promise<Blob>} */
    fetchFile(file: import("./client/files.js").SentFile): Promise<Blob>;
    /**
     * Asks to be shown under another name; `name` tells when it is so, `error` if it may not be.
     * @param {string} name
     * @returns {boolean} false if we are not connected
     */
    rename(name: string): boolean;
    /** @param {Source} source */
    isPublished(source: Source): boolean;
    /** @param {Source} source */
    localTrack(source: Source): MediaStreamTrack;
    /** @param {Source} source @returns {string | null} what it is sent in, `video/VP8`; null while that is not known */
    codecSent(source: Source): string | null;
    /** @param {Source} source */
    isMuted(source: Source): boolean;
    /** @param {Source} source @returns {boolean} whether what let us in, and the room's rules, allow to publish it */
    mayPublish(source: Source): boolean;
    /** @param {Source} source @returns {boolean} whether a moderator muted it, published or not */
    isSilenced(source: Source): boolean;
    /**
     * What can be recorded of somebody now: the tracks as we see and hear them.
     * @param {string} participant ourselves too
     * @param {boolean} [screen] the screen share instead of camera and microphone
     * @returns {MediaStream | null} null if nothing comes
     */
    streamOf(participant: string, screen?: boolean): MediaStream | null;
    /** @param {string} participant @returns {boolean} whether what comes of them comes directly, and not by the server */
    isDirect(participant: string): boolean;
    /**
     * Whether we agree to talk directly from now on.
     * @param {boolean} agrees
     */
    allowDirect(agrees: boolean): void;
    /**
     * We do not talk directly for as long as there is a reason not to: while something is recorded that others send, for
     * a recording cannot follow from one path to another.
     * @param {unknown} reason one of perhaps several
     * @param {boolean} avoid false: this reason is none any more
     */
    avoidDirect(reason: unknown, avoid: boolean): void;
    /**
     * Says what is shown, the most important first. Seats are made as needed, up to MAX_SEATS; whatever stays in the list
     * keeps its seat.
     * @param {View[]} views
     */
    view(views: View[]): void;
    /**
     * What the browser counted, for tests and the curious: `receive[participant][source]` and `send[source]`. The counters
     * are the slot's and run on when it is bound to somebody else: compare two readings.
     */
    stats(): Promise<{
        connection: RTCPeerConnectionState;
        direct: {
            participant: any;
            pair: {
                local: string;
                remote: string;
                protocol: string;
            };
        };
        receive: Record<string, Record<string, any>>;
        send: Record<string, any>;
    }>;
    /**
     * All counters of the connection, each stream with the track that it carries now: for Statistics.
     * @returns {Promise<import('./client/counters.js').Counters | null>} null without a connection; `receive` and `send`
     *     have `participant`, `source` and `track` too, null where a slot is empty
     */
    counters(): Promise<import("./client/counters.js").Counters | null>;
    /**
     * What the server has counted of our own tracks and slots (`stats` of PROTOCOL.md): the other end of `counters`.
     * @returns {Promise<ServerCounters | null>} null if we are not connected, or no answer came
     */
    serverCounters(): Promise<ServerCounters | null>;
    #private;
}
export type Source = import("./client/publications.js").Source;
export type View = import("./client/seats.js").View;
export type Track = import("./client/roster.js").Track;
export type Participant = import("./client/roster.js").Participant;
export type ServerCounters = import("./client/server-counters.js").ServerCounters;
export type Quality = import("./client/quality.js").Quality;
/**
 * see PROTOCOL.md, `load`
 */
export type LoadStep = "none" | "top-layers" | "other-pictures" | "pictures";
/**
 * `at` in milliseconds since the epoch
 */
export type Written = {
    from: string;
    name: string;
    topic?: string;
    text: string;
    at: number;
    own: boolean;
};
export type JoinOptions = {
    /**
     * the server's address, such as `https://meet.example.org/`; default: where this module came from
     */
    server?: string;
    /**
     * of the WebSocket, where it is not `ws` below that
     */
    url?: string;
    room: string;
    /**
     * what others are shown, unless the token has a name
     */
    name?: string;
    /**
     * that lets us in (JWT), where the server asks for one
     */
    token?: string;
    /**
     * published as microphone and camera
     */
    stream?: MediaStream;
    /**
     * instead of `stream`
     */
    tracks?: {
        track: MediaStreamTrack;
        source: Source;
    }[];
    /**
     * whether we talk directly to the other one while there are only two, who then learns our
     * address; default: yes, where the server allows it
     */
    direct?: boolean;
    /**
     * `relay`: media goes by TURN only, and never directly
     */
    iceTransportPolicy?: RTCIceTransportPolicy;
    /**
     * brings a new track for unmuting; the old one was
     * stopped so that the camera's light goes off
     */
    acquire?: (source: Source) => Promise<MediaStreamTrack>;
};
/**
 * what `detail` is, by the event's type
 */
export type RoomEvents = {
    state: {
        state: "connecting" | "waiting" | "connected" | "reconnecting" | "closed";
        reason?: string;
        error?: PlenumError;
    };
    joined: {
        participant: Participant;
        quiet: boolean;
    };
    left: {
        participant: Participant;
        reason: string;
        quiet: boolean;
    };
    track: {
        participant: Participant;
        track: Track;
        gone: boolean;
    };
    tile: {
        participant: string;
        screen: boolean;
        stream: MediaStream | null;
        paused?: string | null;
    };
    sound: {
        stream: MediaStream;
        gone: boolean;
    };
    bound: {
        mid: string;
        participant: string | null;
    };
    speakers: {
        participants: string[];
    };
    message: {
        from: string | null;
        topic: string;
        text: string;
        direct: boolean;
    };
    history: {
        messages: Written[];
    };
    resumed: {};
    name: {
        name: string;
    };
    hidden: {
        count: number;
    };
    observed: {
        broadcast: boolean;
        recorded: boolean;
    };
    load: {
        step: LoadStep;
    };
    stopping: {
        seconds: number;
    };
    published: {
        source: Source;
        muted: boolean;
        gone: boolean;
    };
    ended: {
        source: Source;
    };
    silenced: {
        source: Source;
        silenced: boolean;
    };
    moderated: {
        participant: Participant;
    };
    renamed: {
        participant: Participant;
        before: string;
    };
    limited: {
        source: Source;
        bitrate: number;
    };
    quality: Quality;
    path: {
        participant: string;
        direct: boolean;
    };
    move: {
        room: string;
        token: string | null;
    };
    token: {
        token: string;
    };
    error: {
        error: PlenumError;
    };
    rules: {};
    waiting: {
        people: import("./client/ruling.js").Waiter[];
    };
    breakouts: {};
    moving: {
        room: string;
    };
    moved: {
        room: string;
    };
};
import { Conversation } from './client/conversation.js';
import { MAX_SEATS } from './client/media.js';
import { MAX_TEXT } from './client/conversation.js';
import { Moderation } from './client/moderation.js';
import { PlenumError } from './client/errors.js';
import { REACTIONS } from './client/conversation.js';
import { Recorder } from './client/recorder.js';
import { Statistics } from './client/statistics.js';
import { canRecord } from './client/recorder.js';
import { Events } from './client/events.js';
import { Breakouts } from './client/breakouts.js';
export { Conversation, MAX_SEATS, MAX_TEXT, Moderation, PlenumError, REACTIONS, Recorder, Statistics, canRecord };
