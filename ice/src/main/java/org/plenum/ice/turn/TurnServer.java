package org.plenum.ice.turn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.ice4j.attribute.Attribute;
import org.ice4j.message.Message;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.AnswerCredit;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunFraming;
import org.plenum.ice.agent.StunRateLimit;
import org.plenum.ice.agent.StunResponder;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.ReceiveBatch;
import org.plenum.ice.port.SendBatch;

/// A TURN server at a worker's media port, over UDP and TCP, whose relays end inside the process:
/// its clients reach our own media addresses by it. Relays are for those who are [#admit]ted only.
/// Those of two who are to talk directly ([#introduce]) have a port of their own each instead, and
/// lead to the other one only: to their relay, inside the process, and to where they have been
/// seen, once something has come from there. No socket, thread or clock of its own. Owned by one
/// worker thread.
///
/// What a client sends by its relay is put into the place of the datagram that it came in
/// ([TurnVerdict#RELAYED]), over a path with a number below 0; what is sent to such a path goes
/// through [#wrap]. Neither allocates where a channel is bound.
public final class TurnServer {
  /// A browser's relay takes three such requests over UDP; a school may be behind one address.
  private static final StunRateLimit.Rates UNAUTHENTICATED =
      new StunRateLimit.Rates(150, 750, 6_000, 12_000);

  private static final int CLASS_BITS = 0x0110;
  private static final int CHANNEL_DATA_HEADER_BYTES = 4;

  /// Of a Data indication, at the most, beside the data.
  private static final int INDICATION_BYTES = 48;

  private static final int MAGIC_COOKIE = 0x2112_A442;
  private static final long SWEEP_NANOS = 1_000_000_000L;
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final Allocations allocations;
  private final TurnGate gate;
  private final TurnMethods methods;
  private final StunRateLimit limit;
  private final AnswerCredit credit;
  private final Onward onward = new Onward();
  private long indications;
  private long nowNanos;
  private long epochSeconds;
  private long nextSweepNanos;

  /// @param own what clients may reach
  /// @param port where clients' TCP connections are
  /// @param seed random, unknown to clients
  /// @param epochSeconds seconds since 1970
  public TurnServer(
      TurnSecret secret,
      OwnAddresses own,
      MediaPort port,
      long seed,
      long nowNanos,
      long epochSeconds) {
    this(secret, own, port, RelayPorts.NONE, seed, nowNanos, epochSeconds);
  }

  /// As the other, for direct calls too.
  public TurnServer(
      TurnSecret secret,
      OwnAddresses own,
      MediaPort port,
      RelayPorts ports,
      long seed,
      long nowNanos,
      long epochSeconds) {
    this.allocations = new Allocations(port, ports);
    this.gate = new TurnGate(secret, allocations);
    this.methods = new TurnMethods(allocations, port, own);
    this.limit = new StunRateLimit(UNAUTHENTICATED, seed, nowNanos);
    this.credit = new AnswerCredit(seed);
    this.indications = seed;
    this.nowNanos = nowNanos;
    this.epochSeconds = epochSeconds;
    this.nextSweepNanos = NanoTime.after(nowNanos, SWEEP_NANOS);
  }

  /// Whether this is by its method a message of TURN (RFC 8656 §17); hostile bytes are safe.
  ///
  /// @param length at least 2
  public static boolean speaks(MemorySegment bytes, long offset, int length) {
    return switch (StunFraming.type(bytes, offset) & ~CLASS_BITS) {
      case 3, 4, 6, 7, 8, 9 -> true;
      default -> false;
    };
  }

  static boolean isRequest(MemorySegment bytes, long offset, int length) {
    return StunFraming.hasHeader(bytes, offset, length)
        && isRequest(StunFraming.type(bytes, offset));
  }

  private static boolean isRequest(int type) {
    return switch (type) {
      case Message.ALLOCATE_REQUEST,
          Message.REFRESH_REQUEST,
          Message.CREATEPERMISSION_REQUEST,
          Message.CHANNELBIND_REQUEST ->
          true;
      default -> false;
    };
  }

  /// From now on clients may reach these; what they have of others stays theirs until it runs out.
  public void own(OwnAddresses others) {
    methods.own(others);
  }

  /// Whoever has a user name for this identity may have relays from now on.
  public void admit(String identity) {
    allocations.admit(identity, null);
  }

