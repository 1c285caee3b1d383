package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.plenum.cluster.DirectoryException;
import org.plenum.cluster.LocalDirectory;
import org.plenum.cluster.RoomDirectory;
import org.plenum.cluster.RoomEntry;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.config.ServerConfig;

/// A directory that lets whoever asks it wait: calls that run go on, and nobody waits but those who
/// need its answer, who get a room or a refusal.
class SlowDirectoryTest {
  /// Enough that each place of a small hash table has some that are being opened.
  private static final int OPENING = 200;

  private static final Duration AT_ONCE = Duration.ofSeconds(20);

  private final SlowDirectory directory = new SlowDirectory();
  private final Map<RoomId, FakeRoom> made = new ConcurrentHashMap<>();
  private final SignalingCounters counters = new SignalingCounters();
  private final ServerConfig config = ServerConfig.forTests();
  private final RoomSpec usual = new RoomSpec(config.room());
  private final Rooms rooms =
      new Rooms(
          (id, _, observer) -> made.computeIfAbsent(id, _ -> new FakeRoom(id, observer)),
          usual,
          config.limits(),
          RoomWatch.NONE,
          InstantSource.system(),
          new FakeTimers(),
          counters,
          new SessionLog(),
          new KeptRooms(null),
          directory);

  /// Answers when it is told to.
  private static final class SlowDirectory implements RoomDirectory {
    private final LocalDirectory rest = new LocalDirectory(InstantSource.system());
    final CountDownLatch asked = new CountDownLatch(OPENING);
    volatile CompletableFuture<@Nullable String> answer = CompletableFuture.completedFuture(null);

    @Override
    public @Nullable RoomEntry find(String room) {
      return rest.find(room);
    }

    @Override
    public RoomEntry claim(String room, String candidate) {
      return rest.claim(room, candidate);
    }

    @Override
    public Claim open(String room) {
      if (!answer.isDone()) {
        asked.countDown();
      }
      String refusal = answer.join();
      if (refusal != null) {
        throw new DirectoryException(DirectoryException.Reason.BUSY, refusal, null);
      }
      return rest.open(room);
    }

    @Override
    public void update(Claim claim, String state) {
      rest.update(claim, state);
    }

    @Override
    public RoomEntry move(Claim claim, String node) {
      return rest.move(claim, node);
    }

    @Override
    public void release(Claim claim) {
      rest.release(claim);
    }
  }

  private OpenRoom open(String name) {
    return rooms.open(new RoomId(name), usual);
  }

  @Test
  void callsThatRunNoticeNothing() throws Exception {
    OpenRoom blue = open("blue");
    OpenRoom red = open("red");
    directory.answer = new CompletableFuture<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<OpenRoom>> waiting = new ArrayList<>();
      for (int i = 0; i < OPENING; i++) {
        String name = "fresh" + i;
        waiting.add(threads.submit(() -> open(name)));
      }
      try {
        assertTrue(directory.asked.await(20, TimeUnit.SECONDS), "all ask");
        assertTimeoutPreemptively(
            AT_ONCE,
            () -> {
              assertSame(blue, open("blue"), "whoever comes to a room that is open gets in");
              // As a worker says it, which has media to forward.
              made.get(new RoomId("red")).close();
              assertNull(rooms.find(red.instance().id()));
              assertEquals(1, rooms.all().size());
            });
        Future<OpenRoom> second = threads.submit(() -> open("fresh7"));
        directory.answer.complete(null);
        assertSame(waiting.get(7).get(20, TimeUnit.SECONDS), second.get(20, TimeUnit.SECONDS));
        for (Future<OpenRoom> each : waiting) {
          assertNotNull(each.get(20, TimeUnit.SECONDS));
        }
      } finally {
        directory.answer.complete(null);
      }
    }
    assertEquals(OPENING + 1, rooms.all().size());
  }

  @Test
  void whoeverWaitsForARoomIsToldThatThereIsNoAnswer() throws Exception {
    directory.answer = new CompletableFuture<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<OpenRoom> first = threads.submit(() -> open("blue"));
      Future<OpenRoom> second = threads.submit(() -> open("blue"));
      directory.answer.complete("the directory did not answer");
      for (Future<OpenRoom> each : List.of(first, second)) {
        var failure = assertThrows(ExecutionException.class, () -> each.get(20, TimeUnit.SECONDS));
        var refusal = assertInstanceOf(RefusedException.class, failure.getCause());
        assertEquals(RefusedException.Reason.RESTARTING, refusal.reason());
        assertEquals("the directory did not answer", refusal.getMessage());
      }
    }
    directory.answer = CompletableFuture.completedFuture(null);
    assertNotNull(open("blue"), "and the next one gets in");
  }
}
