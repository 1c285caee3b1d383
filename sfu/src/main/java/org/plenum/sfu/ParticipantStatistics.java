package org.plenum.sfu;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The server's counters for one participant's media at one moment. Counters start at the
/// first packet of an SSRC; for a rate, compare two readings.
///
/// @param atNanos when, by the worker's monotonic clock: only differences mean something
/// @param roundTripNanos to this participant by its latest report; -1 until there is one
/// @param layers what it publishes
/// @param slots what it receives: those that carry something
public record ParticipantStatistics(
    long atNanos, long roundTripNanos, List<LayerStatistics> layers, List<SlotStatistics> slots) {
  /// No report has come.
  public static final long UNKNOWN = -1;

  public ParticipantStatistics {
    layers = List.copyOf(layers);
    slots = List.copyOf(slots);
  }

  /// One encoding of a published track, as it arrived.
  ///
  /// @param rid null without simulcast
  /// @param codec of the latest packet
  /// @param height of the picture in pixels, 0 while unknown and for sound
  /// @param packets that arrived, each counted once, those that came again by RTX included
  /// @param bytes of their payloads
  /// @param lost packets that never came
  /// @param nacks how many packets were asked for again
  /// @param recovered how many of them came by RTX
  /// @param probes packets that came by RTX and brought nothing new, to probe for bandwidth
  /// @param keyFrameRequests sent to the publisher
  public record LayerStatistics(
      TrackId track,
      TrackSource source,
      Mid mid,
      @Nullable Rid rid,
      CodecName codec,
      int height,
      long packets,
      long bytes,
      long lost,
      long jitterNanos,
      long nacks,
      long recovered,
      long probes,
      long keyFrameRequests) {}

  /// One slot, as it was sent and as its receiver reports it. The counters are the slot's and run
  /// on when it is bound to another track.
  ///
  /// @param rid of the layer that goes out now; null without simulcast, and while nothing does
  /// @param height of that layer in pixels, 0 while unknown and for sound
  /// @param packets sent, each counted once
  /// @param bytes of their payloads
  /// @param retransmitted packets sent again by RTX
  /// @param nacks packets that the receiver asked for
  /// @param keyFrameRequests of the receiver
  /// @param report the receiver's latest, or null
  public record SlotStatistics(
      Mid mid,
      ParticipantId publisher,
      TrackId track,
      TrackSource source,
      @Nullable Rid rid,
      int height,
      long packets,
      long bytes,
      long retransmitted,
      long nacks,
      long keyFrameRequests,
      @Nullable Report report) {}

  /// A receiver report (RFC 3550 §6.4.1).
  ///
  /// @param lost packets in all, negative if duplicates came
  /// @param roundTripNanos [#UNKNOWN] until one refers to a report of ours
  public record Report(int lost, long jitterNanos, long roundTripNanos) {}
}
