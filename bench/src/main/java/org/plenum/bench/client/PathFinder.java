package org.plenum.bench.client;

import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.random.RandomGenerator;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.ConnectivityCheck;

/// The controlling side of ICE (RFC 8445 §6.1.1): checks the server's candidates, and keeps the way
/// to it open. Towards a lite agent, which learns from requests alone, each of them nominates;
/// otherwise the first path that answered is nominated (§8.1.1). Owned by the loop.
final class PathFinder {
  /// Until there is a path.
  private static final long CHECK_NANOS = 100_000_000;

  /// Afterwards, as consent (RFC 7675 §5.1).
  private static final long CONSENT_NANOS = 4_000_000_000L;

  private static final int TRANSACTION_ID_AT = 8;
  private static final int TRANSACTION_ID_BYTES = 12;

  /// Where in a transaction id the candidate and whether it nominates are; the rest is random.
  private static final int CANDIDATE = 0;

  private static final int NOMINATES = 1;

  private final ConnectivityCheck check;
  private final List<NetworkPath> candidates;
  private final boolean lite;
  private final RandomGenerator random;
  private final Sink sink;
  private int answered = -1;
  private boolean reached;
  private long nextNanos;

  /// Takes requests.
  interface Sink {
    void send(byte[] request, NetworkPath path);
  }

  /// @param candidates paths to the server, at least one and at most 128
  /// @param lite whether the server is a lite agent
  PathFinder(
      ConnectivityCheck check,
      List<NetworkPath> candidates,
      boolean lite,
      RandomGenerator random,
      Sink sink) {
    this.check = check;
    this.candidates = candidates;
    this.lite = lite;
    this.random = random;
    this.sink = sink;
  }

  /// The path for everything else: the first before one has answered.
  NetworkPath path() {
    return candidates.get(Math.max(0, answered));
  }

  /// Sends the checks that are due.
  void onTimeout(long nowNanos) {
    if (!NanoTime.isDue(nextNanos, nowNanos)) {
      return;
    }
    nextNanos = nowNanos + (reached ? CONSENT_NANOS : CHECK_NANOS);
    if (answered >= 0) {
      send(answered, lite || !reached);
      return;
    }
    for (int i = 0; i < candidates.size(); i++) {
      send(i, lite);
    }
  }

  private void send(int candidate, boolean nominates) {
    byte[] transactionId = new byte[TRANSACTION_ID_BYTES];
    random.nextBytes(transactionId);
    transactionId[CANDIDATE] = (byte) candidate;
    transactionId[NOMINATES] = (byte) (nominates ? 1 : 0);
    sink.send(check.request(transactionId, nominates), candidates.get(candidate));
  }

  /// A success response.
  ///
  /// @return whether it is the one from which on the path may be used
  boolean onSuccess(MemorySegment slab, long offset) {
    int candidate = u8(slab, offset + TRANSACTION_ID_AT + CANDIDATE);
    boolean nominated = u8(slab, offset + TRANSACTION_ID_AT + NOMINATES) == 1;
    if (reached || candidate >= candidates.size()) {
      return false;
    }
    if (answered < 0) {
      answered = candidate;
    }
    reached = nominated && candidate == answered;
    if (!reached) {
      send(answered, true);
    }
    return reached;
  }
}
