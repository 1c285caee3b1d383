package org.plenum.cluster.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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

  private static Frame parsed(byte[] bytes) {
    Frame read = Frame.parse(bytes);
    assertNotNull(read);
    return read;
  }
}
