package org.plenum.signaling.jsep;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.signaling.sdp.Attribute;
import org.plenum.signaling.sdp.Attributes;
import org.plenum.signaling.sdp.Direction;
import org.plenum.signaling.sdp.ExtMap;
import org.plenum.signaling.sdp.SdpException;

/// Negotiates header extensions section by section, into one map of ids for the whole bundle (RFC
/// 8285 §6, RFC 8843 §9.2).
final class Extensions {
  private final Attributes session;
  private final Map<Integer, String> uriById = new HashMap<>();
  private final Map<HeaderExtension, Integer> idByExtension = new EnumMap<>(HeaderExtension.class);
  private final Map<HeaderExtension, Integer> answered = new EnumMap<>(HeaderExtension.class);
  private boolean allMixed = true;

  Extensions(Attributes session) {
    this.session = session;
  }

  /// What to answer in a section: what we know, under the offered id. An id above 14 counts only
  /// where both forms may be mixed, since most packets take the one-byte form.
  ///
  /// @param direction ours
  List<ExtMap> negotiate(Attributes media, Direction direction) throws SdpException {
    boolean mixed = session.has("extmap-allow-mixed") || media.has("extmap-allow-mixed");
    allMixed &= mixed;
    var agreed = new EnumMap<HeaderExtension, ExtMap>(HeaderExtension.class);
    Set<Integer> ids = new HashSet<>();
    List<Attribute> offered =
        Stream.concat(session.all("extmap").stream(), media.all("extmap").stream()).toList();
    for (Attribute attribute : offered) {
      ExtMap entry = ExtMap.parse(attribute);
      if (!ids.add(entry.id())) {
        throw new InvalidOfferException(
            "a=extmap", "id " + entry.id() + " is given twice in one section");
      }
      HeaderExtension extension = register(entry);
      if (extension != null
          && (mixed || entry.id() <= HeaderExtensionMap.LAST_ONE_BYTE_ID)
          && isUseful(entry.direction(), direction)) {
        agreed.put(extension, reversed(entry));
        answered.put(extension, entry.id());
      }
    }
    return new ArrayList<>(agreed.values());
  }

  /// The ids of all that was answered in some section.
  HeaderExtensionMap map() {
    return new HeaderExtensionMap(answered, allMixed);
  }

  private @Nullable HeaderExtension register(ExtMap entry) {
    String before = uriById.putIfAbsent(entry.id(), entry.uri());
    if (before != null && !before.equals(entry.uri())) {
      throw new InvalidOfferException(
          "a=extmap", "id " + entry.id() + " stands for two header extensions in one BUNDLE group");
    }
    HeaderExtension extension = find(entry.uri());
    if (extension != null) {
      Integer id = idByExtension.putIfAbsent(extension, entry.id());
      if (id != null && id != entry.id()) {
        throw new InvalidOfferException(
            "a=extmap",
            "header extension " + entry.uri() + " has the ids " + id + " and " + entry.id());
      }
    }
    return extension;
  }

  /// @param offered the client's direction for the extension, null for the section's
  /// @param direction ours for the section
  private static boolean isUseful(@Nullable Direction offered, Direction direction) {
    if (offered == null || direction == Direction.INACTIVE) {
      return true;
    }
    return direction.receives() ? offered.sends() : offered.receives();
  }

  private static ExtMap reversed(ExtMap entry) {
    Direction offered = entry.direction();
    return offered == null ? entry : new ExtMap(entry.id(), offered.reversed(), entry.uri());
  }

  private static @Nullable HeaderExtension find(String uri) {
    for (HeaderExtension extension : HeaderExtension.values()) {
      if (extension.uri().equals(uri)) {
        return extension;
      }
    }
    return null;
  }
}
