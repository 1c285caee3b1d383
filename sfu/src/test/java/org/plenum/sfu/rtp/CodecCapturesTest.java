package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The payload formats against what encoders really send; see captures/README.md.
class CodecCapturesTest {
  private static final int DEPENDENCY_DESCRIPTOR = 13;

  private final RtpPacket packet = new RtpPacket();
  private final DependencyDescriptor dependencies = new DependencyDescriptor();
  private final DependencyContext context = new DependencyContext();
  private int frames;

  private static List<byte[]> packets(String file) {
    List<byte[]> packets =
        Pcap.resource("/captures/" + file).stream().map(Pcap.Datagram::payload).toList();
    assertTrue(packets.size() >= 20, file);
    return packets;
  }

  private void parse(byte[] bytes) {
    assertTrue(packet.parse(MemorySegment.ofArray(bytes), 0, bytes.length));
  }

  @Test
  void readsChromiumsVp9() {
    var descriptor = new Vp9Descriptor();
    Set<Integer> spatialLayers = new HashSet<>();
    Set<Integer> temporalLayers = new HashSet<>();
    int keyPictures = 0;
    int lastPicture = -1;
    boolean frameEnded = true;
    for (byte[] bytes : packets("chromium-vp9-svc.pcap")) {
      parse(bytes);
      assertTrue(descriptor.parse(packet.slab(), packet.headerLength(), packet.payloadLength()));
      assertEquals(frameEnded, descriptor.isFrameStart(), "no packet is missing");
      frameEnded = descriptor.isFrameEnd();
      assertEquals(15, descriptor.pictureIdBits());
      if (descriptor.isFrameStart() && descriptor.spatialLayer() == 0) {
        assertTrue(lastPicture < 0 || descriptor.pictureId() == (lastPicture + 1 & 0x7FFF));
        lastPicture = descriptor.pictureId();
      }
      assertEquals(lastPicture, descriptor.pictureId());
      assertFalse(packet.marker() && !descriptor.isFrameEnd());
      spatialLayers.add(descriptor.spatialLayer());
      temporalLayers.add(descriptor.temporalLayer());
      if (descriptor.isKeyFrameStart()) {
        keyPictures++;
        assertTrue(descriptor.hasScalabilityStructure());
        int top = descriptor.spatialLayerCount() - 1;
        assertEquals(16 * descriptor.height(top), 9 * descriptor.width(top));
        assertEquals(descriptor.width(0), descriptor.frameWidth());
        assertEquals(descriptor.height(0), descriptor.frameHeight());
      } else {
        assertEquals(0, descriptor.frameHeight());
      }
    }
    assertEquals(Set.of(0, 1), spatialLayers);
    assertEquals(Set.of(0, 1, 2), temporalLayers);
    assertEquals(2, keyPictures);
  }

  @Test
  void readsChromiumsH264() {
    var payload = new H264Payload();
    int idrs = 0;
    int starts = 0;
    long lastTimestamp = -1;
    for (byte[] bytes : packets("chromium-h264.pcap")) {
      parse(bytes);
      assertTrue(payload.parse(packet.slab(), packet.headerLength(), packet.payloadLength()));
      boolean newTimestamp = packet.timestamp() != lastTimestamp;
      lastTimestamp = packet.timestamp();
      assertEquals(newTimestamp, payload.mayStartAccessUnit(), "one slice a picture");
      starts += newTimestamp ? 1 : 0;
      assertEquals(payload.startsIdr(), payload.hasParameterSets());
      assertEquals(payload.hasParameterSets() ? 640 : 0, payload.width());
      assertEquals(payload.hasParameterSets() ? 360 : 0, payload.height());
      idrs += payload.startsIdr() ? 1 : 0;
    }
    assertEquals(1, idrs);
    assertTrue(starts > 10);
  }

  @Test
  void readsGStreamersH265() {
    var payload = new H265Payload();
    Set<Integer> irapTypes = new HashSet<>();
    int parameterSets = 0;
    int starts = 0;
    for (byte[] bytes : packets("gstreamer-h265.pcap")) {
      parse(bytes);
      assertTrue(payload.parse(packet.slab(), packet.headerLength(), packet.payloadLength()));
      assertEquals(0, payload.temporalLayer());
      parameterSets += payload.hasParameterSets() ? 1 : 0;
      assertEquals(payload.hasParameterSets() ? 320 : 0, payload.width());
      assertEquals(payload.hasParameterSets() ? 180 : 0, payload.height());
      starts += payload.mayStartAccessUnit() ? 1 : 0;
      if (payload.startsIrap()) {
        irapTypes.add(payload.nalType());
      }
    }
    assertEquals(1, parameterSets);
    assertEquals(Set.of(20, 21), irapTypes, "IDR_N_LP first, CRA four pictures later");
    assertEquals(10, starts, "eight pictures, parameter sets and SEI before the first");
  }

