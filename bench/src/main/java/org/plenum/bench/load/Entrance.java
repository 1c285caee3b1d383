package org.plenum.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.plenum.bench.client.ClientFactory;
import org.plenum.bench.client.ClientPlan;
import org.plenum.bench.client.LoadClient;
import org.plenum.bench.client.MediaSource;
import org.plenum.bench.client.Negotiated;
import org.plenum.bench.client.Part;
import org.plenum.bench.client.Presence;
import org.plenum.bench.client.RelayUser;
import org.plenum.bench.signaling.AnswerText;
import org.plenum.bench.signaling.ClientSignaling;
import org.plenum.bench.signaling.OfferText;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.IceCredentials;

/// Brings clients into the server, and takes them out. Any thread; its methods block.
final class Entrance implements AutoCloseable {
  private static final long CONNECT_SECONDS = 30;

  /// For retransmissions of the last packets that count.
  static final long DRAIN_MILLIS = 700;

  private final LoadSettings settings;
  private final ClientSignaling signaling;
  private final ClientFactory factory;
  private final Set<ClientSignaling.Session> sessions = ConcurrentHashMap.newKeySet();
  private final Histogram joinNanos = new ConcurrentHistogram(3);

  Entrance(LoadSettings settings, ClientSignaling signaling, ClientFactory factory) {
    this.settings = settings;
    this.signaling = signaling;
    this.factory = factory;
  }

  /// Joins; the client counts after the warm-up.
  ///
  /// @throws IOException if the server did not take it in, or media did not get through in time
  Member enter(ClientPlan plan, LoadLoop loop) throws IOException, InterruptedException {
    long start = System.nanoTime();
    IceCredentials local = IceCredentials.random();
    Part part = factory.part(plan);
    ClientSignaling.Session session = signaling.join(plan, offer(plan, local, part.sources()));
    sessions.add(session);
    Negotiated negotiated = AnswerText.read(session.answer());
    LoadClient client =
        factory.create(
            loop.scratch(),
            local,
            negotiated,
            paths(negotiated, loop),
            part,
            relay(session),
            loop::post,
            System::nanoTime);
    loop.add(client);
    connected(client);
    long now = System.nanoTime();
    joinNanos.recordValue(now - start);
    part.presence().begin(now, (long) (settings.course().warmUpSeconds() * 1e9));
    return new Member(plan, loop, client, part.presence(), session);
  }

  private List<NetworkPath> paths(Negotiated negotiated, LoadLoop loop) {
    return settings.protocol() == LoadSettings.Protocol.ELSEWHERE
        ? loop.fromOwnPort(negotiated.candidates())
        : List.of(factory.path(negotiated.server()));
  }

  private static void connected(LoadClient client) throws IOException, InterruptedException {
    try {
      client.connected().get(CONNECT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException("the handshake failed: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new IOException("no media path within " + CONNECT_SECONDS + " s", e);
    }
  }

  /// Takes a client out once the last packets have come that count for it.
  void leave(Member member) throws InterruptedException {
    member.presence().end(System.nanoTime());
    TimeUnit.NANOSECONDS.sleep(Presence.NOTICE_NANOS);
    Thread.sleep(DRAIN_MILLIS);
    member.loop().remove(member.client());
    sessions.remove(member.session());
    member.session().leave();
  }

  /// How long joining took, nanoseconds.
  Histogram joinNanos() {
    return joinNanos;
  }

  /// Null if all goes without one.
  private @Nullable RelayUser relay(ClientSignaling.Session session) {
    if (!settings.relayed()) {
      return null;
    }
    RelayUser user = session.relay();
    if (user == null) {
      throw new IllegalStateException(
          "--relay: the server named no TURN server (turn.own, --protocol websocket)");
    }
    return user;
  }

  private String offer(ClientPlan plan, IceCredentials local, List<MediaSource> own) {
    // As fast as it goes means that no estimate holds anything back.
    boolean transportCc = factory.options().window() == 0;
    var offer = new OfferText(local, factory.fingerprint(), factory.options().shape(), transportCc);
    for (MediaSource source : own) {
      offer.track(source.isVideo() ? "1" : "0", source.isVideo(), source.ssrc(), source.rtxSsrc());
    }
    for (int i = 0; i < plan.seats(); i++) {
      if (settings.options().audio()) {
        offer.slot("a" + i, false);
      }
      if (settings.options().video()) {
        offer.slot("v" + i, true);
      }
    }
    return offer.build();
  }

  /// All sessions end.
  @Override
  public void close() {
    List<CompletableFuture<Void>> leaving = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (ClientSignaling.Session session : sessions) {
        leaving.add(CompletableFuture.runAsync(session::leave, threads));
      }
    }
    CompletableFuture.allOf(leaving.toArray(CompletableFuture[]::new)).join();
  }
}
