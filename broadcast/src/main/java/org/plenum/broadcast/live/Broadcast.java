package org.plenum.broadcast.live;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.hls.Rendition;
import org.plenum.broadcast.programme.Programme;
import org.plenum.broadcast.programme.Soundtrack;
import org.plenum.broadcast.sound.Opus;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomTap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One room's broadcast. Its thread reads the tap and cuts the programme; any thread may ask for
/// files, pin somebody, or stop it.
public final class Broadcast {
  private static final Logger LOG = LoggerFactory.getLogger(Broadcast.class);

  /// How often the tap is read: several times in a picture.
  private static final long LOOK_NANOS = 10_000_000L;

  /// What ended is served for so long at least: for those who play what is behind the live edge.
  static final long KEPT_NANOS = 60_000_000_000L;

  /// How often one that ended looks whether its place on the disk is needed.
  private static final long YIELD_NANOS = 1_000_000_000L;

  /// Packets that are read before it is decided what is due.
  private static final int MOST_AT_ONCE = 4_096;

  private final RoomId room;
  private final String id;
  private final RoomTap tap;
  private final LiveCounters counters;
  private final @Nullable DvrStore store;
  private final Instant started;

  /// Whether there has been enough for a player; its own thread only.
  private boolean complete;

  /// What viewers can go back to; its own thread only.
  private @Nullable Dvr dvr;

  private final CountDownLatch done = new CountDownLatch(1);
  private final CountDownLatch forgotten = new CountDownLatch(1);
  private final CountDownLatch gone = new CountDownLatch(1);
  private volatile @Nullable BroadcastEnd wish;
  private volatile @Nullable BroadcastEnd end;
  private volatile long endedNanos;
  private volatile @Nullable ParticipantId pinned;
  private final BlockedRequests requests = new BlockedRequests();

  /// @param id names it in addresses; another for each
  /// @param tap not yet read by anybody
  /// @param store where viewers can go back to; null: nowhere
  Broadcast(RoomId room, String id, RoomTap tap, LiveCounters counters, @Nullable DvrStore store) {
    this.room = room;
    this.store = store;
    this.id = id;
    this.tap = tap;
    this.counters = counters;
    this.started = Instant.now();
  }

  /// @param onEnded called once, on its thread
  /// @param onForgotten called when it is served no longer: a minute after its end, or where
  ///     viewers can go back, after as long as they could, unless others need the place
  void start(Consumer<Broadcast> onEnded, Runnable onForgotten) {
    Thread.ofVirtual()
        .name("broadcast-" + room)
        .start(
            () -> {
              BroadcastEnd why = BroadcastEnd.FAULT;
              try {
                why = run();
              } finally {
                endedNanos = System.nanoTime();
                end = why; // before anybody is told, who may begin the next
                LOG.atInfo()
                    .addKeyValue("room", room)
                    .log("the broadcast {} has ended: {}", id, why);
                onEnded.accept(this);
                done.countDown();
              }
              await(this::untilForgotten);
              requests.publish(LiveFiles.NONE);
              if (dvr != null) {
                dvr.close();
              }
              onForgotten.run();
              gone.countDown();
            });
  }

  public RoomId room() {
    return room;
  }

  public String id() {
    return id;
  }

  public Instant started() {
    return started;
  }

  /// Who is to be shown where no screen is shared; null for whoever speaks.
  public @Nullable ParticipantId pinned() {
    return pinned;
  }

  /// Who sends a picture that cannot be shown, for its codec is none that is played from HLS.
  public List<ParticipantId> unseen() {
    return isEnded() ? List.of() : Programme.unseen(tap.streams());
  }

  public void pin(@Nullable ParticipantId participant) {
    pinned = participant;
  }

  /// Whether there is something to be watched.
  public boolean isLive() {
    return !requests.files().isEmpty();
  }

  /// Why it ended; null while it is on.
  public @Nullable BroadcastEnd end() {
    return end;
  }

  /// Whether nothing more will come; what there was is served for a while.
  public boolean isEnded() {
    return end != null;
  }

  /// Answers at once, or when there is what is asked for.
  public void ask(LiveRequest request, LiveRequest.Reply reply) {
    requests.ask(request, System.nanoTime(), reply);
  }

