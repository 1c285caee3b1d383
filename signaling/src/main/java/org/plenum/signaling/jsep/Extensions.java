package org.plenum.signaling.jsep;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
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

/// Negotiates header extensions section by section (RFC 8285 §6). Within a BUNDLE group an
/// extension may have another id in each section, but an id stands for one extension (RFC 9143
/// §12): one that was offered for two is left out of the answer, and its extensions are not sent.
final class Extensions {
  private final Attributes session;

  /// Ids that stand for several URIs in the group.
  private final Set<Integer> ambiguous = new HashSet<>();

  private final Map<HeaderExtensionMap, HeaderExtensionMap> maps = new HashMap<>();
  private boolean allMixed = true;

  /// @param offered all sections of the offer
  Extensions(Attributes session, List<OfferedSection> offered) throws SdpException {
    this.session = session;
    Map<Integer, Set<String>> uris = new HashMap<>();
    for (OfferedSection section : offered) {
      if (section.isLive()) {
        for (ExtMap entry : entries(section.media().attributes())) {
          uris.computeIfAbsent(entry.id(), _ -> new LinkedHashSet<>()).add(entry.uri());
        }
      }
    }
    uris.forEach(this::requireServable);
  }

  /// What to answer in a section: what we know, under the offered id. An id above 14 counts only
  /// where both forms may be mixed, since most packets take the one-byte form.
  ///
  /// @param direction ours
  List<ExtMap> negotiate(Attributes media, Direction direction) throws SdpException {
    boolean mixed = session.has("extmap-allow-mixed") || media.has("extmap-allow-mixed");
    allMixed &= mixed;
    var agreed = new EnumMap<HeaderExtension, ExtMap>(HeaderExtension.class);
    for (ExtMap entry : entries(media)) {
      HeaderExtension extension = find(entry.uri());
      if (extension != null
          && !ambiguous.contains(entry.id())
          && (mixed || entry.id() <= HeaderExtensionMap.LAST_ONE_BYTE_ID)
          && isUseful(entry.direction(), direction)) {
        agreed.put(extension, reversed(entry));
      }
    }
    return new ArrayList<>(agreed.values());
  }

  /// The ids of what was answered in a section, once all sections were negotiated. Sections alike
  /// share a map.
  HeaderExtensionMap map(List<ExtMap> agreed) {
    Map<HeaderExtension, Integer> ids = new EnumMap<>(HeaderExtension.class);
    for (ExtMap entry : agreed) {
      HeaderExtension extension = find(entry.uri());
      if (extension != null) {
        ids.put(extension, entry.id());
      }
    }
    return maps.computeIfAbsent(new HeaderExtensionMap(ids, allMixed), map -> map);
  }

  /// The offer of a section, in which neither an id nor an extension may stand twice.
  private List<ExtMap> entries(Attributes media) throws SdpException {
    List<Attribute> offered =
        Stream.concat(session.all("extmap").stream(), media.all("extmap").stream()).toList();
    Set<Integer> ids = new HashSet<>();
    Map<String, Integer> idByUri = new HashMap<>();
    List<ExtMap> entries = new ArrayList<>();
    for (Attribute attribute : offered) {
      ExtMap entry = ExtMap.parse(attribute);
      if (!ids.add(entry.id())) {
        throw new InvalidOfferException(
            "a=extmap", "id " + entry.id() + " is given twice in one section");
      }
      Integer other = idByUri.putIfAbsent(entry.uri(), entry.id());
      if (other != null && find(entry.uri()) != null) {
        throw new InvalidOfferException(
            "a=extmap",
            "header extension "
                + entry.uri()
                + " has the ids "
                + other
                + " and "
                + entry.id()
                + " in one section");
      }
      entries.add(entry);
    }
    return entries;
  }

  /// We can do without an extension, but not when it says whose a packet is and the same id means
  /// another that we know.
  private void requireServable(int id, Set<String> uris) {
    if (uris.size() < 2) {
      return;
    }
    ambiguous.add(id);
    List<HeaderExtension> known = new ArrayList<>();
    for (String uri : uris) {
      HeaderExtension extension = find(uri);
      if (extension != null) {
        known.add(extension);
      }
    }
    if (known.size() > 1 && known.stream().anyMatch(Extensions::saysWhose)) {
      throw new InvalidOfferException(
          "a=extmap",
          "id "
              + id
              + " stands for two header extensions in one BUNDLE group (RFC 9143 §12): "
              + known.get(0).uri()
              + " and "
              + known.get(1).uri());
    }
  }

  private static boolean saysWhose(HeaderExtension extension) {
    return switch (extension) {
      case MID, RID, REPAIRED_RID -> true;
      case TRANSPORT_CC,
          ABS_SEND_TIME,
          AUDIO_LEVEL,
          VIDEO_ORIENTATION,
          ABS_CAPTURE_TIME,
          PLAYOUT_DELAY,
          VIDEO_CONTENT_TYPE,
          VIDEO_TIMING,
          COLOR_SPACE,
          DEPENDENCY_DESCRIPTOR ->
          false;
    };
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
