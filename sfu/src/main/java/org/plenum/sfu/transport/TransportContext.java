package org.plenum.sfu.transport;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.dtls.DtlsServer;
import org.plenum.sfu.receive.PayloadView;
import org.plenum.sfu.rtcp.RtcpWriter;
import org.plenum.sfu.rtp.RtpHeaderWriter;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.srtp.SrtpFactory;

/// What all transports of one worker share. Everything but [#dtls], [#srtp] and [#mailbox] belongs
/// to the worker's
/// thread; the flyweights are scratch, valid during one call.
public final class TransportContext {
  /// Brings what happens on DTLS threads to the worker's.
  @FunctionalInterface
  public interface Mailbox {
    /// Any thread; dropped when the worker is gone or its mailbox is full.
    void post(Transport transport, TransportEvent event);
  }

  final Egress egress;
  final WorkerCounters counters;
  final DtlsServer dtls;
  final SrtpFactory srtp;
  final Mailbox mailbox;
  final WallClock wallClock;
  final RandomGenerator random;

  final PathTable<Transport> paths = new PathTable<>();
  private final Map<String, Transport> byUfrag = new HashMap<>();
  final RtpPacket packet = new RtpPacket();
  final RtpHeaderWriter header = new RtpHeaderWriter();
  final PayloadView payload = new PayloadView();
  final RtcpWriter rtcp = new RtcpWriter();
  final int[] sequenceNumbers = new int[128];
  final byte[] feedback = new byte[1200];

  private int transportCount;
  private final List<Transport> dirty = new ArrayList<>();

  public TransportContext(
      Egress egress,
      WorkerCounters counters,
      DtlsServer dtls,
      SrtpFactory srtp,
      Mailbox mailbox,
      WallClock wallClock,
      RandomGenerator random) {
    this.egress = egress;
    this.counters = counters;
    this.dtls = dtls;
    this.srtp = srtp;
    this.mailbox = mailbox;
    this.wallClock = wallClock;
    this.random = random;
  }

  /// The way out, for what belongs to no transport.
  public Egress egress() {
    return egress;
  }

  /// The transports by validated path.
  public PathTable<Transport> paths() {
    return paths;
  }

  /// The transport that gave out this local ufrag, or null.
  public @Nullable Transport byUfrag(String ufrag) {
    return byUfrag.get(ufrag);
  }

  /// Requests for this local ufrag are this transport's, over TCP too.
  void register(String ufrag, Transport transport) {
    byUfrag.put(ufrag, transport);
    egress.port().expect(ufrag);
  }

  void unregister(String ufrag) {
    byUfrag.remove(ufrag);
    egress.port().forget(ufrag);
  }

  /// Takes a path from a transport that no longer needs it; a TCP connection closes.
  void release(NetworkPath path, Transport transport) {
    if (paths.remove(path, transport) && path.connection() != 0) {
      egress.port().disconnect(path.connection());
    }
  }

  /// Transports that are open.
  public int transports() {
    return transportCount;
  }

  void onOpened() {
    transportCount++;
  }

  void onClosed() {
    transportCount--;
  }

  void markDirty(Transport transport) {
    dirty.add(transport);
  }

  /// Whether packets wait for [#sendAll].
  public boolean hasWaiting() {
    return !dirty.isEmpty();
  }

  /// The out phase: every transport that got packets this turn sends them, one receiver after the
  /// other.
  ///
  /// @param onFault hears of a fault of our own, which must not keep the other receivers waiting
  public void sendAll(long nowNanos, BiConsumer<Transport, RuntimeException> onFault) {
    for (int i = 0; i < dirty.size(); i++) {
      Transport transport = dirty.get(i);
      try {
        transport.sendWaiting(nowNanos);
      } catch (RuntimeException e) {
        onFault.accept(transport, e);
      }
    }
    dirty.clear();
    egress.flush();
  }
}
