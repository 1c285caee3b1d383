package org.plenum.sfu.transport;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunServer;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.SendBatch;
import org.plenum.ice.turn.Onward;
import org.plenum.ice.turn.TurnServer;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.send.Departures;

/// The way out of a worker: datagrams are built in the send batch's slab and leave when it is full
/// and at the end of each loop turn. Gives media its final egress verdict, and tells the viewer's
/// [Departures] what has left. Worker's thread only.
public final class Egress {
  /// What a datagram is, for the accounting after its flush.
  public enum Kind {
    /// A packet of a bound slot that still has to get its verdict.
    MEDIA,
    /// Sent again, or caught up: has its verdict already.
    MEDIA_AGAIN,
    RTCP,
    /// To the part of a room on another node.
    RELAY,
    STUN_OR_DTLS,
    /// What two who talk directly send each other by relays here: nothing of ours.
    FOREIGN
  }

  private static final Kind[] KINDS = Kind.values();

  private final MediaPort port;
  private final SendBatch batch = new SendBatch();
  private final WorkerCounters counters;
  private final @Nullable TurnServer turn;

  /// Whose the media in the batch is: what follows upon one another is most often one viewer's.
  private final @Nullable Departures[] owners = new @Nullable Departures[SendBatch.CAPACITY];

  private int ownerCount;

  // Of media, by the datagram's place in the batch.
  private final byte[] ownedBy = new byte[SendBatch.CAPACITY];
  private final long[] numbers = new long[SendBatch.CAPACITY];

  // What has left in one flush.
  private int mediaPackets;
  private long mediaBytes;

  public Egress(MediaPort port, WorkerCounters counters) {
    this(port, counters, null);
  }

  /// @param turn whose clients' paths have numbers below 0; null: there are none
  public Egress(MediaPort port, WorkerCounters counters, @Nullable TurnServer turn) {
    this.port = port;
    this.counters = counters;
    this.turn = turn;
  }

  /// The port that everything leaves by.
  MediaPort port() {
    return port;
  }

  /// Whose relays what leaves may go by; null for none.
  @Nullable TurnServer turn() {
    return turn;
  }

  /// The path by which what is sent to this one leaves: another if it is a relay's.
  NetworkPath clientOf(NetworkPath path) {
    NetworkPath client = turn == null || path.connection() >= 0 ? null : turn.client(path);
    return client == null ? path : client;
  }

  /// Where the next datagram is to be built, at [#nextOffset], up to [SendBatch#SLOT_BYTES] bytes.
  public MemorySegment slab() {
    return batch.slab();
  }

  public long nextOffset() {
    return batch.nextOffset();
  }

  /// Hands over the packet built at [#nextOffset], of which `sent` is to hear under this number.
  public void commit(int lengthBytes, NetworkPath to, Kind kind, Departures sent, long number) {
    if (ownerCount == 0 || owners[ownerCount - 1] != sent) {
      owners[ownerCount++] = sent;
    }
    ownedBy[batch.count()] = (byte) (ownerCount - 1);
    numbers[batch.count()] = number;
    commit(lengthBytes, to, kind);
  }

  /// Hands over the datagram built at [#nextOffset].
  public void commit(int lengthBytes, NetworkPath to, Kind kind) {
    if (to.connection() >= 0 || NetworkPath.isRelayPort(to.connection())) {
      batch.commit(lengthBytes, to, kind.ordinal());
    } else {
      commitRelayed(lengthBytes, to, kind);
    }
    if (batch.isFull()) {
      flush();
    }
  }

  /// The port refuses, and counts, what goes to a relay that is gone or lets nothing come.
  private void commitRelayed(int lengthBytes, NetworkPath to, Kind kind) {
    NetworkPath client = turn == null ? null : turn.client(to);
    int wrapped =
        turn == null || client == null
            ? 0
            : turn.wrap(batch.slab(), batch.nextOffset(), lengthBytes, to);
    if (client != null && wrapped > 0) {
      batch.commit(wrapped, client, kind.ordinal());
    } else {
      batch.commit(lengthBytes, to, kind.ordinal());
    }
  }

  /// Sends a datagram that lies elsewhere; longer ones than a slot are dropped.
  public void send(byte[] datagram, NetworkPath to) {
    if (datagram.length <= SendBatch.SLOT_BYTES) {
      MemorySegment.copy(
          datagram, 0, batch.slab(), ValueLayout.JAVA_BYTE, batch.nextOffset(), datagram.length);
      commit(datagram.length, to, Kind.STUN_OR_DTLS);
    }
  }

  /// Sends on what a relay of a direct call carries; longer than a slot it is not.
  public void forward(MemorySegment slab, Onward what) {
    MemorySegment.copy(slab, what.offset(), batch.slab(), batch.nextOffset(), what.lengthBytes());
    commit(what.lengthBytes(), what.path(), Kind.FOREIGN);
  }

  /// Sends the response to the request that a STUN server has just taken.
  public void respond(StunServer server, NetworkPath to) {
    int length = server.respond(batch.slab(), batch.nextOffset());
    commit(length, to, Kind.STUN_OR_DTLS);
  }

  /// Sends what is waiting; never blocks.
  public void flush() {
    if (batch.count() == 0) {
      return;
    }
    port.flush(batch);
    mediaPackets = 0;
    mediaBytes = 0;
    for (int i = 0; i < batch.count(); i++) {
      account(KINDS[batch.tag(i)], i);
    }
    counters.add(SfuCounter.RTP_PACKETS_SENT, mediaPackets);
    counters.add(SfuCounter.RTP_BYTES_SENT, mediaBytes);
    batch.clear();
    Arrays.fill(owners, 0, ownerCount, null);
    ownerCount = 0;
  }

  private void account(Kind kind, int i) {
    boolean sent = batch.wasSent(i);
    if (kind == Kind.MEDIA) {
      counters.count(sent ? EgressVerdict.FORWARDED : EgressVerdict.SEND_FAILED);
    }
    if (kind == Kind.MEDIA || kind == Kind.MEDIA_AGAIN) {
      Departures owner = owners[ownedBy[i]];
      if (sent) {
        mediaPackets++;
        mediaBytes += batch.lengthBytes(i);
      } else if (owner != null) {
        owner.refuse(numbers[i]);
      }
    } else if (sent && kind == Kind.RTCP) {
      counters.add(SfuCounter.RTCP_PACKETS_SENT, 1);
    }
  }
}
