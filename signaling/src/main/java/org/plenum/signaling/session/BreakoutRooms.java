package org.plenum.signaling.session;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.protocol.ServerMessage;

/// Breakout rooms: rooms that belong to a main one, into which its people are moved for a while and
/// from which they are called back. They are who they were: id, name, mutes and permissions go with
/// them, and rules and hosts are the main room's. Any thread; blocks for rooms where it says so.
///
/// All of it is in memory, as long as the main room lives: after a restart everybody is in the main
/// room.
public final class BreakoutRooms {
  /// Of one main room.
  public static final int MOST = 50;

  /// A day.
  public static final int MOST_SECONDS = 86_400;

  /// So many people of one main room have a place: as many as hosts' other words are about.
  private static final int MOST_ASSIGNED = 1000;

  /// Whoever's WebSocket is lost just when all are called back may come back so long.
  private static final long CLOSE_NANOS =
      SignalingSession.RESUME_NANOS + TimeUnit.SECONDS.toNanos(10);

  /// Many are moved at once, and hosts are told of all together.
  private static final long TELL_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /// Such a room is opened by its main room only.
  private static final Pattern NAME = Pattern.compile("breakout-[0-9a-f]{20}");

  /// One of them.
  ///
  /// @param title what people are shown
  public record Breakout(RoomId room, String title) {}

  /// What a host changes at once; what is null stays.
  ///
  /// @param assignments a participant's room; without one they belong to the main room
  /// @param random whether everybody but hosts is given a room by chance, as many to each
  /// @param seconds until all are called back, from now or from when they are opened on; 0: never
  /// @param open true: those who have a room are moved there
  public record Change(
      List<Assignment> assignments, boolean random, @Nullable Integer seconds, boolean open) {
    public Change {
      assignments = List.copyOf(assignments);
    }
  }

  /// @param room null: the main room
  public record Assignment(ParticipantId participant, @Nullable RoomId room) {}

  /// How they are now.
  ///
  /// @param secondsLeft until all are called back; null: until a host does
  public record State(
      boolean open,
      @Nullable Long secondsLeft,
      List<Breakout> rooms,
      List<ServerMessage.Assigned> people) {
    public State {
      rooms = List.copyOf(rooms);
      people = List.copyOf(people);
    }
  }

  /// Guarded by this object's monitor.
  private final Map<OpenRoom, Plan> plans = new HashMap<>();

  private final Random random = new SecureRandom();
  private final Rooms rooms;
  private final Hosting hosting;
  private final Timers timers;
  private final Supplier<Collection<SignalingSession>> sessions;

  /// @param sessions all of the server
  BreakoutRooms(
      Rooms rooms,
      Hosting hosting,
      Timers timers,
      Supplier<Collection<SignalingSession>> sessions) {
    this.rooms = rooms;
    this.hosting = hosting;
    this.timers = timers;
    this.sessions = sessions;
  }

  private static final class Plan {
    private List<Breakout> rooms = List.of();
    private boolean open;
    private int seconds;
    private long endNanos;
    private Timers.@Nullable Timer ending;
    private boolean telling;

    /// By person, as [org.plenum.sfu.Silence#person] names them.
    private final Map<String, RoomId> assigned = new HashMap<>();

    boolean has(RoomId room) {
      return rooms.stream().anyMatch(each -> each.room().equals(room));
    }
  }

  /// Whether a room of this name is opened by its main room only.
  static boolean isBreakout(RoomId room) {
    return NAME.matcher(room.value()).matches();
  }

  /// Makes as many as there are titles, in place of those that there are. Throws RefusedException
  /// if they are open.
  public void make(OpenRoom room, List<String> titles) {
    OpenRoom main = room.home();
    synchronized (this) {
      Plan plan = plans.computeIfAbsent(main, _ -> new Plan());
      if (plan.open) {
        throw refused("the breakout rooms are open: call everybody back first");
      }
      List<Breakout> next = new ArrayList<>();
      for (int i = 0; i < titles.size(); i++) {
        RoomId id = i < plan.rooms.size() ? plan.rooms.get(i).room() : SessionToken.nextBreakout();
        next.add(new Breakout(id, titles.get(i)));
      }
      plan.rooms = next;
      plan.assigned.values().removeIf(each -> !plan.has(each));
      if (next.isEmpty()) {
        plans.remove(main);
      }
    }
    tellLater(main);
  }

