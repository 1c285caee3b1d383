package org.plenum.sfu;

import java.util.List;

/// The bounds of a room, and what is sent in it.
///
/// @param maxParticipants hidden ones included
/// @param maxTracks published tracks per participant
/// @param maxSlots slots per participant
/// @param emptyNanos how long an empty room stays open
/// @param unusedNanos how long a room stays open that nobody has joined
/// @param codecs what may be published, the room's favourites first
/// @param direct whether two people who are alone in it may talk directly, if their clients can
public record RoomSettings(
    int maxParticipants,
    int maxTracks,
    int maxSlots,
    long emptyNanos,
    long unusedNanos,
    List<CodecName> codecs,
    boolean direct) {
  /// VP8 wherever a publisher has it: every browser decodes it and can encode it in several
  /// layers.
  public static final RoomSettings DEFAULT =
      new RoomSettings(
          500,
          8,
          128,
          60_000_000_000L,
          10_000_000_000L,
          List.of(
              CodecName.VP8,
              CodecName.H264,
              CodecName.VP9,
              CodecName.AV1,
              CodecName.H265,
              CodecName.OPUS),
          false);

  /// One in which nobody talks directly.
  public RoomSettings(
      int maxParticipants,
      int maxTracks,
      int maxSlots,
      long emptyNanos,
      long unusedNanos,
      List<CodecName> codecs) {
    this(maxParticipants, maxTracks, maxSlots, emptyNanos, unusedNanos, codecs, false);
  }

  public RoomSettings {
    codecs = List.copyOf(codecs);
    if (codecs.isEmpty()) {
      throw new IllegalArgumentException("a room needs at least one codec");
    }
  }

  /// The same with other codecs.
  public RoomSettings withCodecs(List<CodecName> others) {
    return new RoomSettings(
        maxParticipants, maxTracks, maxSlots, emptyNanos, unusedNanos, others, direct);
  }

  /// The same, but with another time to wait for the first participant.
  public RoomSettings withUnusedNanos(long nanos) {
    return new RoomSettings(
        maxParticipants, maxTracks, maxSlots, emptyNanos, nanos, codecs, direct);
  }

  /// The same, but for another time that it stays open once everybody has left.
  public RoomSettings withEmptyNanos(long nanos) {
    return new RoomSettings(
        maxParticipants, maxTracks, maxSlots, nanos, unusedNanos, codecs, direct);
  }

  /// The same, but for another number of participants.
  public RoomSettings withParticipants(int most) {
    return new RoomSettings(most, maxTracks, maxSlots, emptyNanos, unusedNanos, codecs, direct);
  }

  /// The same, but for whether two people may talk directly.
  public RoomSettings withDirect(boolean allowed) {
    return new RoomSettings(
        maxParticipants, maxTracks, maxSlots, emptyNanos, unusedNanos, codecs, allowed);
  }
}
