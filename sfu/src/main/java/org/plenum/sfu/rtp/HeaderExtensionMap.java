package org.plenum.sfu.rtp;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which id stands for which header extension on one transport (RFC 8285 §6; one mapping per
/// BUNDLE group, RFC 8843 §9.2). Immutable; look-ups allocate nothing.
public final class HeaderExtensionMap {
  /// RFC 8285 §4.2; 15 is reserved.
  public static final int LAST_ONE_BYTE_ID = 14;

  /// No extension at all.
  public static final HeaderExtensionMap EMPTY = new HeaderExtensionMap(Map.of());

  private final int[] ids = new int[HeaderExtension.values().length];
  private final @Nullable HeaderExtension[] extensions = new @Nullable HeaderExtension[256];
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
    twoByteForm = wide;
    highForwarded = forwardedHigh;
  }

  /// The id, or 0 if the extension was not negotiated.
  public int id(HeaderExtension extension) {
    return ids[extension.ordinal()];
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
        && Arrays.equals(ids, that.ids);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }
}