  /// Blocks for rooms that are opened. Throws RefusedException if there are none, if somebody or a
  /// room is not there, or if the server has no room for them.
  public void change(OpenRoom room, Change wanted) {
    OpenRoom main = room.home();
    List<SignalingSession> family = familyOf(main);
    Map<SignalingSession, RoomId> moves = new HashMap<>();
    boolean opens;
    List<Breakout> all;
    synchronized (this) {
      Plan plan = present(main);
      wanted.assignments().forEach(each -> assign(plan, find(family, each.participant()), each));
      if (wanted.random()) {
        shuffle(main, plan, family);
      }
      opens = wanted.open() && !plan.open;
      if (wanted.seconds() != null) {
        plan.seconds = wanted.seconds();
      }
      all = plan.rooms;
    }
    if (opens) {
      openAll(main, all);
    }
    synchronized (this) {
      Plan plan = present(main);
      plan.open |= opens;
      if (plan.open && (opens || wanted.seconds() != null)) {
        await(main, plan);
      }
      if (plan.open) {
        Set<ParticipantId> meant = new HashSet<>();
        wanted.assignments().forEach(each -> meant.add(each.participant()));
        for (SignalingSession each : family) {
          RoomId assigned = plan.assigned.get(each.person());
          RoomId target = assigned == null ? main.instance().id() : assigned;
          boolean moved =
              meant.contains(each.participant())
                  || ((opens || wanted.random()) && assigned != null);
          if (moved && !target.equals(each.room().id())) {
            moves.put(each, target);
          }
        }
      }
    }
    moves.forEach(SignalingSession::goTo);
    tellLater(main);
  }

  /// Calls everybody back; the rooms close as soon as nobody can be on the way any more. Does
  /// nothing if there are none.
  public void end(OpenRoom room) {
    OpenRoom main = room.home();
    Plan plan;
    synchronized (this) {
      plan = plans.remove(main);
      if (plan == null) {
        return;
      }
      if (plan.ending != null) {
        plan.ending.cancel();
      }
    }
    Set<RoomId> ids = new HashSet<>();
    plan.rooms.forEach(each -> ids.add(each.room()));
    List<SignalingSession> family = familyOf(main);
    family.stream()
        .filter(each -> ids.contains(each.room().id()))
        .forEach(each -> each.goTo(main.instance().id()));
    tell(main);
    if (plan.open) {
      timers.after(CLOSE_NANOS, () -> Thread.startVirtualThread(() -> close(main, plan.rooms)));
    }
  }

  /// Says something to everybody in all rooms, the main one too. Blocks for the rooms.
  ///
  /// @return how many were reached
  public int say(OpenRoom room, String text) {
    int reached = 0;
    for (OpenRoom each : rooms.family(room.home())) {
      reached += RoomAnswers.await(each.handle().send(null, null, "breakouts", text));
    }
    return reached;
  }

  /// With everybody who is in one of the rooms, and the main one.
  public State state(OpenRoom room) {
    OpenRoom main = room.home();
    List<SignalingSession> family = familyOf(main);
    synchronized (this) {
      Plan plan = plans.get(main);
      return plan == null
          ? new State(false, null, List.of(), List.of())
          : new State(plan.open, secondsLeft(plan), plan.rooms, people(plan, family));
    }
  }

  /// Somebody asks to be in another room of theirs. Throws RefusedException.
  void ask(SignalingSession session, RoomId target) {
    OpenRoom here = rooms.find(session.room().id());
    if (here == null || target.equals(here.instance().id())) {
      return;
    }
    OpenRoom main = here.home();
    if (!target.equals(main.instance().id())) {
      synchronized (this) {
        Plan plan = plans.get(main);
        if (plan == null || !plan.open || !plan.has(target)) {
          throw refused("no such breakout room of room " + main.instance().id() + " is open");
        }
        boolean may =
            hosting.isHost(main, session.admission())
                || target.equals(plan.assigned.get(session.person()));
        if (!may) {
          throw refused("a host has not given you this breakout room");
        }
      }
    }
    session.goTo(target);
  }

