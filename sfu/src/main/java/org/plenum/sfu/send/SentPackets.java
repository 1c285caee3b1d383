package org.plenum.sfu.send;

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

  /// Of padding and repair packets: they belong to no splice.
  public static final int NO_ORIGIN = Interned.NONE;

  // An entry's words: they lie together, for whatever touches one touches most.
  private static final int WORDS_SHIFT = 3;
  private static final int NUMBER = 0;
  private static final int SENT_NANOS = 1;
  private static final int SOURCE = 2;
  private static final int SEQUENCE_NUMBER = 3;
  private static final int OMITTED = 4;

  /// Origin in the upper half, probe in the lower.
  private static final int ORIGIN = 5;

  /// Length, then a byte of state.
  private static final int LENGTH = 6;

  private static final int STATE_BITS = 8;
  private static final int ORIGIN_SHIFT = 32;

  // Bits of an entry's state above its kind.
  private static final int KIND_MASK = 3;
  private static final int REFUSED = 4;
  private static final int RECEIVED = 8;
  private static final int LOST = 16;
  private static final int ASKED_FOR = 32;

  private final Interned<Origin<S>> origins = new Interned<>();
  private long[] words = new long[FIRST_CAPACITY << WORDS_SHIFT];
  private final NumberQueue lostMedia = new NumberQueue();
  private long next;
  private long refused;
  private long reported;
  private long lost;

  private record Origin<S>(S stream, Splice splice) {}

  public SentPackets() {
    forgetNumbers();
  }

  private void forgetNumbers() {
    for (int at = 0; at < words.length; at += 1 << WORDS_SHIFT) {
      words[at + NUMBER] = Long.MIN_VALUE;
    }
  }

  /// What packets are to be sent of, until [#release].
  ///
  /// @param splice by which they are rewritten
  /// @return its number, for [#add]
  public int open(S stream, Splice splice) {
    return origins.open(new Origin<>(stream, splice));
  }

  /// No more packets are sent of this; those that were are still known.
  public void release(int origin) {
    origins.release(origin);
  }

  /// The number that the packet being built is to carry, unwrapped; taken only by [#add].
  @Override
  public long nextNumber() {
    return next;
  }

  /// Enters a packet that has been built and protected, and is about to be handed to the port. If
  /// the port then refuses it, it can still be asked for, but feedback on it means nothing.
  ///
  /// @param origin of [#open], or [#NO_ORIGIN]
  /// @param source the layer's sequence number, unwrapped
  /// @param sequenceNumber the slot's, unwrapped: of a retransmission, the original's
  /// @param omittedBefore as [org.plenum.sfu.forward.Omitted] packs it
  /// @param lengthBytes of the datagram
  /// @param probe the cluster it belongs to, 0 for none
  /// @return its number, which was [#nextNumber]
  public long add(
      Kind kind,
      int origin,
      long source,
      long sequenceNumber,
      long omittedBefore,
      int lengthBytes,
      int probe,
      long nowNanos) {
    int at = place(next);
    boolean young = words[at + NUMBER] >= 0 && nowNanos - words[at + SENT_NANOS] < KEPT_NANOS;
    if (young && capacity() < MOST) {
      grow();
      at = place(next);
    }
    int former = words[at + NUMBER] >= 0 ? origin(at) : NO_ORIGIN;
    if (former != origin) {
      origins.hold(origin);
      origins.release(former);
    }
    words[at + NUMBER] = next;
    words[at + SENT_NANOS] = nowNanos;
    words[at + SOURCE] = source;
    words[at + SEQUENCE_NUMBER] = sequenceNumber;
    words[at + OMITTED] = omittedBefore;
    words[at + ORIGIN] = (long) origin << ORIGIN_SHIFT | probe & 0xFFFF_FFFFL;
    words[at + LENGTH] = (long) lengthBytes << STATE_BITS | kind.ordinal();
    return next++;
  }

  /// The same for padding or a repair packet, which belongs to no splice.
  public long add(Kind kind, int lengthBytes, int probe, long nowNanos) {
    return add(kind, NO_ORIGIN, 0, 0, 0, lengthBytes, probe, nowNanos);
  }

  private int place(long number) {
    return (int) number << WORDS_SHIFT & words.length - 1;
  }

  @Override
  public void refuse(long number) {
    refused++;
    int entry = find(number);
    if (entry != NOT_FOUND) {
      words[entry + LENGTH] |= REFUSED;
    }
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
    int at = place(number);
    return words[at + NUMBER] == number ? at : NOT_FOUND;
  }

  /// Whether so many have followed a packet that it is gone for sure; looks at none of them.
  boolean hasForgotten(long number) {
    return next - number > capacity();
  }

  @Override
  public int findSent(long number) {
    int entry = find(number);
    return entry != NOT_FOUND && (words[entry + LENGTH] & REFUSED) == 0 ? entry : NOT_FOUND;
  }

  @Override
  public Fate fate(int entry) {
    long state = words[entry + LENGTH];
    if ((state & RECEIVED) != 0) {
      return Fate.RECEIVED;
    }
    return (state & LOST) != 0 ? Fate.LOST : Fate.UNREPORTED;
  }

  @Override
  public void fate(int entry, Fate told) {
    Fate before = fate(entry);
    switch (told) {
      case UNREPORTED -> {}
      case LOST -> onLost(entry, before);
      case RECEIVED -> words[entry + LENGTH] |= RECEIVED;
    }
    Fate after = fate(entry);
    reported += before == Fate.UNREPORTED && after != Fate.UNREPORTED ? 1 : 0;
    lost += (after == Fate.LOST ? 1 : 0) - (before == Fate.LOST ? 1 : 0);
  }

  private void onLost(int entry, Fate before) {
    words[entry + LENGTH] |= LOST;
    boolean isMedia = origin(entry) != NO_ORIGIN && probe(entry) == Probe.NONE;
    if (isMedia && before == Fate.UNREPORTED) {
      lostMedia.add(number(entry));
    }
  }

  /// Numbers of packets of slots, but for those of probes, which feedback said are lost: to be
  /// taken out after each message. What does not fit is left to NACKs.
  public NumberQueue lostMedia() {
    return lostMedia;
  }

  /// Notes that the packet waits to be sent again.
  ///
  /// @return false if it did before
  public boolean askFor(int entry) {
    boolean first = (words[entry + LENGTH] & ASKED_FOR) == 0;
    words[entry + LENGTH] |= ASKED_FOR;
    return first;
  }

  /// The packet no longer waits to be sent again.
  public void withdraw(int entry) {
    words[entry + LENGTH] &= ~ASKED_FOR;
  }

  /// The transport-wide number, unwrapped.
  public long number(int entry) {
    return words[entry + NUMBER];
  }

  public Kind kind(int entry) {
    return KINDS[(int) words[entry + LENGTH] & KIND_MASK];
  }

  /// What it was sent of: [#NO_ORIGIN] for padding and repair packets. The number is good as long
  /// as the entry is.
  public int origin(int entry) {
    return (int) (words[entry + ORIGIN] >>> ORIGIN_SHIFT);
  }

  /// The stream of a packet that has an origin.
  public S stream(int entry) {
    Origin<S> origin = origins.get(origin(entry));
    if (origin == null) {
      throw new IllegalStateException("no packet of a stream in entry " + entry);
    }
    return origin.stream();
  }

  /// Null for padding and repair packets.
  public @Nullable Splice splice(int entry) {
    Origin<S> origin = origins.get(origin(entry));
    return origin == null ? null : origin.splice();
  }

  /// The layer's sequence number, unwrapped.
  public long source(int entry) {
    return words[entry + SOURCE];
  }

  /// The slot's sequence number, unwrapped.
  public long sequenceNumber(int entry) {
    return words[entry + SEQUENCE_NUMBER];
  }

  public long omittedBefore(int entry) {
    return words[entry + OMITTED];
  }

  /// Bytes of the datagram.
  @Override
  public int bytes(int entry) {
    return (int) (words[entry + LENGTH] >> STATE_BITS);
  }

  /// Monotonic time at which it was built.
  @Override
  public long sendNanos(int entry) {
    return words[entry + SENT_NANOS];
  }

  @Override
  public int probe(int entry) {
    return (int) words[entry + ORIGIN];
  }

  /// Packets it has room for now.
  int capacity() {
    return words.length >> WORDS_SHIFT;
  }

  /// What packets that are here, or are to come, were sent of.
  int origins() {
    return origins.size();
  }

  /// Lets go of all packets; numbers go on.
  public void clear() {
    for (int at = 0; at < words.length; at += 1 << WORDS_SHIFT) {
      if (words[at + NUMBER] >= 0) {
        origins.release(origin(at));
      }
    }
    forgetNumbers();
    lostMedia.clear();
  }

  private void grow() {
    long[] former = words;
    words = new long[2 * former.length];
    forgetNumbers();
    for (int from = 0; from < former.length; from += 1 << WORDS_SHIFT) {
      long number = former[from + NUMBER];
      if (number >= 0) {
        System.arraycopy(former, from, words, place(number), 1 << WORDS_SHIFT);
      }
    }
  }
}
