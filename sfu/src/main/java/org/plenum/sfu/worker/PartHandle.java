package org.plenum.sfu.worker;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.ice.candidate.Candidate;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.Playback;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;

/// What the part of a room is told and asked whose participants it is about: their media is there.
/// As in [org.plenum.sfu.RoomHandle]. Any thread.
interface PartHandle {
  List<Candidate> places(ParticipantId participant);

  CompletableFuture<TransportAnswer> negotiate(ParticipantId participant, TransportOffer offer);

  CompletableFuture<TransportAnswer> restartIce(ParticipantId participant, IceCredentials remote);

  void view(ParticipantId viewer, List<SeatView> seats);

  void mute(ParticipantId publisher, Mid mid, boolean muted);

  void rename(ParticipantId participant, String name);

  void report(ParticipantId viewer, Playback playback);

  CompletableFuture<RoomSnapshot> snapshot(ParticipantId participant);

  CompletableFuture<ParticipantStatistics> statistics(ParticipantId participant);

  CompletableFuture<List<ParticipantDetails>> participants();

  boolean isClosed();
}