  /// Where somebody is to be who comes back to this room with the session that they had.
  RoomId destination(SignalingSession previous, RoomId wanted, boolean keepsMedia) {
    OpenRoom there = rooms.find(previous.room().id());
    if (there == null || !isOfFamily(there, wanted)) {
      return wanted;
    }
    RoomId main = there.home().instance().id();
    RoomId going = previous.goingTo();
    if (going == null || keepsMedia) {
      return there.instance().id();
    }
    return rooms.find(going) == null ? main : going;
  }

  /// Whether this session goes on in a room that belongs to its own.
  boolean isMove(SignalingSession previous, RoomId target) {
    OpenRoom there = rooms.find(previous.room().id());
    return there != null && isOfFamily(there, target);
  }

  private boolean isOfFamily(OpenRoom there, RoomId other) {
    OpenRoom room = rooms.find(other);
    return room != null && room.home() == there.home();
  }

  /// Who had no identity is known by another id after a reload.
  void replaced(OpenRoom room, String before, String now) {
    synchronized (this) {
      Plan plan = plans.get(room.home());
      RoomId assigned = plan == null ? null : plan.assigned.remove(before);
      if (plan != null && assigned != null) {
        plan.assigned.put(now, assigned);
      }
    }
  }

  /// Somebody came or left. Does not block: workers call it.
  void changed(OpenRoom room) {
    OpenRoom main = room.home();
    boolean isAny;
    synchronized (this) {
      isAny = plans.containsKey(main);
    }
    if (isAny) {
      tellLater(main);
    }
  }

  /// A room closed. Without the main one there are no breakout rooms. Does not block.
  void closed(OpenRoom room) {
    Plan plan;
    synchronized (this) {
      plan = plans.remove(room);
      if (plan != null && plan.ending != null) {
        plan.ending.cancel();
      }
    }
    rooms.family(room).stream()
        .filter(each -> each != room && room.home() == room)
        .forEach(each -> each.handle().close());
  }

  /// What somebody is told of them; null if there is nothing to tell.
  ServerMessage.@Nullable Breakouts told(SignalingSession session) {
    OpenRoom here = rooms.find(session.room().id());
    if (here == null) {
      return null;
    }
    OpenRoom main = here.home();
    boolean host = hosting.isHost(main, session.admission());
    List<SignalingSession> family = host ? familyOf(main) : List.of();
    synchronized (this) {
      Plan plan = plans.get(main);
      return plan == null && here == main ? null : told(session, here, plan, host, family);
    }
  }

  private static ServerMessage.Breakouts told(
      SignalingSession session,
      OpenRoom here,
      @Nullable Plan plan,
      boolean host,
      List<SignalingSession> family) {
    RoomId main = here.home().instance().id();
    RoomId at = here.instance().id();
    if (plan == null || (!plan.open && !host)) {
      return new ServerMessage.Breakouts(main, at, false, null, List.of(), null, null);
    }
    List<ServerMessage.Breakout> listed =
        plan.rooms.stream()
            .map(each -> new ServerMessage.Breakout(each.room(), each.title()))
            .toList();
    return new ServerMessage.Breakouts(
        main,
        at,
        plan.open,
        secondsLeft(plan, session.nowNanos()),
        listed,
        plan.assigned.get(session.person()),
        host ? people(plan, family) : null);
  }

  private static List<ServerMessage.Assigned> people(Plan plan, List<SignalingSession> family) {
    return family.stream()
        .filter(each -> !each.admission().grants().hidden())
        .map(
            each ->
                new ServerMessage.Assigned(
                    each.participant(),
                    each.shownName(),
                    each.room().id(),
                    plan.assigned.get(each.person())))
        .toList();
  }

  private static void assign(Plan plan, SignalingSession who, Assignment wish) {
    RoomId room = wish.room();
    if (room == null) {
      plan.assigned.remove(who.person());
    } else if (!plan.has(room)) {
      throw refused("there is no breakout room " + room);
    } else if (plan.assigned.size() < MOST_ASSIGNED) {
      plan.assigned.put(who.person(), room);
    }
  }

  private void shuffle(OpenRoom main, Plan plan, List<SignalingSession> family) {
    List<SignalingSession> people =
        new ArrayList<>(
            family.stream()
                .filter(each -> !hosting.isHost(main, each.admission()))
                .filter(each -> !each.admission().grants().hidden())
                .toList());
    Collections.shuffle(people, random);
    plan.assigned.clear();
    for (int i = 0; i < people.size(); i++) {
      RoomId room = plan.rooms.get(i % plan.rooms.size()).room();
      assign(plan, people.get(i), new Assignment(people.get(i).participant(), room));
    }
  }

