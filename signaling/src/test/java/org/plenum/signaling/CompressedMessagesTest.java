package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.plenum.signaling.config.ServerConfig;

/// RFC 7692 on the wire: long messages are compressed, short ones are not, and no
/// compressed message takes more than its length.
class CompressedMessagesTest {
  private static final int RSV1 = 0x40;
  private static final int FIN = 0x80;
  private static final int TEXT = 1;
  private static final int CLOSE = 8;

  private record Message(int opcode, boolean compressed, int bytesOnTheWire, byte[] payload) {
    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }
  }

  private PlenumServer server;
  private Socket socket;
  private String agreed;

  @BeforeEach
  void start() {
    server = PlenumServer.start(ServerConfig.forTests());
  }

  @AfterEach
  void stop() throws IOException {
    socket.close();
    server.close();
  }

  @Test
  void compressesLongMessagesOnly() throws Exception {
    connect("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
    assertTrue(
        agreed.matches(
            "(?s).*permessage-deflate; ?(server|client)_no_context_takeover;"
                + " ?(server|client)_no_context_takeover.*"),
        agreed);
    say("{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"Ada\"}", true);
    Message welcome = next("welcome");
    assertFalse(welcome.compressed(), "a short message");
    say(RealSfuTest.offer(), true);
    Message answer = next("answer");
    assertTrue(answer.compressed(), "a long message");
    assertTrue(
        4 * answer.bytesOnTheWire() < answer.payload().length,
        answer.bytesOnTheWire() + " bytes for " + answer.payload().length);
    assertTrue(answer.text().endsWith("}"), "all of it came");
  }

  @Test
  void takesPlainMessagesOfWhoAgreedToCompression() throws Exception {
    connect("Sec-WebSocket-Extensions: permessage-deflate\r\n");
    say("{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"Ada\"}", false);
    assertFalse(next("welcome").text().isEmpty());
  }

  @Test
  void compressesNothingForWhoDidNotAsk() throws Exception {
    connect("");
    assertFalse(agreed.contains("permessage-deflate"), agreed);
    say("{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"Ada\"}", false);
    next("welcome");
    say(RealSfuTest.offer(), false);
    assertFalse(next("answer").compressed());
  }

  @Test
  void refusesWhatInflatesToMoreThanAMessageHas() throws Exception {
    connect("Sec-WebSocket-Extensions: permessage-deflate\r\n");
    say("x".repeat(32 << 20), true);
    Message last = next();
    while (last.opcode() != CLOSE) {
      last = next();
    }
    assertEquals(1009, (last.payload()[0] & 0xff) << 8 | last.payload()[1] & 0xff);
  }

  @Test
  void closesASocketWhoseCompressionIsBroken() throws Exception {
    connect("Sec-WebSocket-Extensions: permessage-deflate\r\n");
    write(TEXT | RSV1, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x55});
    Message last = next();
    while (last.opcode() != CLOSE) {
      last = next();
    }
    assertTrue(last.payload().length >= 2, "says why");
  }

  private void connect(String header) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort());
    socket.setSoTimeout(20_000);
    String request =
        "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Protocol: plenum.v1\r\n"
            + header
            + "\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      assertTrue(next >= 0, "closed after " + head);
      head.append((char) next);
    }
    agreed = head.toString();
    assertTrue(agreed.startsWith("HTTP/1.1 101"), agreed);
  }

  private void say(String text, boolean compressed) throws IOException {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    write(compressed ? TEXT | RSV1 : TEXT, compressed ? deflate(plain) : plain);
  }

  /// One frame, masked with zeros.
  private void write(int firstBits, byte[] payload) throws IOException {
    var frame = new ByteArrayOutputStream();
    frame.write(FIN | firstBits);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else if (payload.length < 65_536) {
      frame.write(0x80 | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    } else {
      frame.write(0x80 | 127);
      frame.write(new byte[4]);
      for (int shift = 24; shift >= 0; shift -= 8) {
        frame.write(payload.length >> shift);
      }
    }
    frame.write(new byte[4]);
    frame.write(payload);
    socket.getOutputStream().write(frame.toByteArray());
  }

  private Message next(String type) throws IOException, DataFormatException {
    Message message = next();
    while (!message.text().contains("\"type\":\"" + type + "\"")) {
      assertEquals(TEXT, message.opcode(), message.text());
      message = next();
    }
    return message;
  }

  /// The next message, which may have come in several frames, inflated if need be.
  private Message next() throws IOException, DataFormatException {
    var in = new DataInputStream(socket.getInputStream());
    var payload = new ByteArrayOutputStream();
    int opcode = 0;
    boolean compressed = false;
    boolean last = false;
    while (!last) {
      int first = in.readUnsignedByte();
      last = (first & FIN) != 0;
      if ((first & 0xf) != 0) {
        opcode = first & 0xf;
        compressed = (first & RSV1) != 0;
      }
      long length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = in.readLong();
      }
      payload.write(in.readNBytes((int) length));
    }
    byte[] raw = payload.toByteArray();
    return new Message(opcode, compressed, raw.length, compressed ? inflate(raw) : raw);
  }

  private static byte[] deflate(byte[] plain) {
    try (var deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
      deflater.setInput(plain);
      var out = new ByteArrayOutputStream();
      byte[] part = new byte[8192];
      int got = deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
      while (got > 0) {
        out.write(part, 0, got);
        got = deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
      }
      // The end of it, 00 00 ff ff, is not sent (RFC 7692 §7.2.1).
      byte[] whole = out.toByteArray();
      return Arrays.copyOf(whole, whole.length - 4);
    }
  }

  private static byte[] inflate(byte[] compressed) throws DataFormatException {
    try (var inflater = new Inflater(true)) {
      var whole = new ByteArrayOutputStream();
      whole.writeBytes(compressed);
      whole.writeBytes(new byte[] {0, 0, (byte) 0xff, (byte) 0xff});
      inflater.setInput(whole.toByteArray());
      var out = new ByteArrayOutputStream();
      byte[] part = new byte[8192];
      int got = inflater.inflate(part);
      while (got > 0) {
        out.write(part, 0, got);
        got = inflater.inflate(part);
      }
      return out.toByteArray();
    }
  }
}
