package org.plenum.signaling.session;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Identity;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.Silence;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.protocol.ClientMessage;
import org.plenum.signaling.protocol.RoomRules;
import org.plenum.signaling.protocol.Rule;
import org.plenum.signaling.protocol.ServerMessage;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.Token;

/// Who are hosts of a room, what its rules are for everybody else, and that they are held to them.
/// What is decided is written down, holds for who is in, and is told to all. Any thread; blocks for
/// rooms and the disk where it says so.
///
/// Hosts are those whose token grants `roomAdmin`, and those whom a host made one: by identity, as
/// moderators' mutes are held. Where no tokens are asked for nobody is.
public final class Hosting {
  private static final Set<TrackSource> SCREEN =
      Set.of(TrackSource.SCREEN, TrackSource.SCREEN_AUDIO);

  /// Identities that are hosts of a room, and persons whose microphones are kept off: as many as
  /// there are mutes.
  private static final int MOST = 1000;

  private final Rooms rooms;
  private final Access access;
  private final Function<RoomId, List<SignalingSession>> sessions;
  private final Function<RoomId, List<Knock>> waiting;

  /// @param sessions of a room
  /// @param waiting who waits to be let in
  Hosting(
      Rooms rooms,
      Access access,
      Function<RoomId, List<SignalingSession>> sessions,
      Function<RoomId, List<Knock>> waiting) {
    this.rooms = rooms;
    this.access = access;
    this.sessions = sessions;
    this.waiting = waiting;
  }

  /// Whether whoever came with this token is a host.
  public boolean isHost(@Nullable OpenRoom room, @Nullable Token token) {
    if (token == null || !access.requiresTokens()) {
      return false;
    }
    return isHostByToken(token)
        || (room != null && token.identity() != null && room.hosts().contains(token.identity()));
  }

  public boolean isHost(OpenRoom room, ParticipantId participant) {
    return isHost(room, room.token(participant));
  }

  /// Whether no host can take it back.
  public boolean isHostByToken(@Nullable Token token) {
    return token != null && access.requiresTokens() && token.grants().roomAdmin();
  }

  /// Makes a person a host, or takes that back. Blocks for the disk. Throws NotStoredException.
  public void host(OpenRoom room, String identity, boolean wanted) {
    rooms.rule(
        room,
        changed -> {
          Set<String> hosts = new LinkedHashSet<>(changed.hosts());
          if (!wanted) {
            hosts.remove(identity);
          } else if (hosts.size() < MOST) {
            hosts.add(identity);
          }
          changed.hosts(hosts);
        });
    apply(room);
  }

  /// Changes the rules. Blocks for the disk and the room. Throws NotStoredException,
  /// RefusedException.
  public void rules(OpenRoom room, RoomRules wanted) {
    RoomRules before = room.rules();
    rooms.rule(room, changed -> changed.rules(wanted));
    if (!wanted.allow(Rule.HISTORY)) {
      rooms.family(room.home()).forEach(each -> each.history().clear());
    }
    apply(room);
    for (OpenRoom each : rooms.family(room.home())) {
      quietAll(each, before, wanted);
    }
  }

  private void quietAll(OpenRoom room, RoomRules before, RoomRules wanted) {
    if (before.allow(Rule.UNMUTE) && !wanted.allow(Rule.UNMUTE)) {
      for (ParticipantDetails each : RoomAnswers.await(room.handle().participants())) {
        if (!isHost(room, each.id()) && !sendsSound(each)) {
          quiet(room, each);
        }
      }
    } else if (!before.allow(Rule.UNMUTE) && wanted.allow(Rule.UNMUTE)) {
      RoomAnswers.await(room.handle().participants()).forEach(each -> unquiet(room, each));
    }
  }

  /// The rules that a host's token brings hold if nobody has decided anything yet.
  void bring(OpenRoom room, Token token) {
    RoomRules brought = token.grants().rules();
    if (brought != null && isHostByToken(token) && room.decidedRules() == null) {
      rules(room, brought);
    }
  }

  /// What somebody may do with media where these rules hold.
  public Permissions permissions(OpenRoom room, Token token, Permissions permitted) {
    if (room.rules().allow(Rule.SCREEN) || isHost(room, token)) {
      return permitted;
    }
    Set<TrackSource> publish = EnumSet.noneOf(TrackSource.class);
    publish.addAll(permitted.publish());
    publish.removeAll(SCREEN);
    return new Permissions(publish, permitted.subscribe());
  }

