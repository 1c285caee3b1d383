package org.plenum.sfu.send;

import org.plenum.sfu.receive.ByteRate;

/// Bounds what a viewer can have sent again to a share of what it was sent in the last second: a
/// path that loses more than that carries less than it is sent, and more of the same makes it
/// worse. One thread, no clock.
public final class RetransmissionShare {
  /// What may be sent again, as a divisor of all that was sent. A path that loses a fifth asks for
  /// a quarter of the packets, some of them twice.
  private static final int SHARE_DIVISOR = 3;

  /// However little was sent, this much may be sent again: enough to mend a key frame.
  static final long LEAST_BYTES = 12_000;

  private final ByteRate sent = new ByteRate();
  private final ByteRate again = new ByteRate();

  /// Whether this many bytes may be sent again now.
  public boolean mayResend(int lengthBytes, long nowNanos) {
    long most = Math.max(LEAST_BYTES, sent.bytes(nowNanos) / SHARE_DIVISOR);
    return again.bytes(nowNanos) + lengthBytes <= most;
  }

  /// A packet was sent.
  public void onSent(int lengthBytes, long nowNanos) {
    sent.add(lengthBytes, nowNanos);
  }

  /// A packet was sent because the viewer asked for it again; beside [#onSent].
  public void onSentAgain(int lengthBytes, long nowNanos) {
    again.add(lengthBytes, nowNanos);
  }

  /// All bytes of the last second.
  public long sentBytes(long nowNanos) {
    return sent.bytes(nowNanos);
  }
}
