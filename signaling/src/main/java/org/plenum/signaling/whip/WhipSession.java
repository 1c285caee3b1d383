package org.plenum.signaling.whip;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomListener;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.TransportState;
import org.plenum.signaling.jsep.IceFragment;
import org.plenum.signaling.session.RoomAnswers;
import org.plenum.signaling.session.SessionLog;
import org.plenum.signaling.session.SessionToken;

/// One participant that came by HTTP. Its id is also the right to change and end it.
///
/// Events come on the room's worker thread, requests on their own. It lives until DELETE, until its
/// transport closes, or until the room lets it go.
final class WhipSession implements RoomListener {
  private final WhipProtocol protocol;
  private final RoomHandle room;
  private final ParticipantId participant = SessionToken.nextParticipant();
  private final String id = SessionToken.next();
  private final IceFragment.Section tagged;
  private final Set<Mid> mids = new HashSet<>();
  private final WhipSessions sessions;
  private final SessionLog log;

  /// Held while the room answers: one PATCH after another.
  private final ReentrantLock patching = new ReentrantLock();

  private IceCredentials remote;
  private volatile String etag = "";

  WhipSession(
      WhipProtocol protocol,
      RoomHandle room,
      TransportOffer offer,
      IceFragment.Section tagged,
      WhipSessions sessions,
      SessionLog log) {
    this.protocol = protocol;
    this.room = room;
    this.tagged = tagged;
    this.sessions = sessions;
    this.log = log;
    this.remote = offer.ice();
    offer.tracks().forEach(track -> mids.add(track.mid()));
    offer.slots().forEach(slot -> mids.add(slot.mid()));
  }

  String id() {
    return id;
  }

  ParticipantId participant() {
    return participant;
  }

  RoomHandle handle() {
    return room;
  }

  RoomId room() {
    return room.id();
  }

  boolean isAt(WhipPath path) {
    return protocol == path.protocol() && room.id().equals(path.room());
  }

  WhipProtocol protocol() {
    return protocol;
  }

  /// Takes the room's side of an ICE session.
  void beginIce(TransportAnswer answer) {
    etag = '"' + answer.ice().ufrag() + '"';
  }

  /// The entity-tag of the ICE session: strong, and another for each, because the ufrag is.
  String etag() {
    return etag;
  }

  /// Takes candidates or restarts ICE. Blocks for the room's answer; throws WhipRefusal or
  /// RefusedException.
  WhipReply patch(IceFragment fragment, @Nullable String ifMatch) {
    patching.lock();
    try {
      IfMatch.require(ifMatch, etag);
      requireOurSections(fragment);
      if (fragment.ice().equals(remote)) {
        // We are ICE-lite: we answer whoever proves to know the password, wherever they are.
        return WhipReply.of(WhipStatus.NO_CONTENT);
      }
      return restart(fragment.ice());
    } finally {
      patching.unlock();
    }
  }

  /// The client ends it.
  ///
  /// @return false if it has ended already
  boolean leave() {
    boolean first = sessions.remove(this);
    room.leave(participant, LeaveReason.LEFT);
    return first;
  }

  @Override
  public void onEvent(RoomEvent event) {
    switch (event) {
      case RoomEvent.TransportStateChanged(var state) -> {
        log.transport(room.id(), participant, state);
        if (state == TransportState.CLOSED) {
          // RFC 9725 §4.2: the end of DTLS ends the session. Nobody could come back to it.
          room.leave(participant, LeaveReason.MEDIA_LOST);
        }
      }
      case RoomEvent.BitrateExceeded exceeded ->
          log.bitrateExceeded(room.id(), participant, exceeded);
      case RoomEvent.SsrcChanged change -> log.ssrcChanged(room.id(), participant, change);
      case RoomEvent.Removed _ -> sessions.remove(this);
      case RoomEvent.ParticipantJoined _,
          RoomEvent.ParticipantLeft _,
          RoomEvent.TrackPublished _,
          RoomEvent.TrackUnpublished _,
          RoomEvent.SlotBound _,
          RoomEvent.PublishWanted _,
          RoomEvent.LayersWanted _,
          RoomEvent.QualityChanged _,
          RoomEvent.SpeakersChanged _,
          RoomEvent.HiddenChanged _,
          RoomEvent.DirectChanged _,
          RoomEvent.PeerReceived _,
          RoomEvent.ObservationChanged _,
          RoomEvent.LoadChanged _,
          RoomEvent.PlayoutDelayWanted _,
          RoomEvent.Silenced _,
          RoomEvent.Renamed _,
          RoomEvent.MessageReceived _ -> {}
    }
  }

  private WhipReply restart(IceCredentials next) {
    if (next.ufrag().equals(remote.ufrag()) || next.password().equals(remote.password())) {
      throw new WhipRefusal(
          WhipStatus.UNPROCESSABLE_CONTENT,
          "a=ice-pwd",
          "an ICE restart changes both ice-ufrag and ice-pwd (RFC 8839 §4.4.1.1.1)");
    }
    TransportAnswer answer = RoomAnswers.await(room.restartIce(participant, next));
    remote = next;
    beginIce(answer);
    return WhipReply.of(WhipStatus.OK)
        .with("ETag", etag)
        .body(Whip.SDP_FRAGMENT, IceFragment.answer(tagged, answer));
  }

  private void requireOurSections(IceFragment fragment) {
    for (Mid mid : fragment.mids()) {
      if (!mids.contains(mid)) {
        throw new WhipRefusal(
            WhipStatus.UNPROCESSABLE_CONTENT,
            "a=mid",
            "section " + mid + " is not in the offer of this session");
      }
    }
  }
}
