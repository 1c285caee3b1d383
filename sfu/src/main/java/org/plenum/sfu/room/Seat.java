package org.plenum.sfu.room;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.Track;

/// A viewer's seat: the slots for one participant's picture and sound, and whom they show now.
/// Worker's thread only.
final class Seat {
  /// Whose picture and sound: a participant's camera and microphone, or its screen share.
  record Occupant(Participant participant, boolean screen) {
    @Nullable Track audio() {
      return participant.track(screen ? TrackSource.SCREEN_AUDIO : TrackSource.MICROPHONE);
    }

    @Nullable Track video() {
      return participant.track(screen ? TrackSource.SCREEN : TrackSource.CAMERA);
    }
  }

  private final int number;
  private final @Nullable Slot audio;
  private final @Nullable Slot video;
  private @Nullable Occupant occupant;
  private int maxHeight = Integer.MAX_VALUE;
  private int maxFramerate = SeatView.ANY_FRAMERATE;

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

  /// Pictures a second that are worth while on the viewer's page.
  int maxFramerate() {
    return maxFramerate;
  }

  /// How many tracks of an occupant it has slots for: 0 to 2.
  int carries(Occupant candidate) {
    return (audio != null && candidate.audio() != null ? 1 : 0)
        + (video != null && candidate.video() != null ? 1 : 0);
  }

  /// Whether it carries more of an occupant than another seat does, or as much and leaves fewer
  /// slots empty for it.
  boolean suits(Occupant candidate, Seat other) {
    int more = carries(candidate) - other.carries(candidate);
    return more > 0 || (more == 0 && slotCount() < other.slotCount());
  }

  private int slotCount() {
    return (audio != null ? 1 : 0) + (video != null ? 1 : 0);
  }

  void occupy(@Nullable Occupant next, int maxHeightPixels) {
    occupy(next, maxHeightPixels, SeatView.ANY_FRAMERATE);
  }

  void occupy(@Nullable Occupant next, int maxHeightPixels, int mostPicturesPerSecond) {
    occupant = next;
    maxHeight = maxHeightPixels;
    maxFramerate = mostPicturesPerSecond;
  }

  boolean owns(Slot slot) {
    return slot == audio || slot == video;
  }
}
