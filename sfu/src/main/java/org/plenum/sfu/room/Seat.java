package org.plenum.sfu.room;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.forward.Slot;

/// A viewer's seat: the slots for one participant's picture and sound, and whom they show now.
/// Worker's thread only.
final class Seat {
  /// Whose picture and sound: a participant's camera and microphone, or its screen share.
  record Occupant(Participant participant, boolean screen) {}

  private final int number;
  private final @Nullable Slot audio;
  private final @Nullable Slot video;
  private @Nullable Occupant occupant;
  private int maxHeight = Integer.MAX_VALUE;

  Seat(int number, @Nullable Slot audio, @Nullable Slot video) {
    this.number = number;
    this.audio = audio;
    this.video = video;
  }

  int number() {
    return number;
  }

  @Nullable Slot audio() {
    return audio;
  }

  @Nullable Slot video() {
    return video;
  }

  @Nullable Occupant occupant() {
    return occupant;
  }

  /// Height of the picture on the viewer's page in pixels; 0: sound only.
  int maxHeight() {
    return maxHeight;
  }

  void occupy(@Nullable Occupant next, int maxHeightPixels) {
    occupant = next;
    maxHeight = maxHeightPixels;
  }

  boolean owns(Slot slot) {
    return slot == audio || slot == video;
  }
}
