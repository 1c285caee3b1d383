package org.plenum.sfu;

import org.jspecify.annotations.Nullable;

/// A source of a person that a moderator muted in a room.
///
/// @param person as [#person] makes it
public record Silence(String person, TrackSource source) {
  /// Whom a silence is about: all participants of an identity, or one participant that has none.
  /// No identity can be taken for another's participant.
  public static String person(@Nullable Identity identity, ParticipantId participant) {
    return identity == null ? "participant " + participant.value() : "identity " + identity.value();
  }
}
