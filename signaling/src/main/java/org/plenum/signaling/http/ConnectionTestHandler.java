package org.plenum.signaling.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.protocol.IceServer;
import org.plenum.signaling.protocol.OwnRelays;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.protocol.TurnPasswords;
import org.plenum.signaling.session.RoomOpener;

/// What a client needs to see before a call which ways lead here: relays of our own TURN server for
/// half a minute, by each way, and bytes to be timed. A relay leads to our media ports only, so
/// nobody need say who they are; an address may ask as often as it may join.
final class ConnectionTestHandler extends Handler.Wrapper {
  private static final String WAYS = "/connection.json";
  private static final String BYTES = "/connection.bin";
  private static final int IDENTITY_BYTES = 8;

  /// Some seconds on a link that is too narrow for pictures, and a moment on any other.
  private static final int LENGTH = 512 * 1024;

  private static final int RETRY_SECONDS = 5;

  private final RoomOpener rooms;
  private final TurnPasswords passwords;
  private final Supplier<OwnRelays.@Nullable Secure> secure;
  private final Predicate<Request> mayAsk;
  private final SecureRandom random = new SecureRandom();
  private final byte[] bytes = new byte[LENGTH];

  /// @param secure where TURN is over TLS, as known once the ports are bound; null: nowhere
  ConnectionTestHandler(
      RoomOpener rooms,
      TurnPasswords passwords,
      Supplier<OwnRelays.@Nullable Secure> secure,
      Predicate<Request> mayAsk,
      Handler next) {
    super(next);
    this.rooms = rooms;
    this.passwords = passwords;
    this.secure = secure;
    this.mayAsk = mayAsk;
    random.nextBytes(bytes); // no proxy can make them fewer
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = RawPath.of(request);
    if (!path.equals(WAYS) && !path.equals(BYTES)) {
      return super.handle(request, response, callback);
    }
    if (!PlainReply.isRead(request, response, callback)) {
      return true;
    }
    if (!mayAsk.test(request)) {
      PlainReply.send(
          response,
          callback,
          Problem.of(429, "Too Many Requests", "This address has asked too often.")
              .retryAfter(RETRY_SECONDS));
      return true;
    }
    response.getHeaders().put("Cache-Control", "no-store");
    if (path.equals(BYTES)) {
      PlainReply.send(response, callback, "application/octet-stream", bytes);
    } else {
      PlainReply.send(response, callback, "application/json", ways().toString().getBytes(UTF_8));
    }
    return true;
  }

  private ObjectNode ways() {
    byte[] made = new byte[IDENTITY_BYTES];
    random.nextBytes(made);
    String identity = "test-" + HexFormat.of().formatHex(made);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    Map<String, List<String>> ways = OwnRelays.ways(rooms.lendRelay(identity), secure.get());
    for (Map.Entry<String, List<String>> way : ways.entrySet()) {
      IceServer server =
          passwords.issue(way.getValue(), InstantSource.system().instant(), identity);
      ObjectNode entry = json.putObject(way.getKey());
      server.urls().forEach(entry.putArray("urls")::add);
      entry.put("username", server.username()).put("credential", server.credential());
    }
    return json;
  }
}