  /// Two are to talk directly: each may have relays that lead to the other, until [#revoke].
  public void introduce(Introduced one, Introduced other) {
    allocations.admit(one.identity(), other);
    allocations.admit(other.identity(), one);
  }

  /// What keeps it from being a reflector.
  public AnswerCredit credit() {
    return credit;
  }

  /// No longer: the relays end at once.
  public void revoke(String identity) {
    allocations.revoke(identity);
  }

  /// What is to be sent on, right after [TurnVerdict#FORWARDED]; always the same object.
  public Onward onward() {
    return onward;
  }

  /// Relays that there are.
  public int allocations() {
    return allocations.count();
  }

  /// Takes a message that [#speaks] TURN, of a client and of no relay.
  ///
  /// @param out gets the response, if there is one
  public TurnVerdict onMessage(ReceiveBatch batch, int i, long now, StunResponder out) {
    nowNanos = now;
    MemorySegment slab = batch.slab();
    long offset = batch.offset(i);
    int length = batch.length(i);
    int type = StunFraming.type(slab, offset);
    if (type == Message.SEND_INDICATION) {
      return onSend(batch, i);
    }
    if (!isRequest(type)) {
      return StunFraming.hasHeader(slab, offset, length)
          ? TurnVerdict.IGNORED
          : TurnVerdict.MALFORMED;
    }
    TurnRequest request = TurnRequest.read(slab, offset, length);
    return request == null ? TurnVerdict.MALFORMED : onRequest(request, batch.path(i), out);
  }

  private TurnVerdict onRequest(TurnRequest request, NetworkPath path, StunResponder out) {
    Allocation held = allocations.of(path);
    if (held != null && gate.isOwner(request, held, path, nowNanos)) {
      return obey(new TurnMethods.Authentic(request, path, held, held.user, held.integrity), out);
    }
    if (!limit.tryAcquire(path.remoteHigh(), path.remoteLow(), nowNanos)) {
      return TurnVerdict.RATE_LIMITED;
    }
    TurnGate.Sender sender = gate.check(request, path, nowNanos, epochSeconds);
    if (sender.user() == null || sender.integrity() == null) {
      return challenge(request, sender.error(), path, out);
    }
    return obey(
        new TurnMethods.Authentic(request, path, held, sender.user(), sender.integrity()), out);
  }

  private boolean pays(NetworkPath path, TurnRequest request, byte[] response) {
    return credit.pays(path.remoteHigh(), path.remoteLow(), request.lengthBytes(), response.length);
  }

  private TurnVerdict challenge(
      TurnRequest request, int error, NetworkPath path, StunResponder out) {
    byte[] response = TurnResponse.challenge(request, error, gate.nonce(path, nowNanos));
    // Over TCP the source is no forged one.
    if (path.connection() == 0 && !pays(path, request, response)) {
      return TurnVerdict.UNPAID;
    }
    out.respond(response, path);
    return TurnVerdict.CHALLENGED;
  }

  private TurnVerdict obey(TurnMethods.Authentic request, StunResponder out) {
    byte[] response = methods.obey(request, nowNanos);
    out.respond(response, request.path());
    return (response[0] << 8 | response[1]) == (request.request().type() | CLASS_BITS)
        ? TurnVerdict.REFUSED
        : TurnVerdict.ANSWERED;
  }

  /// A Send indication (RFC 8656 §11.2): nobody is told if it is dropped.
  private TurnVerdict onSend(ReceiveBatch batch, int i) {
    MemorySegment slab = batch.slab();
    long offset = batch.offset(i);
    int length = batch.length(i);
    if (!StunFraming.isWellFormed(slab, offset, length)) {
      return TurnVerdict.MALFORMED;
    }
    Allocation from = allocations.of(batch, i);
    int data = StunFraming.find(slab, offset, length, Attribute.DATA);
    int to = StunFraming.find(slab, offset, length, Attribute.XOR_PEER_ADDRESS);
    if (data < 0 || to < 0) {
      return TurnVerdict.MALFORMED;
    }
    PeerAddress address = PeerAddress.at(slab, offset, to);
    if (address == null || !hasOnlyUnderstood(slab, offset, length)) {
      return TurnVerdict.MALFORMED;
    }
    if (from == null
        || !from.permits(address, nowNanos)
        || !from.isDirect() && !methods.own().has(address)) {
      return TurnVerdict.NOT_PERMITTED;
    }
    Peer peer = allocations.way(from, address, nowNanos);
    if (peer == null) {
      return TurnVerdict.NOT_PERMITTED;
    }
    from.activeNanos = nowNanos;
    if (from.isDirect()) {
      long at = offset + data + StunFraming.ATTRIBUTE_HEADER_BYTES;
      return forward(from, peer, at, StunFraming.valueLength(slab, offset, data));
    }
    batch.unwrap(
        i,
        data + StunFraming.ATTRIBUTE_HEADER_BYTES,
        StunFraming.valueLength(slab, offset, data),
        peer.path);
    return TurnVerdict.RELAYED;
  }