  @Test
  void readsChromiumsAv1() {
    var payload = new Av1Payload();
    Set<Integer> spatialLayers = new HashSet<>();
    int sequences = 0;
    boolean continues = false;
    for (byte[] bytes : packets("chromium-av1-svc.pcap")) {
      parse(bytes);
      assertTrue(payload.parse(packet.slab(), packet.headerLength(), packet.payloadLength()));
      assertNotEquals(continues, payload.isFrameStart(), "a frame is one OBU here");
      continues = payload.continuesInNextPacket();
      if (payload.isFrameStart()) {
        spatialLayers.add(payload.spatialLayer());
      }
      assertEquals(payload.startsCodedVideoSequence(), payload.hasSequenceHeader());
      assertEquals(payload.hasSequenceHeader() ? 640 : 0, payload.width());
      assertEquals(payload.hasSequenceHeader() ? 360 : 0, payload.height());
      sequences += payload.startsCodedVideoSequence() ? 1 : 0;
    }
    assertEquals(1, sequences);
    assertEquals(Set.of(0, 1), spatialLayers);
  }

  @Test
  void theDependenciesOfChromiumsVp9AreThoseOfItsDescriptors() {
    var descriptor = new Vp9Descriptor();
    for (byte[] bytes : packets("chromium-vp9-svc.pcap")) {
      parse(bytes);
      assertTrue(parseDependencies());
      assertTrue(descriptor.parse(packet.slab(), packet.headerLength(), packet.payloadLength()));
      assertEquals(descriptor.isFrameStart(), dependencies.isFrameStart());
      assertEquals(descriptor.isFrameEnd(), dependencies.isFrameEnd());
      assertEquals(descriptor.spatialLayer(), dependencies.spatialLayer());
      assertEquals(descriptor.temporalLayer(), dependencies.temporalLayer());
      assertEquals(descriptor.isKeyFrameStart(), dependencies.hasStructure());
      int layer = dependencies.spatialLayer();
      if (layer < descriptor.spatialLayerCount()) {
        assertEquals(descriptor.width(layer), dependencies.width());
        assertEquals(descriptor.height(layer), dependencies.height());
      }
      checkFrameNumber();
    }
    assertEquals(6, context.structure().decodeTargetCount());
    assertEquals(2, context.structure().spatialLayerCount());
  }

  @Test
  void theDependenciesOfChromiumsAv1AreThoseOfItsObus() {
    var payload = new Av1Payload();
    int structures = 0;
    for (byte[] bytes : packets("chromium-av1-svc.pcap")) {
      parse(bytes);
      assertTrue(parseDependencies());
      assertTrue(payload.parse(packet.slab(), packet.headerLength(), packet.payloadLength()));
      assertEquals(payload.isFrameStart(), dependencies.isFrameStart());
      assertNotEquals(payload.continuesInNextPacket(), dependencies.isFrameEnd());
      if (payload.isFrameStart()) {
        assertEquals(Math.max(0, payload.spatialLayer()), dependencies.spatialLayer());
        assertEquals(Math.max(0, payload.temporalLayer()), dependencies.temporalLayer());
      }
      structures += dependencies.hasStructure() ? 1 : 0;
      checkFrameNumber();
    }
    assertEquals(1, structures);
    FrameDependencyStructure structure = context.structure();
    assertEquals(6, structure.decodeTargetCount());
    assertEquals(2, structure.chainCount());
    for (int target = 0; target < 6; target++) { // by spatial, then by temporal layer
      assertEquals(target / 3, structure.decodeTargetSpatialLayer(target));
      assertEquals(target % 3, structure.decodeTargetTemporalLayer(target));
      assertEquals(target / 3, structure.protectingChain(target));
      assertTrue(dependencies.isActive(target));
    }
    assertEquals(320, structure.width(0));
    assertEquals(360, structure.height(1));
  }

  @Test
  void theDependenciesOfChromiumsH264NameItsTemporalLayers() {
    Set<Integer> temporalLayers = new HashSet<>();
    for (byte[] bytes : packets("chromium-h264.pcap")) {
      parse(bytes);
      assertTrue(parseDependencies());
      assertEquals(packet.marker(), dependencies.isFrameEnd());
      temporalLayers.add(dependencies.temporalLayer());
      checkFrameNumber();
    }
    assertEquals(Set.of(0, 1), temporalLayers);
    assertEquals(0, context.structure().width(0), "it does not say");
  }

  private boolean parseDependencies() {
    return dependencies.parse(
        packet.slab(),
        packet.extensionOffset(DEPENDENCY_DESCRIPTOR),
        packet.extensionLength(DEPENDENCY_DESCRIPTOR),
        context);
  }

  /// Nothing was lost: frames are numbered one by one from 1, and each refers to frames before it.
  private void checkFrameNumber() {
    int frame = dependencies.frameNumber();
    assertEquals(dependencies.isFrameStart() ? frames + 1 : frames, frame);
    frames = frame;
    for (int i = 0; i < dependencies.frameDiffCount(); i++) {
      assertTrue(dependencies.frameDiff(i) < frame);
    }
    for (int chain = 0; chain < context.structure().chainCount(); chain++) {
      assertTrue(dependencies.chainDiff(chain) < frame);
    }
  }
}
