package org.plenum.sfu;

import java.util.Set;

/// What a participant may do with media. A source that it may no longer publish is dropped here; a
/// viewer that may no longer subscribe has empty slots.
///
/// @param publish the sources it may publish
/// @param subscribe whether it may receive
public record Permissions(Set<TrackSource> publish, boolean subscribe) {
  public static final Permissions ALL = new Permissions(Set.of(TrackSource.values()), true);

  public Permissions {
    publish = Set.copyOf(publish);
  }
}