  /// Whether nothing is asked for that is not done: DONT-FRAGMENT would be (RFC 8656 §11.2).
  private static boolean hasOnlyUnderstood(MemorySegment slab, long offset, int length) {
    int at = StunFraming.HEADER_BYTES;
    while (at < length) {
      int type = StunFraming.u16(slab, offset + at);
      if (type < 0x8000 && !TurnRequest.isUnderstood((char) type)) {
        return false;
      }
      at = StunFraming.next(slab, offset, at);
    }
    return true;
  }

  /// Takes ChannelData (RFC 8656 §12.6) of a client. Allocates nothing.
  public TurnVerdict onChannelData(ReceiveBatch batch, int i, long now) {
    nowNanos = now;
    MemorySegment slab = batch.slab();
    long offset = batch.offset(i);
    int length = batch.length(i);
    if (length < CHANNEL_DATA_HEADER_BYTES) {
      return TurnVerdict.MALFORMED;
    }
    int said = StunFraming.u16(slab, offset + 2);
    int padding = length - CHANNEL_DATA_HEADER_BYTES - said;
    if (padding < 0 || padding > 3) {
      return TurnVerdict.MALFORMED;
    }
    Allocation from = allocations.of(batch, i);
    Peer peer = from == null ? null : from.peer(StunFraming.u16(slab, offset), now);
    if (from == null || peer == null || !from.permits(peer.address, now)) {
      return TurnVerdict.NOT_PERMITTED;
    }
    from.activeNanos = now;
    if (from.isDirect()) {
      return forward(from, peer, offset + CHANNEL_DATA_HEADER_BYTES, said);
    }
    batch.unwrap(i, CHANNEL_DATA_HEADER_BYTES, said, peer.path);
    return TurnVerdict.RELAYED;
  }

  /// Data of a direct call's client for a peer. Allocates nothing but for the first packet.
  private TurnVerdict forward(Allocation from, Peer peer, long offset, int length) {
    if (!from.mayCarry(length, nowNanos)) {
      return TurnVerdict.RATE_LIMITED;
    }
    peer.isWanted = true;
    NetworkPath outside = peer.outside;
    if (outside != null) {
      onward.set(offset, length, outside);
      return TurnVerdict.FORWARDED;
    }
    Allocation other = allocations.partnerRelay(from, peer.address);
    OwnAddresses.Own here = from.relayed;
    if (other == null || !other.permits(here.high(), here.low(), nowNanos)) {
      return TurnVerdict.NOT_PERMITTED;
    }
    Peer back = allocations.way(other, here, nowNanos);
    if (back == null) {
      return TurnVerdict.NOT_PERMITTED;
    }
    onward.set(offset, length, back.path);
    return TurnVerdict.FORWARDED;
  }

  /// Takes what came at a relay's own port ([NetworkPath#isRelayPort]): from the other side of a
  /// direct call, or from anybody. Allocates nothing but for the first packet of a peer.
  public TurnVerdict onPeer(ReceiveBatch batch, int i, long now) {
    nowNanos = now;
    Allocation to = allocations.at(-batch.connection(i));
    long high = batch.remoteHigh(i);
    long low = batch.remoteLow(i);
    // What our own machine sends is no relay's: those reach each other inside the process.
    if (to == null || !to.permits(high, low, now) || methods.own().hasHost(high, low)) {
      return TurnVerdict.NOT_PERMITTED;
    }
    Peer peer = allocations.way(to, batch, i, now);
    if (peer == null) {
      return TurnVerdict.NOT_PERMITTED;
    }
    // As it reaches the client: what is short must not become many times as much.
    if (!to.mayCarry(batch.length(i) + INDICATION_BYTES, now)) {
      return TurnVerdict.RATE_LIMITED;
    }
    if (peer.outside == null) {
      peer.outside = batch.path(i);
    }
    onward.set(batch.offset(i), batch.length(i), peer.path);
    return TurnVerdict.FORWARDED;
  }

