package org.plenum.sfu.testclient;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.ice4j.attribute.Attribute;
import org.ice4j.message.Message;
import org.plenum.ice.agent.StunFraming;
import org.plenum.ice.agent.StunIntegrity;

/// A client of the TURN server at a worker's port (RFC 8656), over UDP from a socket of its own:
/// one relay, one channel, to the media that it ends at. The test's thread.
public final class RelayClient implements AutoCloseable {
  private static final int CHANNEL = 0x4000;
  private static final int ASK_AGAIN = 50;
  private static final byte[] UDP = {17, 0, 0, 0};

  private final Call call;
  private final DatagramChannel socket;
  private final Random random = new Random(5);
  private final String user;
  private final String password;
  private byte[] realm = {};
  private byte[] nonce = {};

  /// @param secret of which the server makes passwords (draft-uberti-behave-turn-rest-00 §2.2)
  /// @param participant who is in the room
  public RelayClient(Call call, int port, String secret, String participant) {
    this.call = call;
    try {
      socket = DatagramChannel.open();
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.configureBlocking(false);
      user = Long.MAX_VALUE / 1_000_000_000L + ":" + participant;
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret.getBytes(US_ASCII), "HmacSHA1"));
      password = Base64.getEncoder().encodeToString(mac.doFinal(user.getBytes(US_ASCII)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// Gets a relay, and binds a channel to its own address: that of the media.
  public RelayClient open() {
    byte[] challenge = ask(allocate());
    realm = value(challenge, Attribute.REALM);
    nonce = value(challenge, Attribute.NONCE);
    byte[] relayed = value(ask(signed(allocate())), Attribute.XOR_RELAYED_ADDRESS);
    byte[] bind = request(Message.CHANNELBIND_REQUEST, Attribute.CHANNEL_NUMBER, channel());
    byte[] bound = ask(signed(with(bind, Attribute.XOR_PEER_ADDRESS, relayed)));
    if (StunFraming.u16(MemorySegment.ofArray(bound), 0) != (Message.CHANNELBIND_REQUEST | 0x100)) {
      throw new AssertionError("no channel to the relay's own address");
    }
    return this;
  }

  private static byte[] channel() {
    return ByteBuffer.allocate(4).putShort((short) CHANNEL).array();
  }

  /// A request for a relay, as one who has shown nothing sends it.
  public byte[] allocate() {
    return request(Message.ALLOCATE_REQUEST, Attribute.REQUESTED_TRANSPORT, UDP);
  }

  /// ChannelData (RFC 8656 §12.4) of the channel that is bound.
  public static byte[] channelData(byte[] data) {
    return ByteBuffer.allocate(4 + data.length)
        .putShort((short) CHANNEL)
        .putShort((short) data.length)
        .put(data)
        .array();
  }

  public void send(byte[] datagram) {
    try {
      socket.write(ByteBuffer.wrap(datagram));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The next datagram; empty if there is none.
  public byte[] receive() {
    ByteBuffer datagram = ByteBuffer.allocate(2_048);
    try {
      socket.read(datagram);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Arrays.copyOf(datagram.array(), datagram.position());
  }

  /// Asks until there is an answer.
  private byte[] ask(byte[] request) {
    byte[][] answer = {{}};
    int[] turns = {0};
    call.await(
        "an answer of the TURN server",
        () -> {
          if (turns[0]++ % ASK_AGAIN == 0) {
            send(request);
          }
          answer[0] = receive();
          return answer[0].length > 0;
        });
    return answer[0];
  }

  private byte[] request(int type, char attribute, byte[] value) {
    byte[] transaction = new byte[12];
    random.nextBytes(transaction);
    byte[] header =
        ByteBuffer.allocate(StunFraming.HEADER_BYTES)
            .putChar((char) type)
            .putChar('\0')
            .put(Message.MAGIC_COOKIE)
            .put(transaction)
            .array();
    return with(header, attribute, value);
  }

  private byte[] signed(byte[] request) {
    byte[] named = with(request, Attribute.USERNAME, user.getBytes(US_ASCII));
    byte[] all = with(with(named, Attribute.REALM, realm), Attribute.NONCE, nonce);
    byte[] code = new StunIntegrity(key()).compute(all, all.length);
    return with(all, Attribute.MESSAGE_INTEGRITY, code);
  }

  private byte[] key() {
    String credentials = user + ":" + new String(realm, US_ASCII) + ":" + password;
    try {
      return MessageDigest.getInstance("MD5").digest(credentials.getBytes(US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] with(byte[] message, char attribute, byte[] value) {
    int length = message.length + StunFraming.ATTRIBUTE_HEADER_BYTES + (value.length + 3 & ~3);
    return ByteBuffer.wrap(Arrays.copyOf(message, length))
        .putChar(2, (char) (length - StunFraming.HEADER_BYTES))
        .putChar(message.length, attribute)
        .putChar(message.length + 2, (char) value.length)
        .put(message.length + StunFraming.ATTRIBUTE_HEADER_BYTES, value)
        .array();
  }

  private static byte[] value(byte[] message, char attribute) {
    MemorySegment bytes = MemorySegment.ofArray(message);
    int at = StunFraming.find(bytes, 0, message.length, attribute);
    if (at < 0) {
      throw new AssertionError("no attribute " + (int) attribute + " in the answer");
    }
    int from = at + StunFraming.ATTRIBUTE_HEADER_BYTES;
    return Arrays.copyOfRange(message, from, from + StunFraming.valueLength(bytes, 0, at));
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
