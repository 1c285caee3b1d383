package org.plenum.sfu.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.plenum.ice.NanoTime;

/// When each transport of a worker sends: those that got packets at the end of this turn, those
/// whose packets wait for the pacer at the time that they name. Worker's thread only.
public final class SendSchedule {
  /// Deadlines are moved up to the next multiple of this (some 4 ms), so that viewers who wait for
  /// their pacers are served in one turn of the worker and in one system call.
  static final long GRID_NANOS = 1L << 22;

  private final Egress egress;
  private final List<Transport> dirty = new ArrayList<>();
  private final Deadlines<Transport> deadlines = new Deadlines<>();

  /// Whether the packet that came last was not the last one of its picture.
  private boolean pictureUnderWay;

  SendSchedule(Egress egress) {
    this.egress = egress;
  }

  /// The transport sends in this turn's out phase. To be called at most once a turn.
  void markDirty(Transport transport) {
    dirty.add(transport);
  }

  /// The transport sends at this time or a little later; replaces the time it named before.
  void wakeAt(Transport transport, long dueNanos) {
    deadlines.put(transport, (dueNanos + GRID_NANOS - 1) & -GRID_NANOS);
  }

  void forget(Transport transport) {
    deadlines.remove(transport);
  }

  /// The earliest deadline; [NanoTime#NEVER] if nobody waits.
  public long nextNanos() {
    return deadlines.earliestNanos();
  }

  /// A packet was handed to those who get it.
  ///
  /// @param endsPicture whether nothing is missing of its picture; sound is complete by itself
  void onForwarded(boolean endsPicture) {
    pictureUnderWay = !endsPicture;
  }

  /// Whether packets wait for [#sendAll], and the rest of their picture is about to come.
  public boolean awaitsRest() {
    return pictureUnderWay && !dirty.isEmpty();
  }

  /// The out phase: every transport that got packets this turn, or whose time has come, sends, one
  /// receiver after the other.
  ///
  /// @param onFault hears of a fault of our own, which must not keep the other receivers waiting
  public void sendAll(long nowNanos, BiConsumer<Transport, RuntimeException> onFault) {
    while (NanoTime.isDue(deadlines.earliestNanos(), nowNanos)) {
      deadlines.takeEarliest().onSendDue();
    }
    for (int i = 0; i < dirty.size(); i++) {
      Transport transport = dirty.get(i);
      try {
        transport.sendWaiting(nowNanos);
      } catch (RuntimeException e) {
        onFault.accept(transport, e);
      }
    }
    dirty.clear();
    pictureUnderWay = false;
    egress.flush();
  }
}