  /// Changes what somebody may do with media; the rules may allow less. Blocks for the room.
  public ParticipantDetails permit(OpenRoom room, ParticipantId id, Permissions permissions) {
    Token token = room.token(id);
    room.permit(id, permissions);
    Permissions effective =
        token == null ? permissions : permissions(room, token, room.permitted(id, token));
    return RoomAnswers.await(room.handle().permit(id, effective));
  }

  /// Before somebody joins: where nobody may unmute themselves their microphone begins off.
  public void joining(OpenRoom room, ParticipantId id, @Nullable Identity identity, Token token) {
    if (room.rules().allow(Rule.UNMUTE) || isHost(room, token)) {
      return;
    }
    String person = Silence.person(identity, id);
    note(room, person, true);
    room.handle().restoreSilences(Set.of(new Silence(person, TrackSource.MICROPHONE)));
  }

  /// After somebody has joined, with these permissions: the rules may have changed meanwhile.
  public void joined(OpenRoom room, ParticipantId id, Token token, Permissions joinedWith) {
    if (token.identity() != null) {
      room.know(token.identity(), true);
    }
    Permissions now = permissions(room, token, room.permitted(id, token));
    try {
      if (!now.equals(joinedWith)) {
        permitIfThere(room, id, now);
      }
      if (room.rules().allow(Rule.UNMUTE) && !room.quieted().isEmpty()) {
        RoomAnswers.await(room.handle().participants()).stream()
            .filter(each -> each.id().equals(id))
            .forEach(each -> unquiet(room, each));
      }
    } catch (RefusedException e) {
      return; // the room is gone, or overloaded: they are in as they came
    }
    if (isHost(room, token)) {
      tell(room);
    }
  }

  /// Somebody left who may have been a host. Does not block.
  void left(OpenRoom room, Token token) {
    if (isHost(room, token)) {
      Thread.startVirtualThread(() -> tell(room));
    }
  }

  /// Somebody is sent away: they are no host any more, and must wait if they come again. Blocks for
  /// the disk; throws NotStoredException.
  void removed(OpenRoom room, Token token) {
    String identity = token.identity();
    if (identity != null) {
      room.know(identity, false);
      if (room.hosts().contains(identity)) {
        host(room, identity, false);
      }
    }
  }

  /// Throws RuleException if the room's rules do not allow this.
  void requireMaySay(OpenRoom room, ParticipantId from, ClientMessage.Message message) {
    if (isHost(room, from)) {
      return;
    }
    RoomRules rules = room.rules();
    switch (message.topic()) {
      case "", "chat" -> require(rules, Rule.CHAT, "text", "chat is switched off in this room");
      case "file" -> {
        require(rules, Rule.CHAT, "text", "chat is switched off in this room");
        require(rules, Rule.FILES, "text", "files are for hosts only in this room");
      }
      case "recording" -> {
        if (message.text().equals("up")) {
          require(rules, Rule.RECORD, "text", "recording is for hosts only in this room");
        }
      }
      case "hand" -> {
        if (message.text().equals("lower")) {
          throw new RuleException("text", "only hosts lower the hands of others");
        }
      }
      default -> {} // programs' own
    }
  }

  /// Somebody muted themselves: where nobody may unmute themselves it is a mute that a host must
  /// end. Blocks for the room and the disk.
  void muted(OpenRoom room, ParticipantId id, Mid mid) {
    if (room.rules().allow(Rule.UNMUTE) || isHost(room, id)) {
      return;
    }
    for (ParticipantDetails each : RoomAnswers.await(room.handle().participants())) {
      boolean microphone =
          each.tracks().stream()
              .anyMatch(
                  track ->
                      track.mid().equals(mid) && track.info().source() == TrackSource.MICROPHONE);
      if (each.id().equals(id) && microphone) {
        quiet(room, each);
      }
    }
  }

  /// A moderator decided themselves about somebody's microphone: no rule keeps it off any more.
  public void decided(OpenRoom room, ParticipantDetails about) {
    if (!about.silenced().contains(TrackSource.MICROPHONE)) {
      note(room, person(about), false);
    }
  }

  ServerMessage.Ruling ruling(OpenRoom room) {
    List<ParticipantId> hosts =
        room.tokens().entrySet().stream()
            .filter(each -> isHost(room, each.getValue()))
            .filter(each -> !each.getValue().grants().hidden())
            .map(Map.Entry::getKey)
            .sorted(java.util.Comparator.comparing(ParticipantId::value))
            .toList();
    return new ServerMessage.Ruling(room.isLocked(), room.rules(), hosts);
  }

