// The few counters of getStats() that tell whether a call works.

const RECEIVED = [
  'packetsReceived', 'packetsLost', 'bytesReceived', 'jitter', 'nackCount', 'retransmittedPacketsReceived',
  'framesDecoded', 'framesReceived', 'framesDropped', 'keyFramesDecoded', 'frameWidth', 'frameHeight', 'framesPerSecond',
  'freezeCount', 'pliCount', 'concealedSamples', 'totalSamplesReceived',
];
const SENT = [
  'packetsSent', 'bytesSent', 'retransmittedPacketsSent', 'nackCount', 'pliCount', 'firCount', 'framesEncoded',
  'keyFramesEncoded', 'frameWidth', 'frameHeight', 'framesPerSecond', 'targetBitrate', 'qualityLimitationReason',
];

/**
 * @param {{slot: RTCRtpTransceiver, binding: import('./seats.js').Slot}[]} bound
 * @returns {Promise<Record<string, Record<string, object>>>} by participant, then by source
 */
export async function receiveStats(bound) {
  const result = {};
  for (const { slot, binding } of bound) {
    const counters = pick(await slot.receiver.getStats(), 'inbound-rtp', RECEIVED);
    const { mid, seat, track, generation } = binding;
    (result[binding.participant] ??= {})[binding.source] = { mid, seat, track, generation, ...counters };
  }
  return result;
}

/**
 * @param {[string, RTCRtpSender | null | undefined][]} senders by source
 * @returns {Promise<Record<string, object>>} by source
 */
export async function sendStats(senders) {
  const result = {};
  for (const [source, sender] of senders) {
    if (sender) result[source] = pick(await sender.getStats(), 'outbound-rtp', SENT);
  }
  return result;
}

function pick(report, type, names) {
  const picked = {};
  report.forEach((entry) => {
    if (entry.type !== type) return;
    for (const name of names) if (entry[name] !== undefined) picked[name] = entry[name];
  });
  return picked;
}
