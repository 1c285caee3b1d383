package org.plenum.signaling;

import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.session.OpenRoom;
import org.plenum.signaling.session.RoomAnswers;
import org.plenum.signaling.session.Rooms;

/// What participants of open rooms are called. Blocks while a room answers.
record ParticipantNames(Rooms rooms) {
  /// Empty if the participant is not there. Throws RefusedException if the room does not answer.
  String of(RoomId id, ParticipantId participant) {
    OpenRoom room = rooms.find(id);
    if (room == null) {
      return "";
    }
    return RoomAnswers.await(room.handle().participants()).stream()
        .filter(each -> each.id().equals(participant))
        .map(ParticipantDetails::name)
        .findFirst()
        .orElse("");
  }
}
