package org.plenum.sfu.send;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.bandwidth.Probe;
import org.plenum.sfu.bandwidth.SentHistory;
import org.plenum.sfu.forward.Splice;

/// What one viewer was sent lately, by the transport-wide sequence number of each packet
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2): when, how large, on which stream, and
/// from which packet of a layer it was made. Feedback is matched against it, and NACKs are answered
/// from it.
///
/// A ring that grows while what it would overwrite is younger than [#KEPT_NANOS], up to
/// [#MOST]; allocates nothing in steady state. Numbers are counted whether the viewer negotiated
/// them or not. One thread.
///
/// @param <S> the streams that packets are sent on
public final class SentPackets<S> implements Departures, SentHistory {
  /// [#find]: never entered, or gone.
  public static final int NOT_FOUND = -1;

  /// Feedback and NACKs come within a round trip and the peer's reporting interval.
  static final long KEPT_NANOS = 1_500_000_000L;

  /// At 10 Mb/s of small packets, some 2 s.
  public static final int MOST = 4096;

  private static final int FIRST_CAPACITY = 32;

  /// What a packet was sent for.
  public enum Kind {
    /// A packet of a slot, for the first time.
    MEDIA,
    /// A packet of a slot, again, by RTX: asked for, or to find out what the path carries.
    RETRANSMISSION,
    /// Nothing new: to find out what the path carries.
    PADDING,
    /// What restores a packet that got lost (FlexFEC).
    REPAIR
  }

  private static final Kind[] KINDS = Kind.values();

  // Bits of an entry's state above its kind.
  private static final int KIND_BITS = 3;
  private static final int CONFIRMED = 4;
  private static final int RECEIVED = 8;
  private static final int LOST = 16;
  private static final int ASKED_FOR = 32;

  private long[] numbers = new long[FIRST_CAPACITY];
  private long[] sentNanos = new long[FIRST_CAPACITY];
  private long[] sources = new long[FIRST_CAPACITY];
  private long[] sequenceNumbers = new long[FIRST_CAPACITY];
  private long[] omitted = new long[FIRST_CAPACITY];
  private int[] probes = new int[FIRST_CAPACITY];
  private short[] lengths = new short[FIRST_CAPACITY];
  private byte[] states = new byte[FIRST_CAPACITY];
  private @Nullable Object[] streams = new @Nullable Object[FIRST_CAPACITY];
  private @Nullable Splice[] splices = new @Nullable Splice[FIRST_CAPACITY];
  private final NumberQueue lostMedia = new NumberQueue();
  private long next;
  private long refused;
  private long reported;
  private long lost;

  public SentPackets() {
    Arrays.fill(numbers, Long.MIN_VALUE);
  }

  /// The number that the packet being built is to carry, unwrapped; taken only by [#add].
  @Override
  public long nextNumber() {
    return next;
  }

  /// Enters a packet that has been built and protected, and is about to be handed to the port. It
  /// counts as sent once [#confirm] was called; if the port refuses it, it can still be asked for,
  /// but feedback on it means nothing.
  ///
  /// @param stream that it was sent on
  /// @param splice by which it was rewritten; null for padding and repair packets
  /// @param source the layer's sequence number, unwrapped
  /// @param sequenceNumber the slot's, unwrapped: of a retransmission, the original's
  /// @param omittedBefore as [org.plenum.sfu.forward.Omitted] packs it
  /// @param lengthBytes of the datagram
  /// @param probe the cluster it belongs to, 0 for none
  /// @return its number, which was [#nextNumber]
  public long add(
      Kind kind,
      S stream,
      @Nullable Splice splice,
      long source,
      long sequenceNumber,
      long omittedBefore,
      int lengthBytes,
      int probe,
      long nowNanos) {
    int at = (int) next & (numbers.length - 1);
    boolean young = numbers[at] >= 0 && nowNanos - sentNanos[at] < KEPT_NANOS;
    if (young && numbers.length < MOST) {
      grow();
      at = (int) next & (numbers.length - 1);
    }
    numbers[at] = next;
    sentNanos[at] = nowNanos;
    sources[at] = source;
    sequenceNumbers[at] = sequenceNumber;
    omitted[at] = omittedBefore;
    probes[at] = probe;
    lengths[at] = (short) lengthBytes;
    states[at] = (byte) kind.ordinal();
    streams[at] = stream;
    splices[at] = splice;
    return next++;
  }

  @Override
  public void confirm(long number) {
    int entry = find(number);
    if (entry != NOT_FOUND) {
      states[entry] |= CONFIRMED;
    }
  }

  @Override
  public void refuse(long number) {
    refused++;
  }

  /// Packets that the port did not take.
  public long refused() {
    return refused;
  }

  /// Packets of which feedback has told their fate.
  public long reported() {
    return reported;
  }

  /// Of these, those that had not arrived when it told last.
  public long lost() {
    return lost;
  }

  /// The entry of a packet, or [#NOT_FOUND].
  public int find(long number) {
    int at = (int) number & (numbers.length - 1);
    return numbers[at] == number ? at : NOT_FOUND;
  }