  private void openAll(OpenRoom main, List<Breakout> all) {
    List<OpenRoom> opened = new ArrayList<>();
    try {
      for (Breakout each : all) {
        OpenRoom room = rooms.openBreakout(each.room(), main);
        opened.add(room);
        room.handle().keepOpen(true);
      }
    } catch (RefusedException e) {
      opened.forEach(each -> each.handle().close());
      throw e;
    }
    main.handle().keepOpen(true);
  }

  private void close(OpenRoom main, List<Breakout> gone) {
    for (Breakout each : gone) {
      OpenRoom room = rooms.find(each.room());
      if (room != null) {
        room.handle().close();
      }
    }
    synchronized (this) {
      Plan plan = plans.get(main);
      if (plan == null || !plan.open) {
        main.handle().keepOpen(false);
      }
    }
  }

  private void await(OpenRoom main, Plan plan) {
    if (plan.ending != null) {
      plan.ending.cancel();
      plan.ending = null;
    }
    if (plan.seconds > 0) {
      long nanos = TimeUnit.SECONDS.toNanos(plan.seconds);
      plan.endNanos = timers.nowNanos() + nanos;
      plan.ending = timers.after(nanos, () -> Thread.startVirtualThread(() -> end(main)));
    }
  }

  private @Nullable Long secondsLeft(Plan plan) {
    return secondsLeft(plan, timers.nowNanos());
  }

  private static @Nullable Long secondsLeft(Plan plan, long nowNanos) {
    if (!plan.open || plan.ending == null) {
      return null;
    }
    return Math.max(0, TimeUnit.NANOSECONDS.toSeconds(plan.endNanos - nowNanos));
  }

  private void tellLater(OpenRoom main) {
    synchronized (this) {
      Plan plan = plans.get(main);
      if (plan != null && plan.telling) {
        return;
      }
      if (plan != null) {
        plan.telling = true;
      }
    }
    timers.after(TELL_NANOS, () -> Thread.startVirtualThread(() -> tell(main)));
  }

  private void tell(OpenRoom main) {
    List<SignalingSession> family = familyOf(main);
    Map<SignalingSession, ServerMessage.Breakouts> messages = new HashMap<>();
    synchronized (this) {
      Plan plan = plans.get(main);
      if (plan != null) {
        plan.telling = false;
      }
      for (SignalingSession each : family) {
        OpenRoom here = rooms.find(each.room().id());
        if (here != null) {
          boolean host = hosting.isHost(main, each.admission());
          messages.put(each, told(each, here, plan, host, family));
        }
      }
      if (plan != null && plan.open && family.isEmpty()) {
        timers.after(
            main.settings().emptyNanos(), () -> Thread.startVirtualThread(() -> endIfEmpty(main)));
      }
    }
    messages.forEach(SignalingSession::told);
  }

  /// Nobody has come back: the rooms need not stay open for anybody.
  private void endIfEmpty(OpenRoom main) {
    if (rooms.family(main).stream().allMatch(each -> each.size() == 0)) {
      end(main);
    }
  }

  private Plan present(OpenRoom main) {
    Plan plan = plans.get(main);
    if (plan == null) {
      throw refused("room " + main.instance().id() + " has no breakout rooms: make some first");
    }
    return plan;
  }

  private List<SignalingSession> familyOf(OpenRoom main) {
    Set<RoomId> ids = new HashSet<>();
    rooms.family(main).forEach(each -> ids.add(each.instance().id()));
    return sessions.get().stream()
        .filter(each -> ids.contains(each.room().id()) && each.hasBegun())
        .sorted((a, b) -> a.shownName().compareTo(b.shownName()))
        .toList();
  }

  private static SignalingSession find(List<SignalingSession> family, ParticipantId id) {
    return family.stream()
        .filter(each -> each.participant().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new RefusedException(
                    RefusedException.Reason.UNKNOWN_PARTICIPANT,
                    "there is no participant " + id + " with a WebSocket in these rooms"));
  }

  private static RefusedException refused(String why) {
    return new RefusedException(RefusedException.Reason.FORBIDDEN, why);
  }
}
