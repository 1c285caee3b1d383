package org.plenum.broadcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.plenum.broadcast.recording.RecordedRoom;
import org.plenum.broadcast.recording.RecordingEnd;
import org.plenum.broadcast.recording.RecordingStorage;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomTap;
import org.plenum.sfu.TappedStream;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;

/// What becomes of a broadcast and a recording whose thread fails.
class FaultTest {
  private static final long SECONDS = 20;

  private final List<RoomTap> taps = Collections.synchronizedList(new ArrayList<>());
  private final RoomHandle room =
      (RoomHandle)
          Proxy.newProxyInstance(
              RoomHandle.class.getClassLoader(),
              new Class<?>[] {RoomHandle.class},
              (_, method, arguments) -> {
                if (method.getName().equals("id")) {
                  return new RoomId("blue");
                }
                var tap = (RoomTap) arguments[0];
                taps.add(tap);
                return CompletableFuture.completedFuture(tap);
              });

  @Test
  void aBroadcastThatFailsSaysSo() throws Exception {
    var ended = new LinkedBlockingQueue<Broadcast>();
    try (var broadcasts =
        new Broadcasts(
            new Broadcasts.Listener() {
              @Override
              public void onStarted(Broadcast broadcast) {}

              @Override
              public void onEnded(Broadcast broadcast) {
                assertTrue(broadcast.isEnded(), "whoever hears of it may begin the next");
                ended.add(broadcast);
              }
            })) {
      broadcasts.start(room, CompletableFuture::join);
      fail();
      assertEquals(BroadcastEnd.FAULT, next(ended).end());
      broadcasts.start(room, CompletableFuture::join);
      assertTrue(broadcasts.stop(room.id()));
      assertEquals(BroadcastEnd.STOPPED, next(ended).end());
      broadcasts.start(room, CompletableFuture::join);
      taps.getLast().end();
      assertEquals(BroadcastEnd.ROOM_CLOSED, next(ended).end());
      broadcasts.start(room, CompletableFuture::join);
    }
    assertEquals(BroadcastEnd.SERVER_STOPPED, next(ended).end());
  }

  @Test
  void aRecordingThatFailsIsEndedAndMended() throws Exception {
    var storage = new Storage();
    var ended = new LinkedBlockingQueue<Recording>();
    try (var recordings =
        new Recordings(
            _ -> new Recordings.Place("1", storage),
            new Recordings.Listener() {
              @Override
              public void onStarted(Recording recording) {}

              @Override
              public void onEnded(Recording recording) {
                ended.add(recording);
              }
            })) {
      recordings.start(room, CompletableFuture::join);
      taps.getLast().speakers(List.of(new ParticipantId("ada")));
      while (!storage.calls.contains("append")) {
        Thread.sleep(5);
      }
      fail();
      RecordingEnd end = next(ended).end();
      assertNotNull(end);
      assertEquals(RecordingEnd.Reason.FAULT, end.reason());
      List<String> last = storage.calls.subList(storage.calls.size() - 4, storage.calls.size());
      assertEquals(List.of("close", "end FAULT", "mend FAULT", "done"), last);
    }
  }

  /// Its state is missing, which cannot be.
  @SuppressWarnings("NullAway")
  private void fail() {
    taps.getLast()
        .streams(
            List.of(
                new TappedStream(
                    new ParticipantId("ada"), new TrackId("c"), TrackSource.CAMERA, null, null)));
  }

  private static <T> T next(LinkedBlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(SECONDS, TimeUnit.SECONDS);
    assertNotNull(next, "it has not ended");
    return next;
  }

  private static final class Storage implements RecordingStorage {
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void append(String file, byte[] bytes) {
      calls.add("append");
    }

    @Override
    public void patch(String file, long at, byte[] bytes) {
      calls.add("patch");
    }

    @Override
    public void close(String file) {
      calls.add("close");
    }

    @Override
    public void keep(RecordedRoom known) {
      @Nullable RecordingEnd end = known.end();
      calls.add(end == null ? "keep" : "end " + end.reason());
    }

    @Override
    public void mend(RecordingEnd end) {
      calls.add("mend " + end.reason());
    }

    @Override
    public void done() {
      calls.add("done");
    }
  }
}
