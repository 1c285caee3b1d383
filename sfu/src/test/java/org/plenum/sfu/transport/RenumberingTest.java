package org.plenum.sfu.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.rtp.Vp9Descriptor;
import org.plenum.sfu.transport.PlainPath.Built;
import org.plenum.sfu.transport.PlainPath.Publisher;

/// The numbers inside VP9 descriptors and dependency descriptors run on for a viewer, whoever is
/// behind the slot.
class RenumberingTest {
  private static final int DESCRIPTOR_ID = 12;
  private static final byte[] STRUCTURE = new byte[20];

  private static final Codec VP9 = codec(CodecName.VP9);
  private static final Codec AV1 = codec(CodecName.AV1);

  private final List<Publisher> publishers = new ArrayList<>();

  @AfterEach
  void end() {
    publishers.forEach(Publisher::end);
  }

  @Test
  void pictureIdsOfVp9RunOnAcrossRebindingsAndTheirOwnWrap() {
    var path = new PlainPath(VP9, HeaderExtensionMap.EMPTY, 0);
    Publisher a = publisher(path, VP9);
    Publisher b = publisher(path, VP9);
    List<Integer> ids = new ArrayList<>();
    List<Integer> layerIndexes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      read(a.send(layered(0x7FFE + i, 254 + i, i == 0), Map.of(), i == 0), ids, layerIndexes);
    }
    for (int i = 0; i < 4; i++) {
      read(b.send(layered(5000 + i, 30 + i, i == 0), Map.of(), i == 0), ids, layerIndexes);
    }
    for (int i = 4; i < 8; i++) {
      read(a.send(layered(0x7FFE + i, 254 + i, i == 4), Map.of(), i == 4), ids, layerIndexes);
    }
    assertRunOn(ids, 15);
    assertRunOn(layerIndexes, 8);
  }

  /// RFC 9628 §4.2: a publisher's picture ids have 7 bits or 15 and keep their length.
  @Test
  void pictureIdsOfOtherLengthRunOnToo() {
    var path = new PlainPath(VP9, HeaderExtensionMap.EMPTY, 0);
    Publisher wide = publisher(path, VP9);
    Publisher narrow = publisher(path, VP9);
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      read(wide.send(layered(9000 + i, i, i == 0), Map.of(), i == 0), ids, new ArrayList<>());
    }
    List<Integer> narrowIds = new ArrayList<>();
    for (int i = 0; i < 300; i++) { // wraps twice
      Built built = narrow.send(flexible(120 + i & 0x7F, i == 0), Map.of(), i == 0);
      Vp9Descriptor descriptor = descriptor(built);
      assertEquals(7, descriptor.pictureIdBits());
      assertTrue(descriptor.isFlexibleMode());
      narrowIds.add(descriptor.pictureId());
    }
    assertRunOn(narrowIds, 7);
    assertEquals(ids.getLast() + 1 & 0x7F, narrowIds.getFirst());
    List<Integer> after = new ArrayList<>();
    read(wide.send(layered(9003, 3, true), Map.of(), true), after, new ArrayList<>());
    assertEquals(ids.getLast() + 301 & 0x7FFF, after.getFirst(), "as if they had had 15 bits");
  }

  @Test
  void packetsOfOnePictureKeepOneNumberAndAllElseIsUntouched() {
    var path = new PlainPath(VP9, HeaderExtensionMap.EMPTY, 0);
    Publisher a = publisher(path, VP9);
    byte[] first = layered(77, 9, true);
    byte[] second = first.clone();
    second[0] &= ~0x08; // B: not the first packet of the frame
    Built one = a.send(first, Map.of(), true);
    Built two = a.send(second, Map.of(), false);
    assertEquals(descriptor(one).pictureId(), descriptor(two).pictureId());
    assertEquals(descriptor(one).tl0PicIdx(), descriptor(two).tl0PicIdx());
    assertEquals(one.sequenceNumber() + 1, two.sequenceNumber());
    assertEquals(first[0], one.payload()[0]);
    assertEquals(first[3], one.payload()[3], "layer indices");
    assertArrayEquals(tail(first, 5), tail(one.payload(), 5));
  }

  @Test
  void aRetransmissionFromBeforeARebindingHasTheNumbersItWasSentUnder() {
    var path = new PlainPath(VP9, HeaderExtensionMap.EMPTY, 0);
    Publisher a = publisher(path, VP9);
    Publisher b = publisher(path, VP9);
    Built before = a.send(layered(0x7FFF, 255, true), Map.of(), true);
    b.send(layered(1, 1, true), Map.of(), true);
    Built again = b.again(before.sequenceNumber());
    assertArrayEquals(before.payload(), again.payload());
    assertEquals(before.timestamp(), again.timestamp());
  }

  @Test
  void frameNumbersOfDependencyDescriptorsRunOnAcrossRebindingsAndTheirOwnWrap() {
    var path = new PlainPath(AV1, descriptorMap(), DESCRIPTOR_ID);
    Publisher a = publisher(path, AV1);
    Publisher b = publisher(path, AV1);
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      numbers.add(frameNumber(a.send(av1(i == 0), described(0xFFFE + i, i == 0), i == 0)));
    }
    for (int i = 0; i < 4; i++) {
      numbers.add(frameNumber(b.send(av1(i == 0), described(7 + i, i == 0), i == 0)));
    }
    for (int i = 4; i < 8; i++) {
      numbers.add(frameNumber(a.send(av1(i == 4), described(0xFFFE + i, i == 4), i == 4)));
    }
    assertRunOn(numbers, 16);
  }

  @Test
  void frameNumbersGoOnAfterAPublisherWithoutDescriptors() {
    var path = new PlainPath(AV1, descriptorMap(), DESCRIPTOR_ID);
    Publisher a = publisher(path, AV1);
    Publisher plain = publisher(path, AV1);
    int last = frameNumber(a.send(av1(true), described(40, true), true));
    assertNull(plain.send(av1(true), Map.of(), true).extension());
    assertNull(plain.send(av1(false), Map.of(), false).extension());
    assertEquals(last + 1, frameNumber(a.send(av1(true), described(90, true), true)));
  }

  @Test
  void ofADescriptorOnlyTheFrameNumberIsChanged() {
    var path = new PlainPath(AV1, descriptorMap(), DESCRIPTOR_ID);
    Publisher a = publisher(path, AV1);
    a.send(av1(true), described(3, true), true);
    Publisher b = publisher(path, AV1);
    byte[] sent = described(0x1234, true).get(DESCRIPTOR_ID);
    byte[] built = b.send(av1(true), Map.of(DESCRIPTOR_ID, sent), true).extension();
    assertEquals(sent.length, built.length, "longer than the one-byte form carries");
    assertEquals(sent[0], built[0]);
    assertArrayEquals(tail(sent, 3), tail(built, 3));
  }

  private Publisher publisher(PlainPath path, Codec codec) {
    int ssrc = 100 + publishers.size();
    Publisher publisher = path.publisher("p" + ssrc, codec, ssrc);
    publishers.add(publisher);
    return publisher;
  }

  private static Codec codec(CodecName name) {
    return new Codec(name, 98, 99, Set.of(Codec.Feedback.PLI), Map.of());
  }

  private static HeaderExtensionMap descriptorMap() {
    return new HeaderExtensionMap(
        Map.of(HeaderExtension.DEPENDENCY_DESCRIPTOR, DESCRIPTOR_ID), true);
  }

  /// One packet of a picture in non-flexible mode: I, L, B, E and P where it refers to others.
  private static byte[] layered(int pictureId, int tl0PicIdx, boolean key) {
    int flags = 0x80 | 0x20 | 0x08 | 0x04 | (key ? 0 : 0x40);
    return new byte[] {
      (byte) flags,
      (byte) (0x80 | pictureId >> 8 & 0x7F),
      (byte) pictureId,
      0, // temporal and spatial layer 0
      (byte) tl0PicIdx,
      1,
      2,
      3
    };
  }

  /// One packet of a picture in flexible mode with a short picture id: F, I, B, E.
  private static byte[] flexible(int pictureId, boolean key) {
    int flags = 0x80 | 0x10 | 0x08 | 0x04 | (key ? 0 : 0x40);
    return key
        ? new byte[] {(byte) flags, (byte) pictureId, 1, 2, 3}
        : new byte[] {(byte) flags, (byte) pictureId, 1 << 1, 1, 2, 3};
  }

  /// One OBU, of which N says whether a coded video sequence begins (AV1 RTP §4.4).
  private static byte[] av1(boolean key) {
    return new byte[] {(byte) (key ? 0x18 : 0x10), (byte) (key ? 0x08 : 0x30), 1, 2, 3};
  }

  /// A descriptor with this frame number, as long as one with a structure is where a key frame is.
  private static Map<Integer, byte[]> described(int frameNumber, boolean key) {
    byte[] structure = key ? STRUCTURE : new byte[0];
    byte[] descriptor = Arrays.copyOf(new byte[] {(byte) 0xC0, 0, 0}, 3 + structure.length);
    descriptor[1] = (byte) (frameNumber >> 8);
    descriptor[2] = (byte) frameNumber;
    for (int i = 3; i < descriptor.length; i++) {
      descriptor[i] = (byte) (17 * i);
    }
    return Map.of(DESCRIPTOR_ID, descriptor);
  }

  private static void read(Built built, List<Integer> ids, List<Integer> layerIndexes) {
    Vp9Descriptor descriptor = descriptor(built);
    ids.add(descriptor.pictureId());
    layerIndexes.add(descriptor.tl0PicIdx());
  }

  private static Vp9Descriptor descriptor(Built built) {
    var descriptor = new Vp9Descriptor();
    assertTrue(descriptor.parse(MemorySegment.ofArray(built.payload()), 0, built.payload().length));
    return descriptor;
  }

  private static int frameNumber(Built built) {
    byte[] descriptor = built.extension();
    return (descriptor[1] & 0xFF) << 8 | descriptor[2] & 0xFF;
  }

  private static byte[] tail(byte[] bytes, int from) {
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }

  private static void assertRunOn(List<Integer> numbers, int bits) {
    for (int i = 1; i < numbers.size(); i++) {
      assertEquals(numbers.get(i - 1) + 1 & (1 << bits) - 1, numbers.get(i), numbers.toString());
    }
  }
}
