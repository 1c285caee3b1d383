package org.plenum.signaling.session;

import org.plenum.signaling.limit.TokenBucket;

/// How much text the messages of participants may bring along: each is copied to everybody it is
/// for, so one sender costs as much as the room is large. Any thread.
final class ChatBudget {
  /// UTF-8 bytes a second of one sender, and five seconds' worth at once: ten messages of the full
  /// length in Latin letters. PROTOCOL.md promises it.
  static final int BYTES_OF_SENDER = 8 * 1024;

  /// Bytes a second of a room, each counted as often as it has readers. PROTOCOL.md promises it.
  static final int BYTES_OF_ROOM = 2 * 1024 * 1024;

  private final TokenBucket bytes;

  private ChatBudget(int bytesPerSecond, long nowNanos) {
    this.bytes = new TokenBucket(bytesPerSecond, nowNanos);
  }

  static ChatBudget ofSender(long nowNanos) {
    return new ChatBudget(BYTES_OF_SENDER, nowNanos);
  }

  static ChatBudget ofRoom(long nowNanos) {
    return new ChatBudget(BYTES_OF_ROOM, nowNanos);
  }

  /// Whether so many bytes may be sent now; takes them if so.
  synchronized boolean tryTake(long cost, long nowNanos) {
    return bytes.tryTake(cost, nowNanos);
  }
}
