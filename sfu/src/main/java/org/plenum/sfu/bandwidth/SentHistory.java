package org.plenum.sfu.bandwidth;

/// What was sent to one viewer, by transport-wide number: the sender's ring of sent packets.
public interface SentHistory {
  /// What the viewer's feedback has told of a packet.
  enum Fate {
    UNREPORTED,
    LOST,
    RECEIVED
  }

  /// The number that the next packet will get: 64 bits, the lower 16 are on the wire.
  long nextNumber();

  /// True if this packet has left and is still remembered; only then may the rest be asked.
  boolean contains(long number);

  /// When it was handed to the network.
  long sendNanos(long number);

  /// Its size on the wire.
  int bytes(long number);

  /// Whose burst it was part of, [Probe#NONE] if none.
  int probe(long number);

  /// What was told of it so far; [Fate#UNREPORTED] at first.
  Fate fate(long number);

  /// Notes what is told of it.
  void fate(long number, Fate told);
}
