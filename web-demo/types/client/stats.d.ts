/**
 * @param {{slot: RTCRtpTransceiver, binding: import('./seats.js').Slot}[]} bound
 * @returns {Promise<Record<string, Record<string, object>>>} by participant, then by source
 */
export function receiveStats(bound: {
    slot: RTCRtpTransceiver;
    binding: import("./seats.js").Slot;
}[]): Promise<Record<string, Record<string, object>>>;
/**
 * @param {[string, RTCRtpSender | null | undefined][]} senders by source
 * @returns {Promise<Record<string, object>>} by source
 */
export function sendStats(senders: [string, RTCRtpSender | null | undefined][]): Promise<Record<string, object>>;
