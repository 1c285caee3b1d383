package org.plenum.sfu;

import org.jspecify.annotations.Nullable;

/// Who wants in.
///
/// @param name what others are shown; up to 64 characters
/// @param hidden takes no place in the roster, is only counted
/// @param replaces the session of the same client that ends with this join (a reload), or null
/// @param identity shared by all participants of one person, who is not sent their own tracks; or
/// null
public record JoinRequest(
    ParticipantId id,
    String name,
    boolean hidden,
    @Nullable ParticipantId replaces,
    @Nullable Identity identity) {
  public JoinRequest {
    if (name.length() > 64) {
      throw new IllegalArgumentException("name must have at most 64 characters");
    }
  }

  /// Somebody who is one participant only.
  public JoinRequest(
      ParticipantId id, String name, boolean hidden, @Nullable ParticipantId replaces) {
    this(id, name, hidden, replaces, null);
  }
}
