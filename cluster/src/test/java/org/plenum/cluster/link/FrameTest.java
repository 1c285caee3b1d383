package org.plenum.cluster.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/// Frames of this version, of the next, and of nobody's.
class FrameTest {
  private static final byte[] BODY = {1, 2, 3};
  private static final int KIND = 1;

  @Test
  void comesBackAsItWas() {
    Frame close = Frame.close(true, 7, 4001, "gone");
    Frame read = parsed(close.bytes());
    assertEquals(Frame.Kind.CLOSE, read.kind());
    assertEquals(7, read.id());
    assertEquals(4001, read.code());
    assertEquals("gone", read.reason());
  }

  @Test
  void skipsFieldsOfALaterVersion() {
    byte[] now = Frame.to(Frame.Kind.ASK, 5, "api", BODY).bytes();
    byte[] later =
        ByteBuffer.allocate(now.length + 9)
            .put(now)
            .put((byte) 99)
            .putInt(4)
            .putInt(0xCAFE)
            .array();
    Frame read = parsed(later);
    assertEquals("api", read.service());
    assertArrayEquals(BODY, read.body());
  }

  @Test
  void countsKindsOfALaterVersionAndAnswersNothing() {
    byte[] later = Frame.of(Frame.Kind.INFO, true, 5, BODY).bytes();
    later[KIND] = 99;
    assertEquals(Frame.Kind.UNKNOWN, parsed(later).kind());
    List<byte[]> sent = new ArrayList<>();
    var links = new Links((_, frame) -> sent.add(frame));
    links.onFrame("n2", later);
    assertEquals(1, links.errors());
    assertEquals(List.of(), sent);
  }

  @Test
  void takesNothingWhoseLengthsDoNotAddUp() {
    byte[] whole = Frame.to(Frame.Kind.ASK, 5, "api", BODY).bytes();
    byte[] other = whole.clone();
    other[0] = 2;
    assertNull(Frame.parse(other), "another protocol");
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      Frame read = Frame.parse(cut);
      if (read != null) {
        assertEquals(5, read.id(), "cut between two fields");
      }
    }
    byte[] negative = whole.clone();
    negative[12] = (byte) 0x80; // the upper byte of the first field's length
    assertNull(Frame.parse(negative));
  }

  /// What a node replays, or makes up: an answer to no question, a text of no stream.
  @Test
  void answersOfNoQuestionChangeNothing() {
    List<byte[]> sent = new ArrayList<>();
    var links = new Links((_, frame) -> sent.add(frame));
    links.onFrame("n2", Frame.of(Frame.Kind.REPLY, false, 9, BODY).bytes());
    links.onFrame("n2", Frame.ack(true, 9).bytes());
    assertEquals(0, links.waiting());
    assertEquals(0, links.streams());
    assertEquals(List.of(), sent);
  }

  /// A second opening under a number that is in use ends nothing and begins nothing.
  @Test
  void aReplayedOpeningIsRefusedAndCounted() throws Exception {
    BlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    var links = new Links((_, frame) -> sent.add(frame));
    links.accept("echo", _ -> hearing(heard));
    byte[] opening = Frame.to(Frame.Kind.OPEN, 5, "echo", BODY).bytes();
    links.onFrame("n2", opening);
    links.onFrame("n2", opening);
    assertEquals(1, links.streams());
    assertEquals(1, links.errors());
    Frame refusal = parsed(sent.take());
    assertEquals(Frame.Kind.CLOSE, refusal.kind());
    assertEquals(LinkStream.RESET, refusal.code());
    links.onFrame("n2", Frame.of(Frame.Kind.TEXT, true, 5, "hello".getBytes(UTF_8)).bytes());
    assertEquals("hello", heard.take(), "the first goes on");

    byte[] close = Frame.close(true, 5, 1000, "over").bytes();
    links.onFrame("n2", close);
    links.onFrame("n2", close);
    assertEquals("1000 over", heard.take());
    assertEquals(0, links.streams());
    assertEquals(1, links.errors(), "a second close is of no stream");
  }

  private static StreamListener hearing(BlockingQueue<String> heard) {
    return new StreamListener() {
      @Override
      public void onText(String text) {
        heard.add(text);
      }

      @Override
      public void onClosed(int code, String reason) {
        heard.add(code + " " + reason);
      }
    };
  }

  private static Frame parsed(byte[] bytes) {
    Frame read = Frame.parse(bytes);
    assertNotNull(read);
    return read;
  }
}
