package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.sfu.receive.FrameLayers;
import org.plenum.sfu.receive.LayerReader;
import org.plenum.sfu.rtp.DependencyDescriptor;
import org.plenum.sfu.rtp.Pcap;
import org.plenum.sfu.rtp.RtpPacket;

/// What Chromium's encoders send in layers, forwarded in part: each frame finds what it refers to.
class CapturedLayersTest {
  private static final int DEPENDENCY_DESCRIPTOR = 13;

  private final RtpPacket packet = new RtpPacket();
  private final DependencyDescriptor descriptor = new DependencyDescriptor();

  @ParameterizedTest
  @ValueSource(strings = {"chromium-av1-svc.pcap", "chromium-vp9-svc.pcap", "chromium-h264.pcap"})
  void everyPartOfThemCanBeDecoded(String file) {
    Set<Integer> sizes = new HashSet<>();
    for (int target = 0; target < FrameLayers.TARGETS; target++) {
      sizes.add(forwarded(file, target));
    }
    assertTrue(sizes.size() >= 2, "each target is the whole stream");
  }

  /// @return how many packets are forwarded
  private int forwarded(String file, int target) {
    var reader = new LayerReader();
    var filter = new LayerFilter();
    filter.want(target);
    filter.start();
    Set<Integer> frames = new HashSet<>();
    int forwarded = 0;
    long number = 0;
    for (Pcap.Datagram datagram : Pcap.resource("/captures/" + file)) {
      byte[] bytes = datagram.payload();
      assertTrue(packet.parse(MemorySegment.ofArray(bytes), 0, bytes.length));
      int at = packet.extensionOffset(DEPENDENCY_DESCRIPTOR);
      int length = packet.extensionLength(DEPENDENCY_DESCRIPTOR);
      long layers = reader.read(descriptor, packet.slab(), at, length);
      assertTrue(layers != FrameLayers.NONE, "a descriptor that is not understood");
      int verdict = filter.onPacket(number, packet.timestamp(), layers, descriptor.hasStructure());
      if (verdict == LayerFilter.FORWARD) {
        assertEquals(forwarded, number - Omitted.packets(filter.omitted()), "a gap");
        assertReferencesAreIn(frames);
        frames.add(descriptor.frameNumber());
        forwarded++;
      }
      number++;
    }
    return forwarded;
  }

  private void assertReferencesAreIn(Set<Integer> frames) {
    for (int i = 0; i < descriptor.frameDiffCount(); i++) {
      int reference = descriptor.frameNumber() - descriptor.frameDiff(i);
      assertTrue(frames.contains(reference), descriptor.frameNumber() + " lacks " + reference);
    }
  }
}
