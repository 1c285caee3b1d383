package org.plenum.sfu;

/// What a worker that has too much to do leaves undone, in the order in which it does: each step
/// includes those before it. Sound is never left out. The ordinal is also the value of a metric.
public enum LoadStep {
  /// It does everything.
  NONE,
  /// It takes no new room.
  ROOMS,
  /// It lets nobody new in.
  JOINS,
  /// It forwards no layer of the largest picture, where there are smaller ones.
  TOP_LAYERS,
  /// It forwards to each viewer the one picture that matters most to them.
  OTHER_PICTURES,
  /// It forwards no picture at all.
  PICTURES;

  /// Whether what this other step leaves undone is left undone in this one too.
  public boolean includes(LoadStep other) {
    return ordinal() >= other.ordinal();
  }
}
