package org.plenum.signaling.protocol;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.LoadStep;
import org.plenum.sfu.Mid;
import org.plenum.sfu.Observation;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantInfo;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.PeerMessage;
import org.plenum.sfu.Rid;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.SectionQuality;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackInfo;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportState;

/// A message from the server; [ServerMessageWriter] turns it into JSON.
public sealed interface ServerMessage {
  /// A change of the roster, which large rooms send several of at a time.
  sealed interface RosterChange extends ServerMessage {}

  /// The answer to hello.
  ///
  /// @param name what the others are shown: a token's goes before the one that was asked for
  /// @param resume token for a later hello
  /// @param hidden number of hidden viewers
  /// @param silenced what moderators have muted of yourself
  /// @param publish what may be published
  /// @param token to come with from now on, in place of an invitation's; or null
  /// @param open whether anyone may enter any room of this server
  /// @param observation whether the room is broadcast or recorded
  /// @param ruling what hosts have decided
  /// @param waiting who waits to be let in; empty unless the client is a host's
  /// @param history what was written to all before; empty if resumed
  record Welcome(
      RoomId room,
      ParticipantId participant,
      String name,
      String resume,
      boolean resumed,
      List<IceServer> iceServers,
      List<ParticipantInfo> participants,
      List<SlotBinding> slots,
      int hidden,
      Set<TrackSource> silenced,
      Set<TrackSource> publish,
      @Nullable String token,
      boolean open,
      Observation observation,
      Ruling ruling,
      List<Waiter> waiting,
      List<Written> history,
      @Nullable List<String> nodes)
      implements ServerMessage {
    public Welcome {
      history = List.copyOf(history);
      waiting = List.copyOf(waiting);
      nodes = nodes == null ? null : List.copyOf(nodes);
      iceServers = List.copyOf(iceServers);
      participants = List.copyOf(participants);
      slots = List.copyOf(slots);
      silenced = Set.copyOf(silenced);
      publish = Set.copyOf(publish);
    }

    /// Without the token: it must never get into a log.
    @Override
    public String toString() {
      return "Welcome[room=" + room + ", participant=" + participant + "]";
    }
  }

  /// What hosts have decided about the room, and who they are.
  ///
  /// @param hosts participants, in order of their ids
  record Ruling(boolean locked, RoomRules rules, List<ParticipantId> hosts)
      implements ServerMessage {
    public Ruling {
      hosts = List.copyOf(hosts);
    }
  }

  /// What was written to everybody before.
  ///
  /// @param name by which the writer was shown
  /// @param atMillis since the epoch
  /// @param own whether the same person wrote it as reads it
  record Written(
      ParticipantId from, String name, String topic, String text, long atMillis, boolean own) {
    /// Without what it says: it must never get into a log.
    @Override
    public String toString() {
      return "Written[from=" + from + "]";
    }
  }

  /// Somebody who waits to be let in.
  record Waiter(String id, String name) {}

  /// To hosts: everybody who waits to be let in, in order of coming.
  record Waiting(List<Waiter> people) implements ServerMessage {
    public Waiting {
      people = List.copyOf(people);
    }
  }

  /// The answer to hello where a host must let the client in first.
  ///
  /// @param name what hosts are shown
  record Wait(RoomId room, String name) implements ServerMessage {}

  record Answer(long id, String sdp) implements ServerMessage {
    @Override
    public String toString() {
      return "Answer[id=" + id + "]";
    }
  }

  record Slot(SlotBinding binding) implements ServerMessage {}

  record Joined(ParticipantInfo participant) implements RosterChange {}

  record Left(ParticipantId participant, LeaveReason reason) implements RosterChange {}

  record Track(ParticipantId participant, TrackInfo track) implements RosterChange {}

  record Untrack(ParticipantId participant, TrackId track) implements RosterChange {}

  record Roster(List<RosterChange> events) implements ServerMessage {
    public Roster {
      events = List.copyOf(events);
    }
  }

  /// @param codec as browsers' codec capabilities name it, video/H264
  record Publish(Mid mid, String codec) implements ServerMessage {}

  /// The encodings to send in a section; the others are to be stopped.
  ///
  /// @param maxBitrates what to send of some at the most, bit/s
  record Layers(Mid mid, List<Rid> active, Map<Rid, Long> maxBitrates) implements ServerMessage {
    public Layers {
      active = List.copyOf(active);
      maxBitrates = Map.copyOf(maxBitrates);
    }
  }

  record Speakers(List<ParticipantId> participants) implements ServerMessage {
    public Speakers {
      participants = List.copyOf(participants);
    }
  }

  /// @param count of hidden viewers
  record Hidden(int count) implements ServerMessage {}

  /// Whether the room is broadcast or recorded has changed.
  record Observed(Observation observation) implements ServerMessage {}

  /// What the server leaves undone because it has too much to do.
  record Load(LoadStep step) implements ServerMessage {}

  /// How long to hold back what is received, in ms; 0 for as long as the client likes.
  record Playout(int millis) implements ServerMessage {}

  record Transport(TransportState state) implements ServerMessage {}

