/**
 * @typedef {object} StreamCounters counters run on since the stream began; those that a browser lacks are null
 * @property {string} mid
 * @property {string | null} [track] that it carries; see PlenumRoom.counters
 * @property {'direct' | 'server'} [path] by which it goes; missing: the server
 * @property {string | null} rid layer, of what is sent
 * @property {'audio' | 'video'} kind
 * @property {number} bytes of the payloads, without what was sent again
 * @property {number} packets each counted once; of what is sent, the padding that probes for bandwidth too
 * @property {number | null} retransmitted packets that were sent again
 * @property {number | null} lost packets; of what is sent, as the server reports it
 * @property {number | null} jitter seconds
 * @property {number | null} roundTripTime seconds, of what is sent
 * @property {number | null} frames decoded or encoded
 * @property {number | null} arrived frames that came, decoded or not
 * @property {number | null} dropped of these, those that were not decoded or not shown
 * @property {number | null} concealed seconds of sound that were made up for what did not come
 * @property {string | null} limitation what holds the encoder back: `none`, `cpu`, `bandwidth` or `other`
 * @property {number | null} width
 * @property {number | null} height
 * @property {number | null} freezes
 * @property {number | null} frozen seconds in all
 * @property {number | null} nacks NACK packets (RTCP), each of which asks for one packet or many
 * @property {number | null} keyFrameRequests
 * @property {string | null} codec
 */
/** @typedef {'udp' | 'tcp' | 'relay-udp' | 'relay-tcp' | 'relay-tls'} Way how media leaves this machine */
/**
 * @typedef {object} Counters
 * @property {number} at milliseconds since 1970
 * @property {number | null} roundTripTime seconds, of ICE
 * @property {number | null} availableOutgoingBitrate bits a second, as the browser estimates it
 * @property {boolean | null} relayed whether a TURN server carries the media; null without a path
 * @property {{local: string, remote: string, protocol: string} | null} pair the types of both candidates (`host`,
 *     `srflx`, `prflx`, `relay`); null without a path
 * @property {Way | null} way by which the media goes; null without a path
 * @property {StreamCounters[]} receive
 * @property {StreamCounters[]} send one for each layer
 */
/**
 * @param {RTCStatsReport} report of the whole connection
 * @returns {Counters}
 */
export function countersOf(report: RTCStatsReport): Counters;
/** @param {{candidateType?: string, protocol?: string, relayProtocol?: string}} local candidate @returns {Way} */
export function wayOf({ candidateType, protocol, relayProtocol }: {
    candidateType?: string;
    protocol?: string;
    relayProtocol?: string;
}): Way;
/**
 * counters run on since the stream began; those that a browser lacks are null
 */
export type StreamCounters = {
    mid: string;
    /**
     * that it carries; see PlenumRoom.counters
     */
    track?: string | null;
    /**
     * by which it goes; missing: the server
     */
    path?: "direct" | "server";
    /**
     * layer, of what is sent
     */
    rid: string | null;
    kind: "audio" | "video";
    /**
     * of the payloads, without what was sent again
     */
    bytes: number;
    /**
     * each counted once; of what is sent, the padding that probes for bandwidth too
     */
    packets: number;
    /**
     * packets that were sent again
     */
    retransmitted: number | null;
    /**
     * packets; of what is sent, as the server reports it
     */
    lost: number | null;
    /**
     * seconds
     */
    jitter: number | null;
    /**
     * seconds, of what is sent
     */
    roundTripTime: number | null;
    /**
     * decoded or encoded
     */
    frames: number | null;
    /**
     * frames that came, decoded or not
     */
    arrived: number | null;
    /**
     * of these, those that were not decoded or not shown
     */
    dropped: number | null;
    /**
     * seconds of sound that were made up for what did not come
     */
    concealed: number | null;
    /**
     * what holds the encoder back: `none`, `cpu`, `bandwidth` or `other`
     */
    limitation: string | null;
    width: number | null;
    height: number | null;
    freezes: number | null;
    /**
     * seconds in all
     */
    frozen: number | null;
    /**
     * NACK packets (RTCP), each of which asks for one packet or many
     */
    nacks: number | null;
    keyFrameRequests: number | null;
    codec: string | null;
};
/**
 * how media leaves this machine
 */
export type Way = "udp" | "tcp" | "relay-udp" | "relay-tcp" | "relay-tls";
export type Counters = {
    /**
     * milliseconds since 1970
     */
    at: number;
    /**
     * seconds, of ICE
     */
    roundTripTime: number | null;
    /**
     * bits a second, as the browser estimates it
     */
    availableOutgoingBitrate: number | null;
    /**
     * whether a TURN server carries the media; null without a path
     */
    relayed: boolean | null;
    /**
     * the types of both candidates (`host`,
     * `srflx`, `prflx`, `relay`); null without a path
     */
    pair: {
        local: string;
        remote: string;
        protocol: string;
    } | null;
    /**
     * by which the media goes; null without a path
     */
    way: Way | null;
    receive: StreamCounters[];
    /**
     * one for each layer
     */
    send: StreamCounters[];
};
