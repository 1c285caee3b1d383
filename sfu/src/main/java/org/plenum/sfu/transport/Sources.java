package org.plenum.sfu.transport;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Rid;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.receive.BitratePolicer;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.srtp.SrtpReceiver;

/// Which SSRC of a peer carries which of its tracks and encodings: announced in the offer, or
/// learnt from the first packet (RFC 9143 §9.2, RFC 8852 §4). Bounded; worker's thread only.
final class Sources {
  /// What an SSRC carries.
  ///
  /// @param rid the encoding, null without simulcast
  /// @param policer of the track's bitrate, all its SSRCs together
  /// @param ended the track is gone or has another SSRC: what still comes is dropped, and does not
  ///     pass for another track's
  record Source(
      Track track, @Nullable Rid rid, BitratePolicer policer, boolean isRtx, boolean ended) {}

  private final Map<String, Track> byMid = new LinkedHashMap<>();

  /// The same in their order: looked through at each tick.
  private List<Track> tracks = List.of();

  private final Map<TrackId, BitratePolicer> policers = new HashMap<>();
  private final SsrcTable<Source> bySsrc = new SsrcTable<>(SrtpReceiver.MAX_SSRCS);

  /// Whether this peer names sections in its packets: then one that does not is none of a new SSRC.
  private boolean midSeen;

  /// The tracks received here. Not changed afterwards: those that come and go make another list.
  List<Track> tracks() {
    return tracks;
  }

  /// Makes a track known, or takes note of the SSRCs that a later offer announced for it.
  ///
  /// @param bitrateBps the most that is accepted of it
  void add(Track track, List<Integer> ssrcs, long bitrateBps) {
    byMid.put(track.mid().value(), track);
    tracks = List.copyOf(byMid.values());
    policers.computeIfAbsent(track.id(), _ -> new BitratePolicer(bitrateBps));
    for (int ssrc : ssrcsOf(source -> isStale(source, track))) {
      bySsrc.remove(ssrc);
    }
    for (int i = 0; i < Math.min(2, ssrcs.size()); i++) {
      bySsrc.put(ssrcs.get(i), new Source(track, null, policer(track), i == 1, false));
    }
  }

  /// Ended, or of an encoding that is no longer offered: it may begin anew.
  private static boolean isStale(Source source, Track track) {
    return source.ended() && source.track().mid().equals(track.mid())
        || source.track() == track && !track.accepts(source.rid());
  }

  /// Ends a track; what still comes of it is recognised and dropped.
  void end(Track track) {
    byMid.remove(track.mid().value());
    tracks = List.copyOf(byMid.values());
    for (int ssrc : ssrcsOf(source -> source.track() == track)) {
      end(track, ssrc);
    }
    policers.remove(track.id());
  }

  /// Ends one SSRC of a track that goes on under another.
  void end(Track track, int ssrc) {
    bySsrc.put(ssrc, new Source(track, null, policer(track), false, true));
  }

  private BitratePolicer policer(Track track) {
    return Objects.requireNonNull(policers.get(track.id()));
  }

  /// The layer whose media (not RTX) has this SSRC, or null.
  @Nullable Layer layerOf(int ssrc) {
    Source source = bySsrc.find(ssrc);
    if (source == null || source.isRtx() || source.ended()) {
      return null;
    }
    Layer layer = source.track().layer(source.rid());
    return layer != null && layer.stream().ssrc() == ssrc ? layer : null;
  }

  /// What the packet's SSRC carries, learnt from the packet if it is new; null if nobody can tell.
  @Nullable Source of(RtpPacket packet, HeaderExtensionMap extensions) {
    Source source = bySsrc.find(packet.ssrc());
    return source == null ? learn(packet, extensions) : source;
  }

  private @Nullable Source learn(RtpPacket packet, HeaderExtensionMap extensions) {
    if (bySsrc.size() == SrtpReceiver.MAX_SSRCS) {
      return null;
    }
    String mid = text(packet, extensions, HeaderExtension.MID);
    midSeen |= mid != null;
    Track track = mid == null ? null : byMid.get(mid);
    if (track == null) {
      track = trackByPayloadType(packet);
    }
    if (track == null) {
      return null;
    }
    boolean isRtx = track.codecOfRtx(packet.payloadType()) != null;
    Rid rid = rid(packet, extensions, isRtx ? HeaderExtension.REPAIRED_RID : HeaderExtension.RID);
    if (!track.accepts(rid)) {
      return null;
    }
    var source = new Source(track, rid, policer(track), isRtx, false);
    bySsrc.put(packet.ssrc(), source);
    return source;
  }

  private static @Nullable Rid rid(
      RtpPacket packet, HeaderExtensionMap extensions, HeaderExtension extension) {
    String value = text(packet, extensions, extension);
    try {
      return value == null ? null : new Rid(value);
    } catch (IllegalArgumentException e) {
      return null; // no name of ours
    }
  }

  private static @Nullable String text(
      RtpPacket packet, HeaderExtensionMap extensions, HeaderExtension extension) {
    int id = extensions.idIn(packet, extension);
    int at = id == 0 ? -1 : packet.extensionOffset(id);
    if (at < 0) {
      return null;
    }
    byte[] bytes =
        packet
            .slab()
            .asSlice(packet.offset() + at, packet.extensionLength(id))
            .toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /// The payload type tells the section if it is in no other (RFC 9143 §9.2). Of a peer that names
  /// its sections otherwise, only a track without an SSRC can be found this way: late packets of a
  /// track that ended must not be taken for another's.
  private @Nullable Track trackByPayloadType(RtpPacket packet) {
    int payloadType = packet.payloadType();
    Track only = null;
    for (Track track : tracks) {
      boolean matches =
          track.codec(payloadType) != null
              || track.codecOfRtx(payloadType) != null
              || track.codecOfRed(payloadType) != null;
      if (matches && only != null) {
        return null;
      }
      if (matches) {
        only = track;
      }
    }
    return only == null || (hasMedia(only) && !mayBeginAnew(packet)) ? null : only;
  }

  /// Whether another SSRC may take the place of the one that a track has. Padding may not: it comes
  /// to probe for bandwidth, and nothing need follow.
  private boolean mayBeginAnew(RtpPacket packet) {
    return !midSeen && packet.payloadLength() > 0;
  }

  private boolean hasMedia(Track track) {
    return !track.layers().isEmpty()
        || !ssrcsOf(source -> source.track() == track && !source.isRtx()).isEmpty();
  }

  private List<Integer> ssrcsOf(Predicate<Source> which) {
    List<Integer> ssrcs = new ArrayList<>();
    bySsrc.forEachEntry(
        (ssrc, source) -> {
          if (which.test(source)) {
            ssrcs.add(ssrc);
          }
        });
    return ssrcs;
  }
}
