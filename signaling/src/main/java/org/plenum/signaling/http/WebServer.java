package org.plenum.signaling.http;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Callback.Completable;
import org.eclipse.jetty.websocket.api.ExtensionConfig;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.port.ByteStream;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.limit.AddressLimits;
import org.plenum.signaling.protocol.OwnRelays;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.protocol.TurnPasswords;
import org.plenum.signaling.session.ClientLine;
import org.plenum.signaling.session.CloseCode;
import org.plenum.signaling.session.RoomOpener;
import org.plenum.signaling.session.Signaling;
import org.plenum.signaling.session.SignalingCounter;
import org.plenum.signaling.session.Timers;
import org.plenum.signaling.store.FileRequests;
import org.plenum.signaling.store.RecordingRequests;
import org.plenum.signaling.token.LiveRooms;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The public port: the page, the WebSocket, WHIP and WHEP.
public final class WebServer implements AutoCloseable {
  /// A backstop only: [WebSocketEndpoint] looks for silence by itself.
  private static final Duration IDLE = Duration.ofMinutes(2);

  /// For the close frames of all sockets, when the server stops.
  private static final long FAREWELL_SECONDS = 2;

  private static final int RETRY_SECONDS = 5;

  /// Bytes of a WebSocket message that are handed on at once.
  private static final int FRAME_PART = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

  private final JettyServer jetty;
  private final ServerWebSocketContainer sockets;

  private WebServer(JettyServer jetty, ServerWebSocketContainer sockets) {
    this.jetty = jetty;
    this.sockets = sockets;
  }

  /// Throws IllegalStateException with one sentence if the port cannot be bound.
  ///
  /// @param keepsRecordings whether this server has a place for them
  /// @param rooms takes connections over that are of media or TURN
  public static WebServer start(
      ServerConfig config,
      Signaling signaling,
      RoomOpener rooms,
      Answerers answerers,
      boolean keepsRecordings,
      LiveRooms live,
      Timers timers) {
    ServerConfig.Web web = config.web();
    Certificate certificate = web.tls() ? Certificate.of(web, timers) : null;
    ServerConfig.Limits limits = config.limits();
    var addresses = new ClientAddress(web.trustedProxies());
    var guard =
        new ConnectionGuard(
            new AddressLimits(limits.connectionsPerAddress(), limits.joinsPerSecond()),
            addresses::limitedAs,
            timers,
            () -> signaling.counters().count(SignalingCounter.REFUSED_CONNECTIONS));
    JettyServer jetty =
        new JettyServer(
            "http",
            config.http(),
            certificate,
            guard,
            new JettyServer.Most(
                limits.connections(),
                () -> signaling.counters().count(SignalingCounter.CONNECTIONS_FULL)),
            media(web, rooms::adopt));
    var origins = new OriginPolicy(web.allowedOrigins());
    WebSocketUpgradeHandler webSockets =
        WebSocketUpgradeHandler.from(
            jetty.server(),
            container ->
                configure(container, signaling, answerers.sockets(), origins, addresses, timers));
    WebSocketServerComponents.getWebSocketComponents(jetty.server())
        .getExtensionRegistry()
        .register(LongMessagesDeflate.AGREED.getName(), LongMessagesDeflate.class);
    var bodies = new RequestBodies(timers, signaling.counters());
    webSockets.setHandler(
        new ApiHandler(
            answerers.api(),
            origins,
            bodies,
            new WhipHandler(
                answerers.whip(),
                bodies,
                request -> signaling.mayJoin(addresses.limitedAs(request)),
                new LiveHandler(
                    live,
                    answerers.live(),
                    timers::nowNanos,
                    new StoreHandler(
                        RecordingRequests.PATH,
                        answerers.recordings(),
                        origins,
                        addresses,
                        bodies,
                        new StoreHandler(
                            FileRequests.PATH,
                            answerers.files(),
                            origins,
                            addresses,
                            bodies,
                            connectionTest(
                                config.media().relays(),
                                rooms,
                                signaling,
                                addresses,
                                new PageHandler(
                                    origins,
                                    signaling.access().requiresTokens(),
                                    keepsRecordings,
                                    config.media().relays() != null,
                                    config.recordings().bytesOfFile()))))))));
    Handler all =
        new PathPrefix(
            web.pathPrefix(),
            addresses,
            new UnreadBodies(timers, new LastResort(signaling.counters(), webSockets)));
    var headers =
        new SecurityHeaders(web, config.cluster() != null, web.tls() ? new SecureOnly(all) : all);
    jetty.start(headers, new ErrorPages(headers::putInto));
    if (web.relay() != null && certificate != null) {
      String host = relayHost(web.relay().host(), config.cluster(), certificate.firstName());
      signaling.relayBy(secureRelays(web.relay(), host, jetty.relayPort()));
    }
    return new WebServer(jetty, webSockets.getServerWebSocketContainer());
  }