  /// You send more in this section than is taken.
  ///
  /// @param bitrate what is taken, bit/s
  record Limited(Mid mid, long bitrate) implements ServerMessage {}

  /// How good some of your sections are by now.
  record Quality(List<SectionQuality> sections) implements ServerMessage {
    public Quality {
      sections = List.copyOf(sections);
    }
  }

  /// What moderators have muted of somebody, perhaps of yourself.
  record Silenced(ParticipantId participant, Set<TrackSource> sources) implements RosterChange {
    public Silenced {
      sources = Set.copyOf(sources);
    }
  }

  /// Somebody, perhaps yourself, is shown under another name.
  record Renamed(ParticipantId participant, String name) implements RosterChange {}

  /// @param from null: the server
  /// @param direct whether it is to this client alone
  record Message(@Nullable ParticipantId from, String topic, String text, boolean direct)
      implements ServerMessage {
    /// To everybody.
    public Message(@Nullable ParticipantId from, String topic, String text) {
      this(from, topic, text, false);
    }

    @Override
    public String toString() {
      return "Message[from=" + from + "]";
    }
  }

  /// Talk directly to another participant, or through the server again.
  /// @param iceServers for this call in place of those of `welcome`; empty: those do
  record Direct(RoomEvent.DirectChanged change, List<IceServer> iceServers)
      implements ServerMessage {
    public Direct {
      iceServers = List.copyOf(iceServers);
    }
  }

  /// What the client of the other one tells yours.
  record Peer(ParticipantId from, PeerMessage message) implements ServerMessage {}

  /// So many messages of others were dropped because this client reads too slowly.
  record Missed(int count) implements ServerMessage {}

  /// Leave, and join another room.
  ///
  /// @param token for it, or null
  /// @param stays whether the session goes on there: say hello to the main room again, with
  ///     `resume` and new media
  record Move(RoomId room, @Nullable String token, boolean stays) implements ServerMessage {
    public Move(RoomId room, @Nullable String token) {
      this(room, token, false);
    }

    /// Without the token: it must never get into a log.
    @Override
    public String toString() {
      return "Move[room=" + room + "]";
    }
  }

  /// The breakout rooms of the main room, and where you are.
  ///
  /// @param open whether people are in them
  /// @param secondsLeft until all are called back; null: until a host does
  /// @param assigned the one that a host has given you, or null
  /// @param people everybody in all of them and in the main one; null unless the client is a host's
  record Breakouts(
      RoomId main,
      RoomId here,
      boolean open,
      @Nullable Long secondsLeft,
      List<Breakout> rooms,
      @Nullable RoomId assigned,
      @Nullable List<Assigned> people)
      implements ServerMessage {
    public Breakouts {
      rooms = List.copyOf(rooms);
      people = people == null ? null : List.copyOf(people);
    }
  }

  /// One breakout room.
  record Breakout(RoomId room, String title) {}

  /// Somebody, where they are, and which breakout room a host has given them, if one.
  record Assigned(ParticipantId participant, String name, RoomId room, @Nullable RoomId assigned) {}

  /// @param field path of the field that was wrong, if one was
  /// @param id of the offer or stats it answers, if it answers one
  /// @param fatal whether the socket is closed now
  record Error(
      ErrorCode code, String message, @Nullable String field, @Nullable Long id, boolean fatal)
      implements ServerMessage {
    /// When another attempt may succeed, or null.
    public @Nullable Integer retryAfterSeconds() {
      return code.retryAfterSeconds();
    }

    public static Error fatal(ErrorCode code, String message) {
      return new Error(code, message, null, null, true);
    }

    public static Error of(InvalidMessageException refusal, boolean fatal) {
      String field = refusal.field();
      String message = String.valueOf(refusal.getMessage());
      return new Error(
          ErrorCode.INVALID_MESSAGE,
          field == null ? "the message " + message : field + " " + message,
          field,
          null,
          fatal);
    }
  }

  /// What the server has counted of the client's own tracks and slots.
  ///
  /// @param id of the question
  record Stats(long id, ParticipantStatistics statistics) implements ServerMessage {}

  /// In place of those in `welcome`, whose passwords run out.
  ///
  /// @param direct in place of those of the direct call that goes on; empty: it has none of its own
  record IceServers(List<IceServer> servers, List<IceServer> direct) implements ServerMessage {
    public IceServers {
      servers = List.copyOf(servers);
      direct = List.copyOf(direct);
    }
  }

  /// The server drains.
  ///
  /// @param seconds until it stops at the latest
  record Stopping(long seconds) implements ServerMessage {}

  /// The server is there.
  ///
  /// @param id of the question
  record Pong(long id) implements ServerMessage {}

  /// Another node has the room: the client is to go there while this one still plays.
  ///
  /// @param seconds until this one ends at the latest
  /// @param nodes URLs of servers to go to, the best first; empty: where it came from
  record HandOver(long seconds, List<String> nodes) implements ServerMessage {
    public HandOver {
      nodes = List.copyOf(nodes);
    }
  }

  record Bye(LeaveReason reason) implements ServerMessage {}
}
