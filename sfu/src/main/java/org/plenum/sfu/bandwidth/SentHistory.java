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

  /// The entry of a packet that has left and is still remembered, by which the rest is asked; -1 if
  /// it is not. Good until the next packet is sent.
  int findSent(long number);

  /// When it was handed to the network.
  long sendNanos(int entry);

  /// Its size on the wire.
  int bytes(int entry);

  /// Whose burst it was part of, [Probe#NONE] if none.
  int probe(int entry);

  /// What was told of it so far; [Fate#UNREPORTED] at first.
  Fate fate(int entry);

  /// Notes what is told of it.
  void fate(int entry, Fate told);
}