  /// Whether so many have followed a packet that it is gone for sure; looks at none of them.
  boolean hasForgotten(long number) {
    return next - number > numbers.length;
  }

  /// Whether the packet has left, and is still here.
  @Override
  public boolean contains(long number) {
    int entry = find(number);
    return entry != NOT_FOUND && (states[entry] & CONFIRMED) != 0;
  }

  @Override
  public Fate fate(long number) {
    int state = states[find(number)];
    if ((state & RECEIVED) != 0) {
      return Fate.RECEIVED;
    }
    return (state & LOST) != 0 ? Fate.LOST : Fate.UNREPORTED;
  }

  @Override
  public void fate(long number, Fate told) {
    Fate before = fate(number);
    switch (told) {
      case UNREPORTED -> {}
      case LOST -> onLost(number, before);
      case RECEIVED -> states[find(number)] |= RECEIVED;
    }
    Fate after = fate(number);
    reported += before == Fate.UNREPORTED && after != Fate.UNREPORTED ? 1 : 0;
    lost += (after == Fate.LOST ? 1 : 0) - (before == Fate.LOST ? 1 : 0);
  }

  private void onLost(long number, Fate before) {
    int entry = find(number);
    states[entry] |= LOST;
    boolean isMedia = splices[entry] != null && probes[entry] == Probe.NONE;
    if (isMedia && before == Fate.UNREPORTED) {
      lostMedia.add(number);
    }
  }

  /// Numbers of packets of slots, but for those of probes, which feedback said are lost: to be
  /// taken out after each message. What does not fit is left to NACKs.
  public NumberQueue lostMedia() {
    return lostMedia;
  }

  @Override
  public long sendNanos(long number) {
    return sentNanos[find(number)];
  }

  @Override
  public int bytes(long number) {
    return lengths[find(number)];
  }

  @Override
  public int probe(long number) {
    return probes[find(number)];
  }

  /// Notes that the packet waits to be sent again.
  ///
  /// @return false if it did before
  public boolean askFor(int entry) {
    boolean first = (states[entry] & ASKED_FOR) == 0;
    states[entry] |= ASKED_FOR;
    return first;
  }

  /// The packet no longer waits to be sent again.
  public void withdraw(int entry) {
    states[entry] &= ~ASKED_FOR;
  }

  /// The transport-wide number, unwrapped.
  public long number(int entry) {
    return numbers[entry];
  }

  public Kind kind(int entry) {
    return KINDS[states[entry] & KIND_BITS];
  }

  @SuppressWarnings("unchecked")
  public S stream(int entry) {
    Object stream = streams[entry];
    if (stream == null) {
      throw new IllegalStateException("no packet in entry " + entry);
    }
    return (S) stream;
  }

  /// Null for padding and repair packets.
  public @Nullable Splice splice(int entry) {
    return splices[entry];
  }

  /// The layer's sequence number, unwrapped.
  public long source(int entry) {
    return sources[entry];
  }

  /// The slot's sequence number, unwrapped.
  public long sequenceNumber(int entry) {
    return sequenceNumbers[entry];
  }

  public long omittedBefore(int entry) {
    return omitted[entry];
  }

  public int lengthBytes(int entry) {
    return lengths[entry];
  }

  /// Monotonic time at which it was built.
  public long sentNanos(int entry) {
    return sentNanos[entry];
  }

  /// Packets it has room for now.
  int capacity() {
    return numbers.length;
  }

  /// Lets go of all packets; numbers go on.
  public void clear() {
    Arrays.fill(numbers, Long.MIN_VALUE);
    Arrays.fill(streams, null);
    Arrays.fill(splices, null);
    lostMedia.clear();
  }

  private void grow() {
    int former = numbers.length;
    int longer = 2 * former;
    long[] oldNumbers = numbers;
    long[] oldSentNanos = sentNanos;
    long[] oldSources = sources;
    long[] oldSequenceNumbers = sequenceNumbers;
    long[] oldOmitted = omitted;
    int[] oldProbes = probes;
    short[] oldLengths = lengths;
    byte[] oldStates = states;
    var oldStreams = streams;
    var oldSplices = splices;
    numbers = new long[longer];
    Arrays.fill(numbers, Long.MIN_VALUE);
    sentNanos = new long[longer];
    sources = new long[longer];
    sequenceNumbers = new long[longer];
    omitted = new long[longer];
    probes = new int[longer];
    lengths = new short[longer];
    states = new byte[longer];
    streams = new @Nullable Object[longer];
    splices = new @Nullable Splice[longer];
    for (int from = 0; from < former; from++) {
      int to = (int) oldNumbers[from] & (longer - 1);
      if (oldNumbers[from] >= 0) {
        numbers[to] = oldNumbers[from];
        sentNanos[to] = oldSentNanos[from];
        sources[to] = oldSources[from];
        sequenceNumbers[to] = oldSequenceNumbers[from];
        omitted[to] = oldOmitted[from];
        probes[to] = oldProbes[from];
        lengths[to] = oldLengths[from];
        states[to] = oldStates[from];
        streams[to] = oldStreams[from];
        splices[to] = oldSplices[from];
      }
    }
  }
}
