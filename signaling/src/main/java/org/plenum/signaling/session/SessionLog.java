package org.plenum.signaling.session;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.TransportState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs what happens to rooms and participants, in order, on a thread of its own: the log may
/// block, those who call must not. Lines for which there is no room are dropped.
public final class SessionLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("org.plenum.signaling");

  private static final int CAPACITY = 10_000;

  private final ExecutorService writer =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(CAPACITY),
          Thread.ofVirtual().name("session-log").factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  public SessionLog() {}

  void opened(RoomId room) {
    write(() -> LOG.info("room {} opened", room));
  }

  void closed(RoomId room) {
    write(() -> LOG.info("room {} closed", room));
  }

  public void joined(RoomId room, ParticipantId participant) {
    write(() -> LOG.info("room {} participant {} joined", room, participant));
  }

  void resumed(RoomId room, ParticipantId participant) {
    write(() -> LOG.info("room {} participant {} resumed", room, participant));
  }

  public void left(RoomId room, ParticipantId participant, LeaveReason reason) {
    write(() -> LOG.info("room {} participant {} left: {}", room, participant, reason));
  }

  public void transport(RoomId room, ParticipantId participant, TransportState state) {
    write(() -> LOG.info("room {} participant {} transport {}", room, participant, state));
  }

  void tooSlow(RoomId room, ParticipantId participant) {
    write(() -> LOG.warn("room {} participant {} reads too slowly", room, participant));
  }

  public void fault(String what, Throwable cause) {
    write(() -> LOG.error(what, cause));
  }

  private void write(Runnable line) {
    writer.execute(line);
  }

  @Override
  public void close() {
    writer.shutdown();
  }
}
