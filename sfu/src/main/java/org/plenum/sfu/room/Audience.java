package org.plenum.sfu.room;

import java.util.Collection;
import org.plenum.sfu.Codec;

/// Who is to see and hear what somebody publishes in this part of a room.
///
/// @param participants of this part
/// @param taps the room's observers
/// @param relays to the other parts
record Audience(Collection<Participant> participants, Taps taps, Relays relays) {
  /// Whether everybody whom the publisher is shown to can show it.
  boolean decodes(Codec codec, Participant publisher) {
    for (Participant viewer : participants) {
      if (viewer.views(publisher) && !viewer.decodes(codec)) {
        return false;
      }
    }
    return relays.decode(codec);
  }

  /// Whether it is better than others that observers can use as well.
  boolean prefers(Codec codec) {
    return taps.prefer(codec);
  }

  /// Whether every observer can use it.
  boolean takes(Codec codec) {
    return taps.take(codec);
  }
}
