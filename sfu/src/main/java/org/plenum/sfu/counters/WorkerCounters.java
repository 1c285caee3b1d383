package org.plenum.sfu.counters;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.LoadStep;
import org.plenum.sfu.ParticipantDetails.PathKind;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.SfuHistogram;

/// The counters of one worker: written by its thread alone with opaque stores, read by any thread.
public final class WorkerCounters {
  /// What a worker holds at the moment.
  public enum Gauge {
    ROOMS,
    /// Parts of rooms that another worker owns.
    BRANCHES,
    /// Between parts of rooms on this node and on others, whoever owns the room.
    NODE_RELAYS,
    PARTICIPANTS,
    TRACKS,
    SLOTS,
    /// Of our own TURN server, used or not.
    TURN_RELAYS
  }

  private static final LoadStep[] STEPS = LoadStep.values();

  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] ingress = new long[IngressVerdict.values().length];
  private final long[] egress = new long[EgressVerdict.values().length];
  private final long[] counters = new long[SfuCounter.values().length];
  private final long[] gauges = new long[Gauge.values().length];
  private final long[] receivedBytes = new long[CodecName.values().length];
  private final long[] sentBytes = new long[CodecName.values().length];
  private final long[] clients = new long[PathKind.values().length];
  private final long[] busyNanos = new long[1];
  private final long[] loadStep = new long[1];
  private final Histogram[] histograms =
      Arrays.stream(SfuHistogram.values())
          .map(histogram -> new Histogram(histogram.valueBounds()))
          .toArray(Histogram[]::new);

  private final QualityTally quality = new QualityTally();

  /// How good the seconds were that viewers had.
  public QualityTally quality() {
    return quality;
  }

  /// One more datagram with this verdict.
  public void count(IngressVerdict verdict) {
    add(ingress, verdict.ordinal(), 1);
  }

  /// One more (packet, slot) with this verdict.
  public void count(EgressVerdict verdict) {
    add(egress, verdict.ordinal(), 1);
  }

  public void count(EgressVerdict verdict, long amount) {
    add(egress, verdict.ordinal(), amount);
  }

  public void add(SfuCounter counter, long amount) {
    add(counters, counter.ordinal(), amount);
  }

  public void add(Gauge gauge, long amount) {
    add(gauges, gauge.ordinal(), amount);
  }

  /// Bytes of an RTP datagram that came.
  public void addReceived(CodecName codec, long bytes) {
    add(receivedBytes, codec.ordinal(), bytes);
  }

  /// Bytes of an RTP datagram that was handed to the port.
  public void addSent(CodecName codec, long bytes) {
    add(sentBytes, codec.ordinal(), bytes);
  }

  /// So many more transports are connected over such a path; fewer if negative.
  public void add(PathKind path, long amount) {
    add(clients, path.ordinal(), amount);
  }

  /// Adds time that the worker spent working rather than waiting.
  public void addBusy(long nanos) {
    add(busyNanos, 0, nanos);
  }

  /// What the worker leaves undone from now on.
  public void loadStep(LoadStep step) {
    add(loadStep, 0, step.ordinal() - loadStep[0]);
  }

  /// @param value in the unit of the histogram's values
  public void record(SfuHistogram histogram, long value) {
    histograms[histogram.ordinal()].record(value);
  }

  /// Nanoseconds spent working since the start.
  public long busyNanos() {
    return read(busyNanos, 0);
  }

  /// What the worker leaves undone because it has too much to do.
  public LoadStep loadStep() {
    return STEPS[(int) read(loadStep, 0)];
  }

  public Histogram histogram(SfuHistogram histogram) {
    return histograms[histogram.ordinal()];
  }

  public long value(IngressVerdict verdict) {
    return read(ingress, verdict.ordinal());
  }

  public long value(EgressVerdict verdict) {
    return read(egress, verdict.ordinal());
  }

  public long value(SfuCounter counter) {
    return read(counters, counter.ordinal());
  }

  public long value(Gauge gauge) {
    return read(gauges, gauge.ordinal());
  }

  public long receivedBytes(CodecName codec) {
    return read(receivedBytes, codec.ordinal());
  }

  public long sentBytes(CodecName codec) {
    return read(sentBytes, codec.ordinal());
  }

  /// How many transports are connected over such a path at this moment.
  public long value(PathKind path) {
    return read(clients, path.ordinal());
  }

  private static void add(long[] array, int i, long amount) {
    ELEMENT.setOpaque(array, i, array[i] + amount);
  }

  private static long read(long[] array, int i) {
    return (long) ELEMENT.getOpaque(array, i);
  }
}