  private static Handler connectionTest(
      @Nullable TurnPasswords passwords,
      RoomOpener rooms,
      Signaling signaling,
      ClientAddress addresses,
      Handler next) {
    return passwords == null
        ? next
        : new ConnectionTestHandler(
            rooms,
            passwords,
            signaling::secureRelays,
            request -> signaling.mayJoin(addresses.limitedAs(request)),
            next);
  }

  private static JettyServer.@Nullable Media media(
      ServerConfig.Web web, Consumer<ByteStream> adopt) {
    ServerConfig.SecureRelay relay = web.relay();
    return relay == null
        ? null
        : new JettyServer.Media(adopt, web.onePort(), web.onePort() ? null : relay.port());
  }

  /// By which name clients reach the TURN server of this very server.
  ///
  /// @param told by the operator; may be empty
  /// @param node null: this server is alone
  /// @param certified the first full name in the certificate; may be empty
  static String relayHost(String told, ServerConfig.@Nullable Node node, String certified) {
    if (!told.isEmpty() || node == null) {
      return told.isEmpty() ? certified : told;
    }
    String own = node.url().startsWith("https:") ? URI.create(node.url()).getHost() : null;
    if (own != null) {
      return own;
    }
    LOG.warn(
        "TURN over TLS is told by the certificate's name, which may lead to another node: set"
            + " turn.tls.host or an https cluster.url to a name of this node");
    return certified;
  }

  private static OwnRelays.Secure secureRelays(
      ServerConfig.SecureRelay relay, String host, int port) {
    if (host.isEmpty()) {
      LOG.warn(
          "TURN over TLS is told by address, for the certificate has no full name: most clients take"
              + " it by a name only");
    }
    return new OwnRelays.Secure(host, relay.advertisedPort() == 0 ? port : relay.advertisedPort());
  }

  /// Throws IllegalStateException with one sentence if the certificate cannot be served.
  public static void checkCertificate(ServerConfig.Web web) {
    if (web.certificate() != null && web.key() != null) {
      TlsKeys.load(web.certificate(), web.key());
    }
  }

  public int port() {
    return jetty.port();
  }

  /// Tells each client that the server is going away, then closes the port.
  @Override
  public void close() {
    List<Completable> farewells = new ArrayList<>();
    for (Session socket : sockets.getOpenSessions()) {
      Completable farewell = new Completable();
      socket.close(CloseCode.GOING_AWAY.code(), "the server stops", farewell);
      farewells.add(farewell);
    }
    CompletableFuture.allOf(farewells.toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, FAREWELL_SECONDS, TimeUnit.SECONDS)
        .exceptionally(_ -> null)
        .join();
    jetty.close();
  }

  private static void configure(
      ServerWebSocketContainer container,
      Signaling signaling,
      ClientLine.Opener opener,
      OriginPolicy origins,
      ClientAddress addresses,
      Timers timers) {
    container.setMaxFrameSize(FRAME_PART); // longer ones come in parts of so much
    container.setAutoFragment(true);
    container.setIdleTimeout(IDLE);
    container.addMapping(
        WebSocketEndpoint.PATH,
        (request, response, callback) -> {
          if (!origins.allows(request)) {
            PlainReply.send(response, callback, WebSocketEndpoint.ORIGIN_REFUSED);
            return null;
          }
          String address = addresses.limitedAs(request);
          return accept(request, response, callback, signaling, opener, address, timers);
        });
  }

  /// Returns null after a refusal.
  private static @Nullable Object accept(
      ServerUpgradeRequest request,
      ServerUpgradeResponse response,
      Callback callback,
      Signaling signaling,
      ClientLine.Opener opener,
      String address,
      Timers timers) {
    if (!request.hasSubProtocol(WebSocketEndpoint.SUBPROTOCOL)) {
      PlainReply.send(
          response,
          callback,
          400,
          "The subprotocol must be " + WebSocketEndpoint.SUBPROTOCOL + ".");
      return null;
    }
    if (!signaling.limits().tryOpen(address)) {
      signaling.counters().count(SignalingCounter.REFUSED_CONNECTIONS);
      PlainReply.send(
          response,
          callback,
          Problem.of(429, "Too Many Requests", "This address has too many connections open.")
              .retryAfter(RETRY_SECONDS));
      return null;
    }
    response.setAcceptedSubProtocol(WebSocketEndpoint.SUBPROTOCOL);
    response.setExtensions(
        request.getExtensions().stream().anyMatch(WebServer::isDeflate)
            ? List.of(LongMessagesDeflate.AGREED)
            : List.of());
    return new WebSocketEndpoint(signaling, opener, address, timers);
  }

  private static boolean isDeflate(ExtensionConfig offered) {
    return offered.getName().equals(LongMessagesDeflate.AGREED.getName());
  }
}
