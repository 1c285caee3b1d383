package org.plenum.sfu;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client tells the client of the one whom it talks to directly, so that they find each
/// other. The room passes it on and reads nothing of it.
///
/// @param call the number of their direct call
/// @param description null: none
public record PeerMessage(
    long call, @Nullable Description description, List<Candidate> candidates) {
  /// An offer or an answer.
  public record Description(boolean offer, String sdp) {
    /// Without addresses, which must not get into a log.
    @Override
    public String toString() {
      return offer ? "offer" : "answer";
    }
  }

  /// Where a client may be reached.
  ///
  /// @param candidate empty: there are no more
  public record Candidate(String candidate, Mid mid) {
    /// Without addresses, which must not get into a log.
    @Override
    public String toString() {
      return "candidate of " + mid;
    }
  }

  public PeerMessage {
    candidates = List.copyOf(candidates);
  }
}
