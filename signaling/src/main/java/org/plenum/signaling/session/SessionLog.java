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
import org.slf4j.spi.LoggingEventBuilder;

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
    write(() -> at(LOG.atInfo(), room).log("room opened"));
  }

  void closed(RoomId room) {
    write(() -> at(LOG.atInfo(), room).log("room closed"));
  }

  public void joined(RoomId room, ParticipantId participant) {
    write(() -> at(LOG.atInfo(), room, participant).log("joined"));
  }

  void resumed(RoomId room, ParticipantId participant) {
    write(() -> at(LOG.atInfo(), room, participant).log("resumed"));
  }

  public void left(RoomId room, ParticipantId participant, LeaveReason reason) {
    write(() -> at(LOG.atInfo(), room, participant).log("left: {}", reason));
  }

  public void transport(RoomId room, ParticipantId participant, TransportState state) {
    write(() -> at(LOG.atInfo(), room, participant).log("transport {}", state));
  }

  void tooSlow(RoomId room, ParticipantId participant) {
    write(() -> at(LOG.atWarn(), room, participant).log("reads too slowly"));
  }

  public void fault(String what, Throwable cause) {
    write(() -> LOG.error(what, cause));
  }

  private static LoggingEventBuilder at(LoggingEventBuilder line, RoomId room) {
    return line.addKeyValue("room", room);
  }

  private static LoggingEventBuilder at(
      LoggingEventBuilder line, RoomId room, ParticipantId participant) {
    return at(line, room).addKeyValue("participant", participant);
  }

  private void write(Runnable line) {
    writer.execute(line);
  }

  @Override
  public void close() {
    writer.shutdown();
  }
}
