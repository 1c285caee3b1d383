// All that getStats() tells of the connection at one moment, in few words and with the same names for every browser.

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
export function countersOf(report) {
  const counters = { at: Date.now(), roundTripTime: null, availableOutgoingBitrate: null, relayed: null, way: null, pair: null, receive: [], send: [] };
  const remote = new Map();
  for (const entry of report.values()) {
    if (entry.type === 'remote-inbound-rtp') remote.set(entry.localId, entry);
  }
  for (const entry of report.values()) {
    if (entry.type === 'inbound-rtp') counters.receive.push(received(entry, report));
    else if (entry.type === 'outbound-rtp') counters.send.push(sent(entry, remote.get(entry.id), report));
    else if (entry.type === 'candidate-pair' && isSelected(entry, report)) {
      counters.roundTripTime = entry.currentRoundTripTime ?? null;
      counters.availableOutgoingBitrate = entry.availableOutgoingBitrate ?? null;
      const local = report.get(entry.localCandidateId);
      counters.pair = pairOf(entry, report);
      counters.relayed = local?.candidateType === 'relay';
      counters.way = local ? wayOf(local) : null;
    }
  }
  return counters;
}

/** @returns {{local: string, remote: string, protocol: string}} */
function pairOf({ localCandidateId, remoteCandidateId }, report) {
  const [local, remote] = [report.get(localCandidateId), report.get(remoteCandidateId)];
  return { local: local?.candidateType ?? '', remote: remote?.candidateType ?? '', protocol: local?.protocol ?? '' };
}

/** @param {{candidateType?: string, protocol?: string, relayProtocol?: string}} local candidate @returns {Way} */
export function wayOf({ candidateType, protocol, relayProtocol }) {
  if (candidateType === 'relay') return /** @type {Way} */ (`relay-${relayProtocol ?? 'udp'}`);
  return protocol === 'tcp' ? 'tcp' : 'udp';
}

function received(entry, report) {
  return {
    ...common(entry, report),
    bytes: entry.bytesReceived ?? 0,
    packets: entry.packetsReceived ?? 0,
    retransmitted: entry.retransmittedPacketsReceived ?? null,
    lost: entry.packetsLost ?? null,
    jitter: entry.jitter ?? null,
    roundTripTime: null,
    frames: entry.framesDecoded ?? null,
    arrived: entry.framesReceived ?? null,
    dropped: entry.framesDropped ?? null,
    concealed: concealed(entry),
    limitation: null,
    freezes: entry.freezeCount ?? null,
    frozen: entry.totalFreezesDuration ?? null,
  };
}

function sent(entry, remote, report) {
  return {
    ...common(entry, report),
    bytes: (entry.bytesSent ?? 0) - (entry.retransmittedBytesSent ?? 0),
    packets: (entry.packetsSent ?? 0) - (entry.retransmittedPacketsSent ?? 0),
    retransmitted: entry.retransmittedPacketsSent ?? null,
    lost: remote?.packetsLost ?? null,
    jitter: remote?.jitter ?? null,
    roundTripTime: remote?.roundTripTime ?? null,
    frames: entry.framesEncoded ?? null,
    arrived: null,
    dropped: null,
    concealed: null,
    limitation: entry.qualityLimitationReason ?? null,
    freezes: null,
    frozen: null,
  };
}

/** Silence that nobody sent is no loss. The browsers count samples of 48 kHz. */
function concealed({ concealedSamples, silentConcealedSamples = 0 }) {
  return concealedSamples === undefined ? null : (concealedSamples - silentConcealedSamples) / 48_000;
}

function common(entry, report) {
  return {
    mid: entry.mid ?? '',
    rid: entry.rid ?? null,
    kind: entry.kind,
    width: entry.frameWidth ?? null,
    height: entry.frameHeight ?? null,
    nacks: entry.nackCount ?? null,
    keyFrameRequests: entry.pliCount ?? null,
    codec: report.get(entry.codecId)?.mimeType ?? null,
  };
}

/** Chromium names the pair in the transport; Firefox marks it. */
function isSelected(pair, report) {
  const transport = report.get(pair.transportId);
  return transport?.selectedCandidatePairId ? transport.selectedCandidatePairId === pair.id : pair.selected === true;
}
