package org.plenum.sfu.rtp;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Which id stands for which header extension in one media section, or in all sections of a BUNDLE
/// group (RFC 8285 §6). There an id stands for one extension, while an extension may have several
/// ids, another in each section (RFC 9143 §12). Immutable; look-ups allocate nothing.
public final class HeaderExtensionMap {
  /// RFC 8285 §4.2; 15 is reserved.
  public static final int LAST_ONE_BYTE_ID = 14;

  /// No extension at all.
  public static final HeaderExtensionMap EMPTY = new HeaderExtensionMap(Map.of());

  private static final int[] NONE = {};

  private final int[] ids = new int[HeaderExtension.values().length];

  /// By extension, the ids beside the first one; null in a section's own map.
  private int @Nullable [][] moreIds;

  private final @Nullable HeaderExtension[] extensions = new @Nullable HeaderExtension[256];
  private final HeaderExtension[] forwarded;
  private final boolean twoByteForm;
  private final boolean highForwarded;
  private final boolean mixed;

  /// Without leave to mix the two forms.
  ///
  /// @param idByExtension ids from 1 to 255, except 15, each used once
  public HeaderExtensionMap(Map<HeaderExtension, Integer> idByExtension) {
    this(idByExtension, false);
  }

  /// @param idByExtension ids from 1 to 255, except 15, each used once
  /// @param mixed whether some packets may take the two-byte form and others the one-byte form
  /// (a=extmap-allow-mixed, RFC 8285 §6)
  public HeaderExtensionMap(Map<HeaderExtension, Integer> idByExtension, boolean mixed) {
    this.mixed = mixed;
    boolean wide = false;
    boolean forwardedHigh = false;
    for (var entry : idByExtension.entrySet()) {
      int id = entry.getValue();
      if (id < 1 || id > 255 || id == 15) {
        throw new IllegalArgumentException(
            "extension id of " + entry.getKey() + " must be 1 to 255 but not 15, not " + id);
      }
      if (extensions[id] != null) {
        throw new IllegalArgumentException("extension id " + id + " is used twice");
      }
      ids[entry.getKey().ordinal()] = id;
      extensions[id] = entry.getKey();
      boolean high = id > LAST_ONE_BYTE_ID;
      wide |= high && !(mixed && entry.getKey().isForwarded());
      forwardedHigh |= high;
    }
    forwarded =
        idByExtension.keySet().stream()
            .filter(HeaderExtension::isForwarded)
            .sorted()
            .toArray(HeaderExtension[]::new);
    twoByteForm = wide;
    highForwarded = forwardedHigh;
  }

  /// All that stands in the maps of some sections, for reading what comes in any of them.
  ///
  /// @throws IllegalArgumentException if an id stands for two extensions
  public static HeaderExtensionMap union(Collection<HeaderExtensionMap> sections) {
    Map<HeaderExtension, Integer> first = new EnumMap<>(HeaderExtension.class);
    boolean mixed = !sections.isEmpty();
    for (HeaderExtensionMap section : sections) {
      mixed &= section.mixed;
      section.forEach(first::putIfAbsent);
    }
    var union = new HeaderExtensionMap(first, mixed);
    for (HeaderExtensionMap section : sections) {
      section.forEach(union::addId);
    }
    return union;
  }

  private void addId(HeaderExtension extension, int id) {
    if (extensions[id] == extension) {
      return;
    }
    if (extensions[id] != null) {
      throw new IllegalArgumentException("extension id " + id + " is used twice");
    }
    extensions[id] = extension;
    int[][] more = moreIds;
    if (more == null) {
      more = new int[ids.length][];
      Arrays.fill(more, NONE);
      moreIds = more;
    }
    int[] before = more[extension.ordinal()];
    int[] after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = id;
    more[extension.ordinal()] = after;
  }

  private void forEach(BiConsumer<HeaderExtension, Integer> action) {
    for (HeaderExtension extension : HeaderExtension.values()) {
      if (id(extension) != 0) {
        action.accept(extension, id(extension));
      }
    }
  }

  /// Those that are forwarded, in the order of their declaration; not to be changed.
  public HeaderExtension[] forwarded() {
    return forwarded;
  }

  /// The id, or 0 if the extension was not negotiated; of several ids the first one.
  public int id(HeaderExtension extension) {
    return ids[extension.ordinal()];
  }

  /// The id under which the packet carries the extension, or 0 if it does not.
  public int idIn(RtpPacket packet, HeaderExtension extension) {
    int id = ids[extension.ordinal()];
    if (id == 0 || packet.extensionOffset(id) >= 0) {
      return id;
    }
    if (moreIds != null) {
      for (int other : moreIds[extension.ordinal()]) {
        if (packet.extensionOffset(other) >= 0) {
          return other;
        }
      }
    }
    return 0;
  }

  /// The extension behind an id (0 to 255), or null.
  public @Nullable HeaderExtension extension(int id) {
    return extensions[id];
  }

  /// Whether all packets take the two-byte form: for the id of an extension that is in all of them,
  /// or because the forms may not be mixed.
  public boolean needsTwoByteForm() {
    return twoByteForm;
  }

  /// Whether a forwarded extension has an id that needs the two-byte form.
  public boolean hasHighForwardedId() {
    return highForwarded;
  }

  /// Whether a packet may take the two-byte form.
  public boolean allowsTwoByteForm() {
    return twoByteForm || mixed;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HeaderExtensionMap that
        && mixed == that.mixed
        && Arrays.equals(ids, that.ids)
        && Arrays.equals(extensions, that.extensions);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }
}
