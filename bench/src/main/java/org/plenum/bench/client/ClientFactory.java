package org.plenum.bench.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.srtp.SrtpKeys;

/// Makes the clients of a run: numbers their sources, gives each that comes to our own server an
/// address of its own within 127.0.0.0/8, so that thousands share one socket and the server still
/// tells them apart. Any thread.
public final class ClientFactory {
  /// 127.1.0.0: clear of 127.0.0.1, where servers listen.
  private static final int FIRST_ADDRESS = 0x7F01_0000;

  private static final int MOST_CLIENTS = 0xFE_0000;

  private final ClientCertificate certificate = new ClientCertificate();
  private final ClientOptions options;
  private final AtomicInteger clients = new AtomicInteger();
  private final Map<String, Audience> audiences = new ConcurrentHashMap<>();
  private final List<MediaSource> sources = new ArrayList<>();
  private volatile MediaSource[] published = {};

  public ClientFactory(ClientOptions options) {
    this.options = options;
  }

  /// As in a=fingerprint.
  public String fingerprint() {
    return certificate.fingerprint;
  }

  public ClientOptions options() {
    return options;
  }

  /// The source of this id, or null.
  public @Nullable MediaSource source(int id) {
    MediaSource[] known = published;
    return id >= 0 && id < known.length ? known[id] : null;
  }

  /// What a client with this plan sends, and when it counts: not yet.
  public Part part(ClientPlan plan) {
    return new Part(plan, audiences.computeIfAbsent(plan.audience(), _ -> new Audience()), this);
  }

  List<MediaSource> sources(ClientPlan plan, Presence presence, Audience audience) {
    List<MediaSource> made = new ArrayList<>();
    if (plan.publishes() && options.audio()) {
      made.add(add(false, plan.viewers(), presence, audience));
    }
    if (plan.publishes() && options.video()) {
      made.add(add(true, plan.viewers(), presence, audience));
    }
    return made;
  }

  /// Brings a client to life on a loop.
  ///
  /// @param paths from the client to the server's candidates
  /// @param relay by which all of its datagrams go; null: by none
  /// @param post runs something on the loop's thread
  /// @param nanoTime the loop's clock
  public LoadClient create(
      LoadClient.Scratch scratch,
      IceCredentials local,
      Negotiated negotiated,
      List<NetworkPath> paths,
      Part part,
      @Nullable RelayUser relay,
      Consumer<Runnable> post,
      LongSupplier nanoTime) {
    var born = new Handshake(post, nanoTime);
    var dtls =
        new DtlsEnd(
            certificate,
            negotiated.fingerprint(),
            options.profile(),
            negotiated.accepts(),
            born::send,
            born);
    var client = new LoadClient(scratch, local, negotiated, paths, part, relay, dtls);
    born.client = client;
    return client;
  }

  /// The way to our own server from an address that no other client has.
  ///
  /// @throws IllegalStateException if the server is not at a loopback address
  public NetworkPath path(InetSocketAddress server) {
    if (!server.getAddress().isLoopbackAddress()) {
      throw new IllegalStateException(
          "the server must offer a loopback address (media.offer-loopback), not only " + server);
    }
    int number = clients.getAndIncrement();
    if (number >= MOST_CLIENTS) {
      throw new IllegalStateException("more than " + MOST_CLIENTS + " clients");
    }
    int address = FIRST_ADDRESS + number;
    byte[] bytes = {
      (byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address
    };
    try {
      return NetworkPath.to(server, InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 bytes are an address", e);
    }
  }

  private synchronized MediaSource add(
      boolean video, int viewers, Presence presence, Audience audience) {
    byte[] mid = (video ? "1" : "0").getBytes(StandardCharsets.US_ASCII);
    var source = new MediaSource(sources.size(), video, mid, viewers, presence, audience, options);
    sources.add(source);
    published = sources.toArray(MediaSource[]::new);
    return source;
  }

  /// Brings what happens on the handshake's thread to the loop.
  private static final class Handshake implements DtlsEnd.Outcome {
    private final Consumer<Runnable> post;
    private final LongSupplier nanoTime;
    private volatile @Nullable LoadClient client;

    Handshake(Consumer<Runnable> post, LongSupplier nanoTime) {
      this.post = post;
      this.nanoTime = nanoTime;
    }

    private LoadClient client() {
      LoadClient made = client;
      if (made == null) {
        throw new IllegalStateException("the handshake began before its client was made");
      }
      return made;
    }

    void send(byte[] datagram) {
      post.accept(() -> client().send(datagram));
    }

    @Override
    public void onKeys(SrtpKeys keys) {
      post.accept(() -> client().onKeys(keys, nanoTime.getAsLong()));
    }

    @Override
    public void onFailed(Throwable reason) {
      post.accept(() -> client().onFailed(reason));
    }
  }
}
