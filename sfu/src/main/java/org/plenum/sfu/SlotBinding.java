package org.plenum.sfu;

import org.jspecify.annotations.Nullable;

/// What a slot carries from now on.
///
/// @param seat the seat it belongs to, -1 for an extra audio slot
/// @param participant the publisher; null if the slot is empty
/// @param track null if the slot is empty
/// @param source the track's source; null if the slot is empty
/// @param generation counts the bindings of this slot, from 1
/// @param paused why nothing of the track is sent; null if it is
/// @param height of the picture of the layer that is sent, or will be from its next key frame on,
///     in pixels; 0 for sound and while unknown
/// @param wantedHeight the same of the layer that would be sent if the viewer's bandwidth were no
///     matter
public record SlotBinding(
    Mid mid,
    int seat,
    @Nullable ParticipantId participant,
    @Nullable TrackId track,
    @Nullable TrackSource source,
    long generation,
    @Nullable PauseReason paused,
    int height,
    int wantedHeight) {
  /// Why a bound slot carries nothing.
  public enum PauseReason {
    /// The viewer did not negotiate the codec that the publisher sends.
    CODEC,
    /// The viewer's bandwidth does not reach that far.
    BANDWIDTH,
    /// Publisher and viewer talk directly.
    DIRECT,
    /// The server has too much to do: [LoadStep].
    OVERLOAD
  }
}