  /// How many requests wait.
  int blocked() {
    return requests.count();
  }

  /// Ends it, and waits until its last segment is there. Idempotent.
  public void stop(BroadcastEnd why) {
    if (wish == null) {
      wish = why;
    }
    tap.close();
    await(done::await);
  }

  /// For how long it has been kept since its end; 0 while it is on.
  ///
  /// @param nowNanos monotonic
  long keptNanos(long nowNanos) {
    return isEnded() ? nowNanos - endedNanos : 0;
  }

  /// What has ended is served no longer. Idempotent.
  void letGo() {
    forgotten.countDown();
  }

  /// What has ended is served no longer, and nothing is left of it when this returns. Idempotent.
  void forget() {
    letGo();
    await(gone::await);
  }

  private void untilForgotten() throws InterruptedException {
    boolean isForgotten = false;
    while (!isForgotten && isKept(keptNanos(System.nanoTime()), dvr)) {
      isForgotten = forgotten.await(YIELD_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  /// Whether what has ended is still served.
  ///
  /// @param passedNanos since its end
  static boolean isKept(long passedNanos, @Nullable Dvr dvr) {
    return passedNanos < KEPT_NANOS
        || dvr != null && passedNanos < dvr.lengthNanos() && dvr.isWithinShare();
  }

  @FunctionalInterface
  private interface Waiting {
    void await() throws InterruptedException;
  }

  private static void await(Waiting waiting) {
    try {
      waiting.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private BroadcastEnd run() {
    LOG.atInfo().addKeyValue("room", room).log("the broadcast {} begins", id);
    long zeroNanos = System.nanoTime();
    Instant zero = Instant.now();
    dvr = store == null ? null : new Dvr(room, id, zero, store);
    var programme = new Programme(zeroNanos);
    BroadcastEnd why = BroadcastEnd.FAULT;
    try (var sound = new Soundtrack(programme, Opus::decoder, Opus.encoder(), zeroNanos)) {
      try {
        follow(programme, sound, zero);
        why =
            tap.isClosed()
                ? Objects.requireNonNullElse(wish, BroadcastEnd.STOPPED)
                : BroadcastEnd.ROOM_CLOSED;
      } catch (RuntimeException e) {
        LOG.atError().addKeyValue("room", room).setCause(e).log("the broadcast failed");
      }
      programme.end();
      sound.end(System.nanoTime());
      publish(programme, sound.rendition(), zero);
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("room", room).setCause(e).log("the broadcast did not end well");
      why = BroadcastEnd.FAULT;
      requests.publish(LiveFiles.NONE);
    } finally {
      tap.close();
    }
    return why;
  }

  /// Until the tap is closed.
  private void follow(Programme programme, Soundtrack sound, Instant zero) {
    Rendition heard = sound.rendition();
    long soundTold = 0;
    var tally = new BroadcastTally(counters);
    while (!tap.isClosed() && !tap.isEnded()) {
      long now = System.nanoTime();
      tap.read(
          MOST_AT_ONCE,
          packet -> {
            programme.onPacket(packet, now);
            sound.onPacket(packet, now);
          });
      programme.onTimeout(tap.streams(), tap.speakers(), pinned, now);
      long begun = System.nanoTime();
      sound.onTimeout(tap.streams(), tap.speakers(), now);
      counters.mixed(System.nanoTime() - begun);
      if (programme.takeChanged() || heard.changes() != soundTold) {
        soundTold = heard.changes();
        tally.update(programme);
        publish(programme, heard, zero);
      }
      requests.onTimeout(now);
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void publish(Programme programme, Rendition heard, Instant zero) {
    complete |= programme.isEnded() || LiveFiles.suffice(programme.renditions(), heard);
    List<Rendition> pictures = programme.renditions();
    if (dvr != null) {
      List<Rendition> all = new ArrayList<>(pictures);
      all.add(heard);
      dvr.update(all, System.nanoTime());
    }
    if (complete) {
      requests.publish(LiveFiles.of(id, pictures, heard, zero, programme.isEnded(), dvr));
    }
  }
}
