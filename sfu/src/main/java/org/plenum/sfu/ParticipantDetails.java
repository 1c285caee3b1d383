package org.plenum.sfu;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.quality.Quality;

/// Everything the server knows about a participant: for the operator, not for other
/// participants.
///
/// @param silenced the sources that a moderator muted, published or not
/// @param transport null before the first offer
/// @param remote where its media comes from; null before ICE has a path
/// @param slots how many it has
/// @param path null before ICE has one
/// @param media what was counted so far, at no particular moment
/// @param playback what its client says of itself; null if it has said nothing
/// @param quality how good the latest second was of each section that is rated, slots and published
///     tracks alike
public record ParticipantDetails(
    ParticipantId id,
    String name,
    boolean hidden,
    @Nullable String identity,
    @Nullable String metadata,
    Permissions permissions,
    Set<TrackSource> silenced,
    @Nullable TransportState transport,
    @Nullable InetSocketAddress remote,
    List<TrackDetails> tracks,
    int slots,
    @Nullable PathKind path,
    ParticipantStatistics media,
    @Nullable Playback playback,
    Map<Mid, Quality> quality) {
  /// Over what its media comes.
  public enum PathKind {
    UDP,
    /// ICE-TCP (RFC 6544).
    TCP,
    /// A relay (TURN): our own, or another as the client says, whose path looks like any other.
    RELAY
  }

  /// Of somebody without media, whom no moderator muted.
  public ParticipantDetails(
      ParticipantId id,
      String name,
      boolean hidden,
      @Nullable String identity,
      @Nullable String metadata,
      Permissions permissions,
      @Nullable TransportState transport,
      @Nullable InetSocketAddress remote,
      List<TrackDetails> tracks,
      int slots) {
    this(
        id,
        name,
        hidden,
        identity,
        metadata,
        permissions,
        Set.of(),
        transport,
        remote,
        tracks,
        slots,
        null,
        new ParticipantStatistics(0, ParticipantStatistics.UNKNOWN, List.of(), List.of()),
        null,
        Map.of());
  }

  /// A published track.
  ///
  /// @param silenced whether a moderator muted it
  /// @param codecs that its publisher may send
  /// @param packetsReceived of the layers that it sends now; 0 before the first
  public record TrackDetails(
      TrackInfo info,
      Mid mid,
      boolean silenced,
      List<CodecName> codecs,
      long packetsReceived,
      long packetsLost) {
    public TrackDetails {
      codecs = List.copyOf(codecs);
    }
  }

  public ParticipantDetails {
    silenced = Set.copyOf(silenced);
    tracks = List.copyOf(tracks);
    quality = Map.copyOf(quality);
  }
}
