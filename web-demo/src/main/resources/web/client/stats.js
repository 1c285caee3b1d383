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
  /** @type {Record<string, Record<string, object>>} */
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
    if (sender) result[source] = await sentStats(sender);
  }
  return result;
}

/** The counters of all layers of a track; those of the largest also by themselves, as if it were the only one. */
async function sentStats(sender) {
  const layers = [];
  (await sender.getStats()).forEach((entry) => {
    if (entry.type === 'outbound-rtp') layers.push({ rid: entry.rid ?? null, ...values(entry, SENT) });
  });
  const largest = layers.reduce((best, layer) => ((layer.frameHeight ?? 0) >= (best.frameHeight ?? 0) ? layer : best), {});
  return { ...largest, layers };
}

function pick(report, type, names) {
  const picked = {};
  report.forEach((entry) => {
    if (entry.type !== type) return;
    Object.assign(picked, values(entry, names));
  });
  return picked;
}

function values(entry, names) {
  return Object.fromEntries(names.filter((name) => entry[name] !== undefined).map((name) => [name, entry[name]]));
}
