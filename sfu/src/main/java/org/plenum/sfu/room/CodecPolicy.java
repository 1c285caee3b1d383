package org.plenum.sfu.room;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.H264Profile;

/// Which codecs a room accepts, and which of them a publisher should send: the room's
/// favourite among those that all its viewers can decode. Pure.
///
/// @param favourites what may be published, the best first
record CodecPolicy(List<CodecName> favourites) {
  /// The offered codecs that the room accepts, its favourites first. Of H264's profiles the
  /// one that every decoder takes comes first, in packetization mode 1.
  List<Codec> accept(List<Codec> offered) {
    return offered.stream()
        .filter(codec -> favourites.contains(codec.name()))
        .sorted(Comparator.comparingInt(this::rank))
        .toList();
  }

  /// The codec that a publisher should send: what observers have all of them prefer, else what it
  /// sends already, else the room's favourite.
  ///
  /// @param accepted of [#accept], not empty
  /// @param present what it sends now and should preferably keep; null if it sends nothing yet
  /// @param audience where no codec suits observers and all viewers, viewers count
  static Codec choose(
      List<Codec> accepted, @Nullable Codec present, Participant publisher, Audience audience) {
    if (present == null || !audience.prefers(present)) {
      for (Codec codec : accepted) {
        if (audience.prefers(codec) && isFit(codec, publisher, audience)) {
          return codec;
        }
      }
    }
    boolean presentDecodes = present != null && audience.decodes(present, publisher);
    if (present != null && presentDecodes && audience.takes(present)) {
      return present;
    }
    for (Codec codec : accepted) {
      if (isFit(codec, publisher, audience)) {
        return codec;
      }
    }
    if (present != null && presentDecodes) {
      return present;
    }
    for (Codec codec : accepted) {
      if (audience.decodes(codec, publisher)) {
        return codec;
      }
    }
    return present != null ? present : accepted.getFirst();
  }

  private static boolean isFit(Codec codec, Participant publisher, Audience audience) {
    return audience.takes(codec) && audience.decodes(codec, publisher);
  }

  /// The codecs with the chosen one first.
  static List<Codec> withFirst(Codec chosen, List<Codec> accepted) {
    List<Codec> order = new ArrayList<>(accepted);
    order.remove(chosen);
    order.addFirst(chosen);
    return List.copyOf(order);
  }

  private int rank(Codec codec) {
    int place = 4 * favourites.indexOf(codec.name());
    if (codec.name() != CodecName.H264) {
      return place;
    }
    boolean mode1 = codec.parameters().getOrDefault("packetization-mode", "0").equals("1");
    boolean baseline = H264Profile.of(codec.parameters()) == H264Profile.CONSTRAINED_BASELINE;
    return place + (mode1 ? 0 : 2) + (baseline ? 0 : 1);
  }
}
