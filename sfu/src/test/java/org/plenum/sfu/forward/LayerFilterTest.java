package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.sfu.forward.LayeredStream.Form;
import org.plenum.sfu.forward.LayeredStream.Packet;
import org.plenum.sfu.receive.FrameLayers;

class LayerFilterTest {
  private final LayerFilter filter = new LayerFilter();
  private final List<Packet> forwarded = new ArrayList<>();

  /// The slot's numbers, without the constant that a splice adds.
  private final TreeSet<Long> numbers = new TreeSet<>();

  private final Set<Integer> frames = new HashSet<>();
  private final Map<Integer, Integer> verdicts = new HashMap<>();
  private long lastOmitted;

  private void give(List<Packet> packets) {
    packets.forEach(this::give);
  }

  private int give(Packet packet) {
    int verdict =
        filter.onPacket(packet.number(), packet.timestamp(), packet.layers(), packet.keyStart());
    if (verdict == LayerFilter.OMIT) {
      return verdict;
    }
    lastOmitted = filter.omitted();
    assertTrue(
        numbers.add(packet.number() - Omitted.packets(lastOmitted)), "a number is used twice");
    if (verdict == LayerFilter.FORWARD) {
      forwarded.add(packet);
      frames.add(packet.frame().id());
    }
    return verdict;
  }

  private void assertDecodable() {
    for (Packet packet : forwarded) {
      for (int reference : packet.frame().refers()) {
        assertTrue(frames.contains(reference), packet + " refers to what was left out");
      }
    }
  }

  private void assertNoGap() {
    assertEquals(numbers.getLast() - numbers.getFirst() + 1, numbers.size());
  }