  /// The client that what is sent to this path is for, whose number is below 0; null if it has no
  /// relay any more. Allocates nothing.
  public @Nullable NetworkPath client(NetworkPath to) {
    Peer peer = allocations.peer(to.connection());
    return peer == null ? null : peer.owner.client;
  }

  /// Makes a datagram to this path into what its client is sent: ChannelData if it has bound a
  /// channel, else a Data indication. Allocates nothing.
  ///
  /// @param at where the datagram lies, in a slot of [SendBatch#SLOT_BYTES]
  /// @return bytes of what lies there now; 0 if the client has no relay any more, lets nothing come
  ///     from there, or the slot is too short
  public int wrap(MemorySegment slab, long at, int length, NetworkPath to) {
    Peer peer = allocations.peer(to.connection());
    if (peer == null || !peer.owner.permits(peer.address, nowNanos)) {
      return 0;
    }
    int channel = peer.channel(nowNanos);
    return channel == Peer.NO_CHANNEL
        ? indicate(slab, at, length, peer)
        : overChannel(slab, at, length, channel, peer.owner.client.connection() != 0);
  }

  /// @param padded over TCP to a multiple of 4 (RFC 8656 §12.5)
  private static int overChannel(
      MemorySegment slab, long at, int length, int channel, boolean padded) {
    int total = CHANNEL_DATA_HEADER_BYTES + (padded ? length + 3 & ~3 : length);
    if (total > SendBatch.SLOT_BYTES) {
      return 0;
    }
    MemorySegment.copy(slab, at, slab, at + CHANNEL_DATA_HEADER_BYTES, length);
    slab.set(U16, at, (short) channel);
    slab.set(U16, at + 2, (short) length);
    clear(slab, at + CHANNEL_DATA_HEADER_BYTES + length, at + total);
    return total;
  }

  private int indicate(MemorySegment slab, long at, int length, Peer peer) {
    PeerAddress from = peer.address;
    boolean ipv4 = from.family() == PeerAddress.IPV4;
    int addressBytes = ipv4 ? 8 : 20;
    int addressAt = StunFraming.HEADER_BYTES;
    int dataAt = addressAt + StunFraming.ATTRIBUTE_HEADER_BYTES + addressBytes;
    int header = dataAt + StunFraming.ATTRIBUTE_HEADER_BYTES;
    int total = header + (length + 3 & ~3);
    if (total > SendBatch.SLOT_BYTES) {
      return 0;
    }
    MemorySegment.copy(slab, at, slab, at + header, length);
    slab.set(U16, at, (short) Message.DATA_INDICATION);
    slab.set(U16, at + 2, (short) (total - StunFraming.HEADER_BYTES));
    slab.set(U32, at + 4, MAGIC_COOKIE);
    slab.set(U32, at + 8, peer.path.connection());
    slab.set(U64, at + 12, ++indications); // no secret: nobody answers an indication
    slab.set(U16, at + addressAt, (short) Attribute.XOR_PEER_ADDRESS);
    slab.set(U16, at + addressAt + 2, (short) addressBytes);
    long value = at + addressAt + StunFraming.ATTRIBUTE_HEADER_BYTES;
    slab.set(U16, value, (short) from.family());
    slab.set(U16, value + 2, (short) (from.port() ^ MAGIC_COOKIE >>> 16));
    if (ipv4) {
      slab.set(U32, value + 4, (int) from.low() ^ MAGIC_COOKIE);
    } else {
      slab.set(U64, value + 4, from.high() ^ slab.get(U64, at + 4));
      slab.set(U64, value + 12, from.low() ^ slab.get(U64, at + 12));
    }
    slab.set(U16, at + dataAt, (short) Attribute.DATA);
    slab.set(U16, at + dataAt + 2, (short) length);
    clear(slab, at + header + length, at + total);
    return total;
  }

  private static void clear(MemorySegment slab, long from, long to) {
    for (long i = from; i < to; i++) {
      slab.set(ValueLayout.JAVA_BYTE, i, (byte) 0);
    }
  }

  /// Ends what has run out; to be called at least once a second.
  ///
  /// @param epoch seconds since 1970
  public void onTimeout(long now, long epoch) {
    nowNanos = now;
    epochSeconds = epoch;
    if (NanoTime.isDue(nextSweepNanos, now)) {
      nextSweepNanos = NanoTime.after(now, SWEEP_NANOS);
      allocations.expire(now);
    }
  }
}
