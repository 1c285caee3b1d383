package org.plenum.sfu.simulation;

import java.util.HashSet;
import java.util.Set;
import org.plenum.sfu.receive.NackGenerator;
import org.plenum.sfu.rtp.SequenceNumbers;

/// What a viewer keeps of one SSRC for NACKs and reports.
final class ReceivedStream {
  final int ssrc;
  final boolean video;
  final Picture picture = new Picture();
  final HeardSpeech speech = new HeardSpeech();
  final NackGenerator nacks = new NackGenerator();

  /// Sequence numbers that the server's port took, 16 bits, first and second time.
  final Set<Long> handedOver = new HashSet<>();

  long highest = -1;
  private long first;
  private long received;
  private long reportedExpected;
  private long reportedReceived;
  int reportMiddle;
  long reportNanos;
  long recovered;

  /// Retransmissions of what was never sent before.
  long neverSent;

  private long handedOverHighest = -1;

  ReceivedStream(int ssrc, boolean video) {
    this.ssrc = ssrc;
    this.video = video;
  }

  long unwrap(int sequenceNumber) {
    return highest < 0 ? 65_536L + sequenceNumber : SequenceNumbers.unwrap(sequenceNumber, highest);
  }

  void onHandedOver(int sequenceNumber) {
    long unwrapped =
        handedOverHighest < 0
            ? 65_536L + sequenceNumber
            : SequenceNumbers.unwrap(sequenceNumber, handedOverHighest);
    if (!handedOver.add(unwrapped)) {
      throw new AssertionError("sequence number " + unwrapped + " left twice");
    }
    handedOverHighest = Math.max(handedOverHighest, unwrapped);
  }

  /// Notes an original packet; returns its unwrapped number.
  long onOriginal(int sequenceNumber, long nowNanos) {
    long unwrapped = unwrap(sequenceNumber);
    if (highest < 0) {
      first = unwrapped;
    }
    received++;
    highest = Math.max(highest, unwrapped);
    if (video) {
      nacks.onPacket(unwrapped, nowNanos);
    }
    return unwrapped;
  }

  long onAgain(int sequenceNumber, long nowNanos) {
    long unwrapped = unwrap(sequenceNumber);
    neverSent += handedOver.contains(unwrapped) ? 0 : 1;
    recovered++;
    nacks.onPacket(unwrapped, nowNanos);
    return unwrapped;
  }

  /// Notes a packet restored by a repair packet; returns its unwrapped number.
  long onRestored(int sequenceNumber, long nowNanos) {
    long unwrapped = unwrap(sequenceNumber);
    neverSent += handedOver.contains(unwrapped) ? 0 : 1;
    nacks.onPacket(unwrapped, nowNanos);
    return unwrapped;
  }

  boolean isStarted() {
    return highest >= 0;
  }

  long lost() {
    return highest < 0 ? 0 : highest - first + 1 - received;
  }

  long received() {
    return received;
  }

  int takeFractionLost() {
    long expected = highest - first + 1;
    long expectedNow = expected - reportedExpected;
    long lostNow = expectedNow - (received - reportedReceived);
    reportedExpected = expected;
    reportedReceived = received;
    return expectedNow <= 0 || lostNow <= 0 ? 0 : (int) Math.min(255, lostNow * 256 / expectedNow);
  }
}