  /// The layers of the frames that are forwarded of so many pictures.
  private Set<Integer> layersOf(LayeredStream stream, int pictures) {
    Set<Integer> layers = new HashSet<>();
    for (int i = 0; i < pictures; i++) {
      int before = forwarded.size();
      give(stream.picture(false, 2));
      for (Packet packet : forwarded.subList(before, forwarded.size())) {
        layers.add(FrameLayers.target(packet.frame().spatial(), packet.frame().temporal()));
      }
    }
    return layers;
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void aStreamThatIsWantedWholeIsForwardedWhole(Form form) {
    var stream = new LayeredStream(form);
    filter.start();
    give(stream.picture(true, 3));
    for (int i = 0; i < 40; i++) {
      List<Packet> picture = new ArrayList<>(stream.picture(false, 2));
      give(picture);
      if (form.keyPicturesOnly) {
        picture.removeIf(packet -> packet.frame().spatial() < 2);
      }
      assertEquals(picture, forwarded.subList(forwarded.size() - picture.size(), forwarded.size()));
    }
    assertNoGap();
    assertDecodable();
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void temporalLayersGoWithTheNextPictureAndComeBackSoon(Form form) {
    var stream = new LayeredStream(form);
    filter.start();
    give(stream.picture(true, 3));
    layersOf(stream, 9);
    for (int temporal : new int[] {1, 0, 1, 0, FrameLayers.MOST_TEMPORAL}) {
      filter.want(FrameLayers.target(3, temporal));
      Set<Integer> soon = layersOf(stream, 16);
      Set<Integer> then = layersOf(stream, 8);
      int highest = then.stream().mapToInt(FrameLayers::temporal).max().orElseThrow();
      assertEquals(Math.min(temporal, 2), highest);
      assertTrue(soon.stream().allMatch(layer -> FrameLayers.temporal(layer) <= temporal));
      assertFalse(filter.needsKeyFrame());
      assertFalse(filter.takeStuck());
    }
    assertDecodable();
    assertNoGap();
  }

  @ParameterizedTest
  @EnumSource(
      value = Form.class,
      names = {"VP9_SVC", "DESCRIPTOR_SVC"})
  void aSmallerPictureComesAtOnceALargerOneWithAKeyFrame(Form form) {
    var stream = new LayeredStream(form);
    filter.start();
    give(stream.picture(true, 3));
    layersOf(stream, 7);
    filter.want(FrameLayers.target(1, 3));
    assertFalse(filter.needsKeyFrame());
    assertTrue(layersOf(stream, 8).stream().allMatch(layer -> FrameLayers.spatial(layer) <= 1));
    filter.want(FrameLayers.EVERYTHING);
    assertTrue(filter.needsKeyFrame());
    assertTrue(layersOf(stream, 8).stream().allMatch(layer -> FrameLayers.spatial(layer) <= 1));
    give(stream.picture(true, 3));
    assertFalse(filter.needsKeyFrame());
    assertTrue(layersOf(stream, 4).contains(FrameLayers.target(2, 0)));
    assertDecodable();
    assertNoGap();
  }

  @ParameterizedTest
  @EnumSource(
      value = Form.class,
      names = {"VP9_K_SVC", "DESCRIPTOR_K_SVC"})
  void withoutLowerLayersBetweenKeyPicturesASmallerPictureTakesAKeyFrameToo(Form form) {
    var stream = new LayeredStream(form);
    filter.start();
    give(stream.picture(true, 3));
    assertTrue(layersOf(stream, 8).stream().allMatch(layer -> FrameLayers.spatial(layer) == 2));
    filter.want(FrameLayers.target(0, 3));
    assertTrue(layersOf(stream, 8).stream().allMatch(layer -> FrameLayers.spatial(layer) == 2));
    assertTrue(filter.needsKeyFrame());
    give(stream.picture(true, 3));
    assertFalse(filter.needsKeyFrame());
    assertTrue(layersOf(stream, 8).stream().allMatch(layer -> FrameLayers.spatial(layer) == 0));
    assertDecodable();
    assertNoGap();
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void whateverIsWantedWhateverTheOrderWhatIsForwardedCanBeDecoded(Form form) {
    for (int seed = 0; seed < 60; seed++) {
      forwarded.clear();
      numbers.clear();
      frames.clear();
      run(form, new Random(seed), 0);
      assertDecodable();
      assertNoGap();
      assertEveryPictureEnds();
    }
  }

  /// What is lost on the way to the server leaves gaps, of one number for each packet at the most.
  @ParameterizedTest
  @EnumSource(Form.class)
  void whatIsLostOrLateKeepsItsNumber(Form form) {
    for (int seed = 0; seed < 60; seed++) {
      forwarded.clear();
      numbers.clear();
      frames.clear();
      int lost = run(form, new Random(seed), 0.1);
      long gaps = numbers.getLast() - numbers.getFirst() + 1 - numbers.size();
      assertTrue(gaps <= lost, gaps + " gaps, " + lost + " packets lost");
    }
  }

  /// @return packets that never came
  private int run(Form form, Random random, double disorder) {
    var stream = new LayeredStream(form);
    filter.want(FrameLayers.EVERYTHING);
    filter.start();
    give(stream.picture(true, 1 + random.nextInt(3)));
    List<Packet> late = new ArrayList<>();
    int lost = 0;
    for (int i = 0; i < 300; i++) {
      if (random.nextInt(10) == 0) {
        filter.want(random.nextInt(FrameLayers.TARGETS));
      }
      for (Packet packet : stream.picture(random.nextInt(40) == 0, 1 + random.nextInt(4))) {
        if (random.nextDouble() < disorder) {
          late.add(packet);
        } else {
          give(packet);
        }
        if (!late.isEmpty() && random.nextInt(8) == 0) {
          Packet next = late.remove(random.nextInt(late.size()));
          if (random.nextInt(4) == 0) {
            lost++;
          } else {
            give(next);
          }
        }
      }
    }
    return lost + late.size();
  }

  private void assertEveryPictureEnds() {
    for (int i = 1; i < forwarded.size(); i++) {
      Packet packet = forwarded.get(i - 1);
      if (forwarded.get(i).timestamp() != packet.timestamp()) {
        assertTrue(packet.last(), packet + " is followed by another picture");
      }
    }
  }

  @Test
  void theLastPacketForwardedOfAPictureCarriesTheMarker() {
    var stream = new LayeredStream(Form.DESCRIPTOR_SVC);
    filter.want(FrameLayers.target(1, 3));
    filter.start();
    for (int i = 0; i < 20; i++) {
      for (Packet packet : stream.picture(i == 0, 3)) {
        if (give(packet) == LayerFilter.FORWARD) {
          boolean isEnd = packet.frame().spatial() == 1 && packet.last();
          assertEquals(isEnd, Omitted.marker(lastOmitted));
        }
      }
    }
  }

  @Test
  void theFirstPacketSaysWhatIsForwardedFromThereOn() {
    var stream = new LayeredStream(Form.DESCRIPTOR_SVC);
    filter.start();
    give(stream.picture(true, 2));
    assertEquals(Omitted.NO_TARGET, Omitted.target(lastOmitted));
    int fewer = FrameLayers.target(1, 3);
    filter.want(fewer);
    List<Packet> picture = stream.picture(false, 2);
    give(picture.getFirst());
    assertEquals(fewer, Omitted.target(lastOmitted));
    give(picture.get(1));
    assertEquals(Omitted.NO_TARGET, Omitted.target(lastOmitted));
  }

  @Test
  void picturesLeftOutOfVp8AreLeftOutOfThePictureIdsToo() {
    var stream = new LayeredStream(Form.VP8);
    filter.want(FrameLayers.target(3, 0));
    filter.start();
    give(stream.picture(true, 2));
    for (int i = 1; i <= 40; i++) {
      give(stream.picture(false, 2));
    }
    assertEquals(30, Omitted.pictures(lastOmitted));
    assertEquals(60, Omitted.packets(lastOmitted));
  }

  @Test
  void whatIsMissingOfAFrameLeftOutIsLeftOutToo() {
    var stream = new LayeredStream(Form.VP8);
    filter.want(FrameLayers.target(3, 0));
    filter.start();
    give(stream.picture(true, 2));
    List<Packet> omitted = stream.picture(false, 5);
    give(omitted.get(0));
    give(omitted.get(3));
    give(omitted.get(4));
    assertEquals(LayerFilter.OMIT, give(omitted.get(1)), "its number is no longer kept");
    for (int i = 0; i < 3; i++) {
      give(stream.picture(false, 2));
    }
    assertNoGap();
  }

  /// Whole pictures are lost, and parts of others, but never a whole one of the lowest layer; all
  /// of it comes later.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void missingPicturesOfHigherLayersLeaveNoGapInThePictureIds(int seed) {
    var random = new Random(seed);
    var stream = new LayeredStream(Form.VP8);
    var ids = new TreeMap<Integer, Integer>();
    List<Packet> late = new ArrayList<>();
    filter.want(FrameLayers.target(3, 0));
    filter.start();
    for (int i = 0; i < 400; i++) {
      boolean isLost = i % 4 != 0 && random.nextInt(3) == 0;
      for (Packet packet : stream.picture(i == 0, 1 + random.nextInt(3))) {
        boolean isPart = i % 4 != 0 || i > 0 && !packet.last();
        if (isLost || isPart && random.nextInt(4) == 0) {
          late.add(packet);
        } else {
          giveNumbered(packet, ids);
        }
      }
      while (late.size() > random.nextInt(20)) {
        giveNumbered(late.remove(random.nextInt(late.size())), ids);
      }
    }
    late.forEach(packet -> giveNumbered(packet, ids));
    assertNoGap();
    List<Integer> inOrder = List.copyOf(ids.values());
    List<Integer> upByOne = new ArrayList<>();
    for (int i = 0; i < inOrder.size(); i++) {
      upByOne.add(i);
    }
    assertEquals(100, inOrder.size());
    assertEquals(upByOne, inOrder);
  }

  /// @param ids by picture: its picture id as it is forwarded
  private void giveNumbered(Packet packet, Map<Integer, Integer> ids) {
    int picture = packet.frame().picture();
    filter.picture(picture & 0x7F, 7, picture / 4 & 0xFF);
    if (give(packet) == LayerFilter.FORWARD) {
      int id = picture - Omitted.pictures(lastOmitted);
      Integer before = ids.put(picture, id);
      assertTrue(before == null || before == id, "picture " + picture + ": " + before + ", " + id);
    }
  }

  @Test
  void anUnknownPacketThatTurnsOutToBeUnwantedLeavesABlank() {
    var stream = new LayeredStream(Form.VP8);
    filter.want(FrameLayers.target(3, 0));
    filter.start();
    give(stream.picture(true, 2));
    List<Packet> whole = stream.picture(false, 1);
    for (int i = 0; i < 4; i++) {
      give(stream.picture(false, 2));
    }
    assertEquals(LayerFilter.BLANK, give(whole.getFirst()));
    assertNoGap();
  }

  /// An encoder that marks no frame as one to go up with.
  @Test
  void aStreamWithoutSwitchingPointsIsHelpedByAKeyFrame() {
    filter.start();
    long t0 = FrameLayers.of(0, FrameLayers.from(0, 0), 0, 0);
    long t1 = FrameLayers.of(1, FrameLayers.from(0, 1), 0, 0);
    long number = 0;
    filter.onPacket(number++, 0, t0, true);
    filter.want(FrameLayers.target(3, 0));
    for (int i = 1; i < 10; i++) {
      filter.onPacket(number++, i, i % 2 == 0 ? t0 : t1, false);
    }
    filter.want(FrameLayers.EVERYTHING);
    int asked = 0;
    for (int i = 10; i < 400; i++) {
      filter.onPacket(number++, i, i % 2 == 0 ? t0 : t1, false);
      asked += filter.takeStuck() ? 1 : 0;
    }
    assertTrue(asked >= 1 && asked <= 4, asked + " times");
    assertNotEquals(FrameLayers.EVERYTHING, filter.current());
    assertEquals(LayerFilter.FORWARD, filter.onPacket(number++, 400, t0, true));
    assertEquals(LayerFilter.FORWARD, filter.onPacket(number, 401, t1, false));
  }

  @Test
  void aFrameThatSaysNothingOfLayersIsForwarded() {
    filter.want(0);
    filter.start();
    for (int i = 0; i < 10; i++) {
      assertEquals(LayerFilter.FORWARD, filter.onPacket(i, i, FrameLayers.NONE, i == 0));
    }
  }
}
