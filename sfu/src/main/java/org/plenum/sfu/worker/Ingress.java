package org.plenum.sfu.worker;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.DatagramKind;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunServer;
import org.plenum.ice.agent.StunUsername;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.ReceiveBatch;
import org.plenum.ice.turn.TurnServer;
import org.plenum.ice.turn.TurnVerdict;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.relay.Lines;
import org.plenum.sfu.transport.Transport;
import org.plenum.sfu.transport.TransportContext;

/// Where each datagram goes that comes in at the worker's port (RFC 7983): to the transport that it
/// belongs to, or nowhere. Worker's thread only.
final class Ingress {
  private final MediaPort port;
  private final TransportContext context;
  private final @Nullable StunServer stunServer;
  private final @Nullable TurnServer turnServer;
  private final Lines lines;
  private final WorkerCounters counters;
  private final BiConsumer<Transport, RuntimeException> onFault;
  private final Consumer<RuntimeException> onForeignFault;

  /// @param stunServer answers whoever asks for its address; null: nobody is answered
  /// @param turnServer gives relays to our own media; null: nobody gets any
  /// @param lines to other nodes
  /// @param onFault hears of a fault of our own in a transport
  /// @param onForeignFault hears of one in what belongs to no transport: STUN, TURN, other nodes
  Ingress(
      MediaPort port,
      TransportContext context,
      @Nullable StunServer stunServer,
      @Nullable TurnServer turnServer,
      Lines lines,
      WorkerCounters counters,
      BiConsumer<Transport, RuntimeException> onFault,
      Consumer<RuntimeException> onForeignFault) {
    this.port = port;
    this.context = context;
    this.stunServer = stunServer;
    this.turnServer = turnServer;
    this.lines = lines;
    this.counters = counters;
    this.onFault = onFault;
    this.onForeignFault = onForeignFault;
  }

  /// Hands `count` datagrams of a batch on and counts what became of each.
  void receive(ReceiveBatch batch, int count, long now) {
    for (int i = 0; i < count; i++) {
      IngressVerdict verdict;
      try {
        verdict = dispatch(batch, i, now);
      } catch (RuntimeException e) {
        // Of no transport, whose faults are caught where they are known.
        onForeignFault.accept(e);
        verdict = IngressVerdict.OUR_FAULT;
      }
      counters.count(verdict);
    }
  }

  private IngressVerdict dispatch(ReceiveBatch batch, int i, long now) {
    int length = batch.length(i);
    TurnServer turn = turnServer;
    if (turn != null && NetworkPath.isRelayPort(batch.connection(i))) {
      return outcome(turn.onPeer(batch, i, now), turn, batch, i, now);
    }
    if (length < 2) {
      return IngressVerdict.UNKNOWN_PROTOCOL;
    }
    MemorySegment slab = batch.slab();
    long offset = batch.offset(i);
    int first = slab.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
    int second = slab.get(ValueLayout.JAVA_BYTE, offset + 1) & 0xFF;
    DatagramKind kind = DatagramKind.of(first, second);
    if (turn != null
        && (kind == DatagramKind.TURN_CHANNEL
            || kind == DatagramKind.STUN && TurnServer.speaks(slab, offset, length))) {
      return onTurn(turn, batch, i, kind, now);
    }
    Transport transport =
        switch (kind) {
          case STUN -> byUfrag(slab, offset, length);
          case DTLS, RTP, RTCP -> context.registry().paths().find(batch, i);
          case TURN_CHANNEL, UNKNOWN -> null;
        };
    if (transport == null) {
      return switch (kind) {
        case STUN -> onForeignStun(batch, i, now);
        case RTP, RTCP -> {
          IngressVerdict verdict =
              lines.receive(slab, offset, length, kind == DatagramKind.RTCP, now);
          yield verdict == null ? IngressVerdict.UNVALIDATED_PATH : verdict;
        }
        case DTLS -> IngressVerdict.UNVALIDATED_PATH;
        case TURN_CHANNEL, UNKNOWN -> IngressVerdict.UNKNOWN_PROTOCOL;
      };
    }
    try {
      return switch (kind) {
        case STUN -> onStun(transport, batch, i, now);
        case DTLS -> transport.onDtls(slab, offset, length);
        case RTP -> transport.onRtp(slab, offset, length, now);
        case RTCP -> transport.onRtcp(slab, offset, length, now);
        case TURN_CHANNEL, UNKNOWN -> IngressVerdict.UNKNOWN_PROTOCOL;
      };
    } catch (RuntimeException e) {
      onFault.accept(transport, e);
      return IngressVerdict.OUR_FAULT;
    }
  }

