package org.plenum.bench.client;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;
import org.ice4j.attribute.Attribute;
import org.ice4j.message.Message;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunFraming;
import org.plenum.ice.agent.StunIntegrity;

/// The relay of one client at the server's own TURN server (RFC 8656): a channel to the media port,
/// by which everything goes that is built here. One thread, the loop's.
final class Relay implements Outgoing {
  static final int HEADER_BYTES = 4;

  private static final int CHANNEL = 0x4000;
  private static final int SUCCESS = 0x0100;
  private static final int MOST_BYTES = 512;
  private static final int MAX_PADDING = 3;
  private static final long RETRY_NANOS = 200_000_000L;

  /// Less than a permission lives (RFC 8656 §9); the allocation is refreshed by then too.
  private static final long AGAIN_NANOS = 200_000_000_000L;

  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final Outgoing out;
  private final NetworkPath path;
  private final RelayUser user;
  private final RandomGenerator random;
  private byte[] realm = {};
  private byte[] nonce = {};
  private byte @Nullable [] relayed;
  private boolean bound;
  private long nextNanos;

  /// @param path to the server, which is the TURN server too
  Relay(Outgoing out, NetworkPath path, RelayUser user, RandomGenerator random) {
    this.out = out;
    this.path = path;
    this.user = user;
    this.random = random;
  }

  /// Whether what is built here gets through.
  boolean isBound() {
    return bound;
  }

  /// Asks for what is missing, or for it to go on.
  void onTimeout(long nowNanos) {
    if (!NanoTime.isDue(nextNanos, nowNanos)) {
      return;
    }
    nextNanos = nowNanos + (bound ? AGAIN_NANOS : RETRY_NANOS);
    if (bound) {
      send(Message.REFRESH_REQUEST);
    }
    send(relayed == null ? Message.ALLOCATE_REQUEST : Message.CHANNELBIND_REQUEST);
  }

  /// A datagram of the server.
  ///
  /// @return bytes of what lies in it, behind [#HEADER_BYTES]; -1 if there is nothing
  int unwrap(MemorySegment slab, long offset, int length) {
    if (length < HEADER_BYTES) {
      return -1;
    }
    if (StunFraming.u16(slab, offset) == CHANNEL) {
      int said = StunFraming.u16(slab, offset + 2);
      int padding = length - HEADER_BYTES - said;
      return padding < 0 || padding > MAX_PADDING ? -1 : said;
    }
    if (StunFraming.isWellFormed(slab, offset, length)) {
      byte[] message = slab.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
      onResponse(MemorySegment.ofArray(message), length);
    }
    return -1;
  }

  private void onResponse(MemorySegment message, int length) {
    byte[] asked = value(message, length, Attribute.NONCE);
    if (asked.length > 0) {
      realm = value(message, length, Attribute.REALM);
      nonce = asked;
      send(relayed == null ? Message.ALLOCATE_REQUEST : Message.CHANNELBIND_REQUEST);
    }
    switch (StunFraming.type(message, 0)) {
      case Message.ALLOCATE_REQUEST | SUCCESS -> {
        relayed = value(message, length, Attribute.XOR_RELAYED_ADDRESS);
        send(Message.CHANNELBIND_REQUEST);
      }
      case Message.CHANNELBIND_REQUEST | SUCCESS -> bound = true;
      default -> {} // a refresh, or a refusal: asked again
    }
  }

  private static byte[] value(MemorySegment message, int length, char attribute) {
    int at = StunFraming.find(message, 0, length, attribute);
    return at < 0
        ? new byte[0]
        : message
            .asSlice(
                at + StunFraming.ATTRIBUTE_HEADER_BYTES, StunFraming.valueLength(message, 0, at))
            .toArray(ValueLayout.JAVA_BYTE);
  }

  private void send(int type) {
    ByteBuffer message = ByteBuffer.allocate(MOST_BYTES);
    byte[] transaction = new byte[12];
    random.nextBytes(transaction);
    message.putShort((short) type).putShort((short) 0).put(Message.MAGIC_COOKIE).put(transaction);
    byte[] peer = relayed;
    if (type == Message.ALLOCATE_REQUEST) {
      put(message, Attribute.REQUESTED_TRANSPORT, new byte[] {17, 0, 0, 0});
    } else if (type == Message.CHANNELBIND_REQUEST && peer != null) {
      put(message, Attribute.CHANNEL_NUMBER, new byte[] {(byte) (CHANNEL >>> 8), 0, 0, 0});
      put(message, Attribute.XOR_PEER_ADDRESS, peer); // IPv4: XORed with the cookie alone
    }
    if (nonce.length > 0) {
      put(message, Attribute.USERNAME, user.username().getBytes(StandardCharsets.UTF_8));
      put(message, Attribute.REALM, realm);
      put(message, Attribute.NONCE, nonce);
      byte[] code = new StunIntegrity(key()).compute(message.array(), message.position());
      put(message, Attribute.MESSAGE_INTEGRITY, code);
    }
    int length = message.position();
    message.putShort(2, (short) (length - StunFraming.HEADER_BYTES));
    MemorySegment.copy(
        message.array(), 0, out.slab(), ValueLayout.JAVA_BYTE, out.nextOffset(), length);
    out.commit(length, path);
  }

  private static void put(ByteBuffer message, char attribute, byte[] value) {
    message.putChar(attribute).putChar((char) value.length).put(value);
    message.position(message.position() + 3 & ~3);
  }

  /// RFC 8489 §9.2.2.
  private byte[] key() {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      md5.update((user.username() + ":").getBytes(StandardCharsets.UTF_8));
      md5.update(realm);
      return md5.digest((":" + user.credential()).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has MD5", e);
    }
  }

  @Override
  public MemorySegment slab() {
    return out.slab();
  }

  @Override
  public long nextOffset() {
    return out.nextOffset() + HEADER_BYTES;
  }

  @Override
  public void commit(int lengthBytes, NetworkPath to) {
    out.slab().set(U16, out.nextOffset(), (short) CHANNEL);
    out.slab().set(U16, out.nextOffset() + 2, (short) lengthBytes);
    out.commit(lengthBytes + HEADER_BYTES, to);
  }
}