  List<ServerMessage.Waiter> waiters(RoomId room) {
    return waiting.apply(room).stream()
        .map(knock -> new ServerMessage.Waiter(knock.id(), knock.name()))
        .toList();
  }

  /// Tells everybody what is decided by now, and hosts who waits: the latest word is the last.
  public void tell(OpenRoom room) {
    synchronized (room.instance()) {
      ServerMessage.Ruling ruling = ruling(room);
      var people = new ServerMessage.Waiting(waiters(room.home().instance().id()));
      for (SignalingSession session : sessions.apply(room.instance().id())) {
        session.told(ruling);
        if (isHost(room, session.admission())) {
          session.told(people);
        }
      }
    }
  }

  /// Tells hosts who waits by now.
  void tellWaiting(RoomId id) {
    OpenRoom main = rooms.find(id);
    if (main == null) {
      return;
    }
    for (OpenRoom room : rooms.family(main)) {
      synchronized (room.instance()) {
        var people = new ServerMessage.Waiting(waiters(id));
        for (SignalingSession session : sessions.apply(room.instance().id())) {
          if (isHost(room, session.admission())) {
            session.told(people);
          }
        }
      }
    }
  }

  /// What is decided about media holds for everybody who is in, and all are told.
  private void apply(OpenRoom given) {
    rooms.family(given.home()).forEach(this::applyIn);
  }

  private void applyIn(OpenRoom room) {
    for (Map.Entry<ParticipantId, Token> each : room.tokens().entrySet()) {
      ParticipantId id = each.getKey();
      permitIfThere(
          room, id, permissions(room, each.getValue(), room.permitted(id, each.getValue())));
    }
    tell(room);
  }

  private static void permitIfThere(OpenRoom room, ParticipantId id, Permissions permissions) {
    try {
      RoomAnswers.await(room.handle().permit(id, permissions));
    } catch (RefusedException e) {
      if (e.reason() != RefusedException.Reason.UNKNOWN_PARTICIPANT) {
        throw e;
      }
    }
  }

  private void quiet(OpenRoom room, ParticipantDetails one) {
    if (one.silenced().contains(TrackSource.MICROPHONE)) {
      return;
    }
    note(room, person(one), true);
    Set<TrackSource> sources = new HashSet<>(one.silenced());
    sources.add(TrackSource.MICROPHONE);
    silence(room, one, sources);
  }

  private void unquiet(OpenRoom room, ParticipantDetails one) {
    if (!room.quieted().contains(person(one))) {
      return;
    }
    note(room, person(one), false);
    Set<TrackSource> sources = new HashSet<>(one.silenced());
    sources.remove(TrackSource.MICROPHONE);
    silence(room, one, sources);
  }

  /// Returns whether a restart will know it; that it will not is counted and logged.
  private boolean silence(OpenRoom room, ParticipantDetails one, Set<TrackSource> sources) {
    try {
      rooms.silence(room, handle -> handle.silence(one.id(), sources));
      return true;
    } catch (RefusedException e) {
      if (e.reason() != RefusedException.Reason.UNKNOWN_PARTICIPANT) {
        throw e;
      }
      return true; // they have left
    } catch (NotStoredException e) {
      return false;
    }
  }

  /// Returns whether it is noted. What the disk did not take is counted and logged: then a mute is
  /// as one that a host decided, who must end it.
  private boolean note(OpenRoom room, String person, boolean kept) {
    if (room.quieted().contains(person) == kept) {
      return true;
    }
    try {
      rooms.rule(
          room,
          changed -> {
            Set<String> quieted = new HashSet<>(changed.quieted());
            if (!kept) {
              quieted.remove(person);
            } else if (quieted.size() < MOST) {
              quieted.add(person);
            }
            changed.quieted(quieted);
          });
      return true;
    } catch (NotStoredException e) {
      return false;
    }
  }

  private static String person(ParticipantDetails one) {
    return Silence.person(one.identity() == null ? null : new Identity(one.identity()), one.id());
  }

  private static boolean sendsSound(ParticipantDetails one) {
    return one.tracks().stream()
        .anyMatch(
            track -> track.info().source() == TrackSource.MICROPHONE && !track.info().muted());
  }

  private static void require(RoomRules rules, Rule rule, String field, String otherwise) {
    if (!rules.allow(rule)) {
      throw new RuleException(field, otherwise);
    }
  }
}
