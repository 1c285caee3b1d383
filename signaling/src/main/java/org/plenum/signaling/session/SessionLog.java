package org.plenum.signaling.session;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomEvent;
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

  void waits(Knock knock) {
    write(
        () ->
            at(LOG.atInfo(), knock.room())
                .addKeyValue("waiting", knock.id())
                .log("waits to be let in"));
  }

  void resumed(RoomId room, ParticipantId participant) {
    write(() -> at(LOG.atInfo(), room, participant).log("resumed"));
  }

  void left(RoomId room, MediaSummary summary, LeaveReason reason) {
    ParticipantId who = summary.participant().id();
    write(() -> summary.addTo(at(LOG.atInfo(), room, who)).log("left: {}", reason));
  }

  public void transport(RoomId room, ParticipantId participant, TransportState state) {
    write(() -> at(LOG.atInfo(), room, participant).log("transport {}", state));
  }

  /// A client sends more than is taken.
  public void bitrateExceeded(
      RoomId room, ParticipantId participant, RoomEvent.BitrateExceeded event) {
    write(
        () ->
            at(LOG.atWarn(), room, participant)
                .log("sends more than {} bit/s in section {}", event.bitrateBps(), event.mid()));
  }

  /// A client went on in a section under another SSRC.
  public void ssrcChanged(RoomId room, ParticipantId participant, RoomEvent.SsrcChanged change) {
    write(
        () ->
            at(LOG.atInfo(), room, participant)
                .log(
                    "section {} goes on under SSRC {} after {}",
                    change.mid(),
                    Integer.toUnsignedString(change.ssrc()),
                    Integer.toUnsignedString(change.former())));
  }

  void tooSlow(RoomId room, ParticipantId participant) {
    write(() -> at(LOG.atWarn(), room, participant).log("reads too slowly"));
  }

  /// A restart does not open a room that was kept.
  void notOpened(RoomId room, Throwable cause) {
    write(() -> at(LOG.atError(), room).log("not opened again: {}", cause.toString()));
  }

  /// The disk did not take something that should last.
  ///
  /// @param participant null if it is about the room
  void notStored(RoomId room, @Nullable ParticipantId participant, String what, Throwable cause) {
    write(() -> at(LOG.atError(), room, participant).log("{}: {}", what, cause.toString()));
  }

  /// A defect of ours.
  ///
  /// @param room null if it is about none
  /// @param participant null if it is about none
  public void fault(
      @Nullable RoomId room, @Nullable ParticipantId participant, String what, Throwable cause) {
    write(() -> at(LOG.atError(), room, participant).setCause(cause).log(what));
  }

  private static LoggingEventBuilder at(LoggingEventBuilder line, @Nullable RoomId room) {
    return room == null ? line : line.addKeyValue("room", room);
  }

  private static LoggingEventBuilder at(
      LoggingEventBuilder line, @Nullable RoomId room, @Nullable ParticipantId participant) {
    LoggingEventBuilder known = at(line, room);
    return participant == null ? known : known.addKeyValue("participant", participant);
  }

  private void write(Runnable line) {
    writer.execute(line);
  }

  @Override
  public void close() {
    writer.shutdown();
  }
}
