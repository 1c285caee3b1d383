package org.plenum.signaling.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.TrackInfo;
import org.plenum.signaling.session.Knock;
import org.plenum.signaling.session.OpenRoom.RoomInstance;
import org.plenum.signaling.session.RoomWatch;

/// Brings what happens in rooms into the journal, on a thread of its own: a room never waits. If
/// that thread falls behind by too much, events are dropped and counted; their sequence numbers
/// show it.
public final class Events implements RoomWatch, AutoCloseable {
  /// Events that may wait for the journal.
  private static final int WAITING = 20_000;

  /// Events that are written to the disk in one go, at most: it takes as long for one.
  private static final int TOGETHER = 256;

  private final Journal journal;
  private final InstantSource clock;
  private final Runnable onAppended;

  /// How far apart the numbers of two owners begin: one tells fewer, and what the next one tells
  /// comes after it, whatever is still told of the former.
  private static final int OWNER_SHIFT = 32;

  /// Of the rooms that are open, by their sid.
  private final ConcurrentMap<String, Observer> observers = new ConcurrentHashMap<>();

  private final LongAdder dropped = new LongAdder();
  private final ThreadPoolExecutor writer =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          Thread.ofVirtual().name("events").factory());

  /// @param onAppended called after each event, on this thread
  public Events(Journal journal, InstantSource clock, Runnable onAppended) {
    this.journal = journal;
    this.clock = clock;
    this.onAppended = onAppended;
  }

  /// Events that did not get into the journal.
  public long dropped() {
    return dropped.sum();
  }

  @Override
  public RoomObserver opened(RoomInstance room, RoomSettings settings) {
    var observer = new Observer(room, settings);
    observers.put(room.sid(), observer);
    observer.tell(room.owner() == 1 ? "room_started" : "room_moved", null, null, null);
    return observer;
  }

  @Override
  public void givenAway(RoomInstance room) {
    Observer observer = observers.get(room.sid());
    if (observer != null && observer.room.owner() == room.owner()) {
      observer.givenAway = true;
    }
  }

  @Override
  public void abandoned(RoomInstance room, RoomSettings settings) {
    new Observer(room, settings).tell("room_finished", null, null, null);
  }

  /// Tells what leaves a room that is open now, also when it is open no more.
  ///
  /// @param sid of this life of the room
  /// @return given an event's name, and what it says beside the room; null if there is no such room
  public @Nullable BiConsumer<String, ObjectNode> egress(String sid) {
    Observer observer = observers.get(sid);
    return observer == null ? null : (event, info) -> observer.tell(event, null, null, info);
  }

  /// Of no life of a room: it may not be open, and then the event names it only.
  @Override
  public void waits(Knock knock, @Nullable RoomInstance room) {
    Instant now = clock.instant();
    try {
      writer.execute(
          () -> append(knock.room().value(), () -> EventBodies.waiting(knock, room, now)));
    } catch (RejectedExecutionException e) {
      dropped.increment();
    }
  }

  private void append(String room, Supplier<ObjectNode> body) {
    try {
      journal.write(room, body.get());
    } finally {
      // Also if this one fails: those before it wait for the end of the burst.
      if (writer.getQueue().isEmpty() || journal.uncommitted() >= TOGETHER) {
        journal.commit();
        onAppended.run();
      }
    }
  }

  /// Writes what waits.
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(5, TimeUnit.SECONDS)) {
        writer.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Of one life of a room, while this server has it.
  private final class Observer implements RoomObserver {
    private final RoomInstance room;
    private final RoomSettings settings;
    private final AtomicLong sequence;

    /// Whether another node tells of it now: of people who leave here to go on there, nothing is
    /// told.
    private volatile boolean givenAway;

    Observer(RoomInstance room, RoomSettings settings) {
      this.room = room;
      this.settings = settings;
      this.sequence = new AtomicLong(room.owner() - 1 << OWNER_SHIFT);
    }

    @Override
    public void onClosed(RoomId id) {
      observers.remove(room.sid(), this);
      happened("room_finished", null, null);
    }

    @Override
    public void onJoined(RoomId id, ParticipantDetails participant) {
      happened("participant_joined", participant, null);
    }

    @Override
    public void onLeft(RoomId id, ParticipantDetails participant, LeaveReason reason) {
      happened("participant_left", participant, null);
    }

    @Override
    public void onPublished(RoomId id, ParticipantDetails publisher, TrackInfo track) {
      happened("track_published", publisher, track);
    }

    @Override
    public void onUnpublished(RoomId id, ParticipantDetails publisher, TrackInfo track) {
      happened("track_unpublished", publisher, track);
    }

    private void happened(
        String event, @Nullable ParticipantDetails participant, @Nullable TrackInfo track) {
      if (!givenAway) {
        tell(event, participant, track, null);
      }
    }

    void tell(
        String event,
        @Nullable ParticipantDetails participant,
        @Nullable TrackInfo track,
        @Nullable ObjectNode egress) {
      long number = sequence.incrementAndGet();
      Instant now = clock.instant();
      try {
        writer.execute(
            () ->
                append(
                    room.id().value(), () -> body(event, number, participant, track, egress, now)));
      } catch (RejectedExecutionException e) {
        dropped.increment();
      }
    }

    private ObjectNode body(
        String event,
        long number,
        @Nullable ParticipantDetails participant,
        @Nullable TrackInfo track,
        @Nullable ObjectNode egress,
        Instant now) {
      ObjectNode body = EventBodies.body(event, room, settings, number, participant, track, now);
      if (egress != null) {
        body.set("egressInfo", egress);
      }
      return body;
    }
  }
}
