package org.plenum.sfu.relay;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.Mid;
import org.plenum.sfu.Observation;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.Rid;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomListener;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;

/// What one part of a room tells another. Immutable; order is kept in each direction. The *owner*
/// is the part that everybody joins and leaves by, a *branch* any other.
public sealed interface RelayMessage {
  /// About a track's packets: from its publisher's side, or back to there.
  sealed interface Media extends RelayMessage {}

  /// There is a layer, or more is known of it.
  ///
  /// @param stream names it on this relay in this direction, for ever
  /// @param rid which of the track's encodings, null without simulcast
  /// @param codec what the track's publisher sends now
  /// @param height of its picture in pixels; 0 while unknown
  /// @param bps what it takes, bit/s
  /// @param isStalled whether its publisher stopped it by itself
  record LayerOffered(
      TrackId track,
      int stream,
      @Nullable Rid rid,
      Codec codec,
      int height,
      long bps,
      boolean isStalled)
      implements Media {}

  /// There is no such layer any more.
  record LayerWithdrawn(int stream) implements Media {}

  /// A sender report of a layer came.
  ///
  /// @param ntp by the publisher's clock
  /// @param rtpTimestamp on the layer's time line
  /// @param arrivalNanos when it came, by the clock of this machine
  record LayerReported(int stream, long ntp, int rtpTimestamp, long arrivalNanos)
      implements Media {}

  /// These layers of a track are to come, and no others.
  ///
  /// @param ceilings what is of use at the most of some of them, bit/s, by stream
  record LayersNeeded(TrackId track, Set<Integer> streams, Map<Integer, Long> ceilings)
      implements Media {
    public LayersNeeded {
      streams = Set.copyOf(streams);
      ceilings = Map.copyOf(ceilings);
    }
  }

  /// Somebody cannot go on without a key frame of this layer.
  record KeyFrameNeeded(int stream) implements Media {}

  /// To another node: packets in this codec have this number from now on.
  record CodecNumbered(int number, Codec codec) implements Media {}

  /// Who is in the room, and what holds there.
  sealed interface News extends RelayMessage {}

  /// To a branch: somebody who is to be a participant there.
  ///
  /// @param admission counts such messages of the room
  /// @param hidden hidden participants in the whole room, this one included
  /// @param result completed by the branch
  record Admitted(
      JoinRequest request,
      long admission,
      Set<TrackSource> silenced,
      int hidden,
      RoomListener listener,
      CompletableFuture<RoomSnapshot> result)
      implements News {}

  /// To a branch: one of its participants is to go.
  record Dismissed(ParticipantId participant, LeaveReason reason) implements News {}

  /// To a branch: somebody elsewhere has joined, under this name and with these permissions by now.
  record Joined(
      JoinRequest request, String name, Permissions permissions, Set<TrackSource> silenced)
      implements News {}

  /// Somebody on the sender's side has left.
  ///
  /// @param admission of a branch's participant: which of theirs; 0 from the owner
  record Left(ParticipantId participant, LeaveReason reason, long admission) implements News {}

  /// Somebody on the sender's side publishes this track, or has negotiated it anew.
  record Published(
      ParticipantId publisher,
      TrackId track,
      Mid mid,
      TrackSource source,
      List<Codec> codecs,
      List<Rid> rids,
      boolean muted)
      implements News {}

  record Unpublished(ParticipantId publisher, TrackId track) implements News {}

  /// A publisher muted a track, or lets it be heard again.
  record Muted(ParticipantId publisher, TrackId track, boolean muted) implements News {}

  record Renamed(ParticipantId participant, String name) implements News {}

  /// To a branch: a moderator muted these sources of a person, and no others.
  record Silenced(String person, Set<TrackSource> sources) implements News {}

  /// To a branch: what somebody may do has changed.
  record Permitted(ParticipantId participant, Permissions permissions) implements News {}

  /// To a branch: a message to one of its participants, or to all of them but the sender.
  record Sent(@Nullable ParticipantId to, RoomEvent.MessageReceived message) implements News {}

  /// To a branch: what the room's observers do, and which codecs of video they all can use.
  ///
  /// @param codecs null: any
  record Observed(Observation observation, @Nullable Set<CodecName> codecs) implements News {}

  /// To a branch: who speaks now, the dominant speaker first.
  record Speaking(List<ParticipantId> speakers) implements News {}

  /// To a branch: how many hidden participants the whole room has.
  record HiddenCounted(int hidden) implements News {}

  /// What those on the sender's side can decode.
  ///
  /// @param decoders each a set of codecs that at least one viewer has
  record Decoding(List<List<Codec>> decoders) implements News {}

  /// The sender's part of the room has closed.
  record Closed() implements News {}

  /// The other part cannot be reached any more: whoever is at home there has no media.
  record Lost() implements News {}
}
