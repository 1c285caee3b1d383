package org.plenum.signaling.relay;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.plenum.signaling.relay.TurnMessage.Answer;

/// A relay that its client keeps (RFC 8656), over UDP or over a connection.
public final class HeldRelay implements AutoCloseable {
  private static final int UDP = 17 << 24;
  private static final int LIFETIME_SECONDS = 600;

  private final TurnExchange exchange;
  private final String user;
  private final String password;
  private final Random random = new Random(1);
  private byte[] realm = {};
  private byte[] nonce = {};

  private HeldRelay(TurnExchange exchange, String user, String password) {
    this.exchange = exchange;
    this.user = user;
    this.password = password;
  }

  public static HeldRelay overUdp(InetSocketAddress server, String user, String password)
      throws IOException {
    return new HeldRelay(new TurnExchange.ByUdp(server), user, password);
  }

  /// @param socket to the server, with TLS or without
  public static HeldRelay over(Socket socket, String user, String password) throws IOException {
    socket.setSoTimeout(TurnExchange.PATIENCE_MILLIS);
    return new HeldRelay(new TurnExchange.ByTcp(socket), user, password);
  }

  public boolean isOverUdp() {
    return exchange instanceof TurnExchange.ByUdp;
  }

  /// Asks for it, as one who has to be told the nonce first.
  ///
  /// @return 0, or the error; throws IOException if the connection is closed in place of an answer
  public int allocate() throws IOException {
    Map<Integer, byte[]> wanted = new LinkedHashMap<>();
    wanted.put(TurnMessage.REQUESTED_TRANSPORT, number(UDP));
    Answer challenge = ask(TurnMessage.ALLOCATE, wanted, false);
    realm = challenge.attributes().getOrDefault(TurnMessage.REALM, realm);
    nonce = challenge.attributes().getOrDefault(TurnMessage.NONCE, nonce);
    return error(ask(TurnMessage.ALLOCATE, wanted, true));
  }

  /// Asks for it to go on.
  ///
  /// @return as [#allocate]
  public int refresh() throws IOException {
    Map<Integer, byte[]> wanted = new LinkedHashMap<>();
    wanted.put(TurnMessage.LIFETIME, number(LIFETIME_SECONDS));
    return error(ask(TurnMessage.REFRESH, wanted, true));
  }

  private static int error(Answer answer) {
    return answer.success() ? 0 : answer.errorCode();
  }

  private Answer ask(int method, Map<Integer, byte[]> attributes, boolean signed)
      throws IOException {
    byte[] transaction = new byte[TurnMessage.TRANSACTION_BYTES];
    random.nextBytes(transaction);
    Map<Integer, byte[]> all =
        signed ? TurnMessage.credential(user, realm, nonce) : new LinkedHashMap<>();
    all.putAll(attributes);
    byte[] key = signed ? TurnMessage.key(user, realm, password) : null;
    byte[] request = TurnMessage.request(method, transaction, all, key);
    byte[] message =
        exchange.ask(request, each -> TurnMessage.answer(each, method, transaction) != null);
    return Objects.requireNonNull(TurnMessage.answer(message, method, transaction));
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  @Override
  public void close() throws IOException {
    exchange.close();
  }
}
