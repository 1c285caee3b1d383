package org.plenum.signaling.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.protocol.IceServer;
import org.plenum.signaling.relay.TurnMessage.Answer;

/// Gets a relay and gives it back at once. Blocks.
public final class TurnClient {
  private static final int UNAUTHORIZED = 401;

  /// UDP, as RFC 8656 §18.7 writes it.
  private static final int BY_UDP = 17 << 24;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final TurnExchange exchange;
  private final String user;
  private final String password;
  private byte[] realm = {};
  private byte[] nonce = {};

  private TurnClient(TurnExchange exchange, String user, String password) {
    this.exchange = exchange;
    this.user = user;
    this.password = password;
  }

  /// Asks the server at one of its URLs; throws IOException, which says why there is no relay.
  ///
  /// @param credential with a user name and a password
  public static void allocate(String url, IceServer credential) throws IOException {
    TurnUrl at = TurnUrl.parse(url);
    if (at == null) {
      throw new IOException(url + " cannot be asked");
    }
    String user = Objects.requireNonNull(credential.username());
    String password = Objects.requireNonNull(credential.credential());
    try (TurnExchange exchange = TurnExchange.open(at)) {
      new TurnClient(exchange, user, password).allocate();
    }
  }

  private void allocate() throws IOException {
    Map<Integer, byte[]> wanted = new LinkedHashMap<>();
    wanted.put(TurnMessage.REQUESTED_TRANSPORT, number(BY_UDP));
    Answer challenge = ask(TurnMessage.ALLOCATE, wanted, null);
    if (challenge.success() || challenge.errorCode() != UNAUTHORIZED) {
      throw new IOException(
          challenge.success() ? "it relays for anyone" : "it answers " + challenge.errorCode());
    }
    realm = challenge.attributes().getOrDefault(TurnMessage.REALM, realm);
    nonce = challenge.attributes().getOrDefault(TurnMessage.NONCE, nonce);
    require(askAsUser(TurnMessage.ALLOCATE, wanted));
    // RFC 8656 §3.2: a lifetime of 0 gives the port back.
    Map<Integer, byte[]> over = new LinkedHashMap<>();
    over.put(TurnMessage.LIFETIME, number(0));
    require(askAsUser(TurnMessage.REFRESH, over));
  }

  private static void require(Answer answer) throws IOException {
    if (!answer.success()) {
      throw new IOException("it answers " + answer.errorCode());
    }
  }

  private Answer askAsUser(int method, Map<Integer, byte[]> attributes) throws IOException {
    Map<Integer, byte[]> all = TurnMessage.credential(user, realm, nonce);
    all.putAll(attributes);
    return ask(method, all, TurnMessage.key(user, realm, password));
  }

  private Answer ask(int method, Map<Integer, byte[]> attributes, byte @Nullable [] key)
      throws IOException {
    byte[] transaction = new byte[TurnMessage.TRANSACTION_BYTES];
    RANDOM.nextBytes(transaction);
    byte[] request = TurnMessage.request(method, transaction, attributes, key);
    byte[] message =
        exchange.ask(request, each -> TurnMessage.answer(each, method, transaction) != null);
    return Objects.requireNonNull(TurnMessage.answer(message, method, transaction));
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }
}