  /// What is of TURN. A relay ends here: what it brings is dispatched as if it had come by itself,
  /// but for another relay it brings nothing, so no relay leads to a relay.
  private IngressVerdict onTurn(
      TurnServer turn, ReceiveBatch batch, int i, DatagramKind kind, long now) {
    if (batch.connection(i) < 0) {
      return IngressVerdict.TURN_NOT_PERMITTED;
    }
    TurnVerdict verdict =
        kind == DatagramKind.STUN
            ? turn.onMessage(batch, i, now, context.egress()::send)
            : turn.onChannelData(batch, i, now);
    return outcome(verdict, turn, batch, i, now);
  }

  private IngressVerdict outcome(
      TurnVerdict verdict, TurnServer turn, ReceiveBatch batch, int i, long now) {
    return switch (verdict) {
      case RELAYED -> dispatch(batch, i, now);
      case FORWARDED -> {
        context.egress().forward(batch.slab(), turn.onward());
        yield IngressVerdict.TURN_FORWARDED;
      }
      case ANSWERED -> IngressVerdict.TURN_ANSWERED;
      case REFUSED -> IngressVerdict.TURN_REFUSED;
      case CHALLENGED -> IngressVerdict.TURN_CHALLENGED;
      case UNPAID -> IngressVerdict.TURN_UNPAID;
      case RATE_LIMITED -> IngressVerdict.TURN_RATE_LIMITED;
      case MALFORMED -> IngressVerdict.TURN_MALFORMED;
      case NOT_PERMITTED -> IngressVerdict.TURN_NOT_PERMITTED;
      case IGNORED -> IngressVerdict.TURN_IGNORED;
    };
  }

  private IngressVerdict onStun(Transport transport, ReceiveBatch batch, int i, long now) {
    IngressVerdict verdict =
        transport.onStun(batch.slab(), batch.offset(i), batch.length(i), batch.path(i), now);
    if (verdict == IngressVerdict.STUN_ANSWERED && batch.connection(i) > 0) {
      port.confirm(batch.connection(i), now);
    }
    return verdict;
  }

  private @Nullable Transport byUfrag(MemorySegment slab, long offset, int length) {
    String ufrag = StunUsername.localUfrag(slab, offset, length);
    return ufrag == null ? null : context.registry().byUfrag(ufrag);
  }

  /// STUN that names none of our transports: perhaps somebody asks for its address.
  private IngressVerdict onForeignStun(ReceiveBatch batch, int i, long now) {
    if (stunServer == null || batch.connection(i) != 0) {
      return IngressVerdict.STUN_UNKNOWN_UFRAG;
    }
    long offset = batch.offset(i);
    StunServer.Verdict verdict =
        stunServer.onDatagram(
            batch.slab(),
            offset,
            batch.length(i),
            batch.remoteHigh(i),
            batch.remoteLow(i),
            batch.remotePort(i),
            now);
    return switch (verdict) {
      case ANSWERED -> {
        context.egress().respond(stunServer, batch.path(i));
        yield IngressVerdict.STUN_SERVER_ANSWERED;
      }
      case MALFORMED -> IngressVerdict.STUN_MALFORMED;
      case NOT_FOR_US -> IngressVerdict.STUN_UNKNOWN_UFRAG;
      case RATE_LIMITED -> IngressVerdict.STUN_SERVER_RATE_LIMITED;
      case UNPAID -> IngressVerdict.STUN_SERVER_UNPAID;
    };
  }
}
