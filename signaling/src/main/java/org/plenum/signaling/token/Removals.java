package org.plenum.signaling.token;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who was sent out of which room: their token does not let them in again, nor does any other
/// of the same identity that was issued by then. Given a directory, a restart does not forget
/// them. Any thread.
final class Removals {
  /// Some hours' worth of removals, at most; the oldest are forgotten first.
  static final int CAPACITY = 10_000;

  /// Longer than a token that has expired since can be of use to come back after a restart.
  private static final long LEAST_SECONDS = Access.READMISSION_SECONDS + 3600;

  private static final Logger LOG = LoggerFactory.getLogger(Removals.class);

  private final Deque<Removal> removals = new ArrayDeque<>();
  private final long leewaySeconds;
  private final @Nullable RemovalFile file;

  private Removals(long leewaySeconds, @Nullable RemovalFile file) {
    this.leewaySeconds = leewaySeconds;
    this.file = file;
  }

  /// Reads what is there, and writes back what still holds. Throws IllegalStateException with one
  /// sentence if the directory cannot be used.
  ///
  /// @param data null: in memory only
  static Removals open(long leewaySeconds, @Nullable Path data, long nowSeconds) {
    if (data == null) {
      return new Removals(leewaySeconds, null);
    }
    var file = new RemovalFile(data);
    var opened = new Removals(leewaySeconds, file);
    file.read(nowSeconds).forEach(opened::keep);
    opened.forgetExpired(nowSeconds);
    file.begin(opened.removals);
    return opened;
  }

  /// Holds, and is written down, when this returns. Throws UncheckedIOException if it holds, but
  /// was not written down and so only until the server restarts, or the next one is written.
  synchronized void add(RoomId room, Token token, long nowSeconds) {
    if (token.digest().isEmpty()) {
      return; // without tokens there is nothing to know it by
    }
    var removal =
        new Removal(
            room,
            token.digest(),
            token.identity(),
            nowSeconds,
            Math.max(token.expirySeconds() + leewaySeconds, nowSeconds + LEAST_SECONDS));
    keep(removal);
    if (file != null) {
      try {
        file.add(removal, removals);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Forgets those that have expired, too.
  ///
  /// @param nowSeconds 0: none
  synchronized boolean has(RoomId room, Token token, long nowSeconds) {
    forgetExpired(nowSeconds);
    return removals.stream().anyMatch(removal -> removal.concerns(room, token));
  }

  /// As [RemovalLines] has it.
  synchronized String text() {
    return RemovalLines.write(removals);
  }

  /// What is not there yet of a text. Throws IllegalStateException if another version wrote it.
  synchronized void addAll(String text) {
    for (Removal each : RemovalLines.read(text).removals()) {
      if (!removals.contains(each)) {
        keep(each);
      }
    }
    if (file != null) {
      try {
        file.begin(removals);
      } catch (IllegalStateException e) {
        LOG.warn("removals of other nodes hold until this one restarts: {}", e.getMessage());
      }
    }
  }

  private void keep(Removal removal) {
    if (removals.size() == CAPACITY) {
      removals.removeFirst();
    }
    removals.addLast(removal);
  }

  private void forgetExpired(long nowSeconds) {
    removals.removeIf(removal -> removal.untilSeconds() < nowSeconds);
  }
}
