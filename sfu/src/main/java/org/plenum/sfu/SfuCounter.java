package org.plenum.sfu;

/// What the SFU counts besides verdicts; all go up only.
public enum SfuCounter {
  RTP_PACKETS_RECEIVED("rtp.received.packets", "RTP packets accepted from publishers"),
  RTP_BYTES_RECEIVED("rtp.received.bytes", "Bytes of datagrams of those packets"),
  RTP_PACKETS_SENT("rtp.sent.packets", "RTP packets sent to viewers, retransmissions included"),
  RTP_BYTES_SENT("rtp.sent.bytes", "Bytes of datagrams of those packets"),
  RTCP_PACKETS_SENT("rtcp.sent.packets", "Compound RTCP packets sent"),
  NACKS_SENT("nacks.sent", "Sequence numbers asked for again from publishers"),
  NACKS_RECEIVED("nacks.received", "Sequence numbers asked for again by viewers"),
  NACKS_UNANSWERED(
      "nacks.unanswered", "Sequence numbers asked for again that were no longer there"),
  RETRANSMISSIONS_SENT("retransmissions.sent", "Packets sent again to viewers"),
  SOUND_REPEATED("sound.repeated", "Packets of sound sent to viewers with earlier ones repeated"),
  SOUND_RECOVERED(
      "sound.recovered",
      "Packets of sound lost on the way from publishers, taken from what later ones repeat"),
  REPAIRS_SENT("repairs.sent", "Repair packets (FlexFEC) sent to viewers"),
  PROBES_SENT("probes.sent", "Packets sent to viewers only to find out what their path carries"),
  FEEDBACK_IGNORED(
      "feedback.ignored",
      "Congestion feedback of viewers that could not be read or was not negotiated"),
  FEEDBACK_BY_STREAM("feedback.by.stream", "Congestion feedback of viewers by RFC 8888 (ccfb)"),
  FEEDBACK_UNMATCHED(
      "feedback.unmatched", "Packets that feedback spoke of and that were not, or long ago, sent"),
  KEY_FRAME_REQUESTS_SENT("key.frame.requests.sent", "PLI and FIR sent to publishers"),
  KEY_FRAME_REQUESTS_RECEIVED("key.frame.requests.received", "PLI and FIR from viewers"),
  KEY_FRAME_REQUESTS_REFUSED(
      "key.frame.requests.refused", "PLI and FIR from viewers that had asked too often"),
  RTCP_ITEMS_UNREAD(
      "rtcp.items.unread",
      "Entries of RTCP lists left unread because their participant sent too many"),
  TAP_PACKETS_DROPPED(
      "tap.dropped.packets", "Packets dropped because an observer of a room was too slow"),
  RELAYED_PACKETS_SENT(
      "relayed.sent.packets",
      "Packets handed to another worker that has part of the same room, of this node or another"),
  RELAYED_BYTES_SENT("relayed.sent.bytes", "Bytes of payloads and header extensions of those"),
  RELAYED_PACKETS_DROPPED(
      "relayed.dropped.packets",
      "Packets not handed over or not taken because the worker was too slow"),
  RELAYED_PACKETS_RECEIVED(
      "relayed.received.packets", "Packets taken over from another worker, and of use"),
  RELAYED_PACKETS_UNUSED(
      "relayed.unused.packets",
      "Packets taken over that were too late: for their place, or of a track that has ended"),
  RELAYED_PACKETS_MISSED(
      "relayed.missed.packets",
      "Packets that were lost on the way from another node: asked for again"),
  RELAYED_PACKETS_REPEATED(
      "relayed.repeated.packets", "Packets sent to another node again because it asked for them"),
  RELAYED_PACKETS_FORGED(
      "relayed.forged.packets",
      "Packets that claimed to come from another node and were not authentic"),
  DIRECT_CALLS_STARTED(
      "direct.calls.started", "Pairs of participants that were told to talk directly"),
  DIRECT_CALLS_CONNECTED("direct.calls.connected", "Those of them that found a path"),
  DIRECT_CALLS_FAILED(
      "direct.calls.failed", "Those whose path was not found in time, was lost or lost too much"),
  SLOTS_BOUND("slots.bound", "Bindings of a track to a slot"),
  COMMANDS_REFUSED("commands.refused", "Commands refused because a worker's mailbox was full"),
  ROOMS_FAILED("rooms.failed", "Rooms closed because of a fault of our own");

  private final String metric;
  private final String help;

  SfuCounter(String metric, String help) {
    this.metric = metric;
    this.help = help;
  }

  /// Its name in dotted form, without prefix.
  public String metric() {
    return metric;
  }

  /// One sentence for the reader of the metric.
  public String help() {
    return help;
  }
}
