package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.plenum.ice.DatagramKind;
import org.plenum.sfu.rtcp.RecordingHandler;
import org.plenum.sfu.rtcp.RtcpReader;

/// The wire formats against what Chromium and Firefox really send; see captures/README.md.
class BrowserCapturesTest {
  enum Browser {
    CHROMIUM("chromium-vp8-opus.pcap", 111, 96, 97, 4, 3, 1),
    FIREFOX("firefox-vp8-opus.pcap", 109, 120, 124, 3, 7, 1);

    final List<byte[]> datagrams;
    final int opus;
    final int vp8;
    final int rtx;
    final int mid;
    final int transportCc;
    final int audioLevel;

    Browser(String file, int opus, int vp8, int rtx, int mid, int transportCc, int audioLevel) {
      this.datagrams =
          Pcap.resource("/captures/" + file).stream().map(Pcap.Datagram::payload).toList();
      this.opus = opus;
      this.vp8 = vp8;
      this.rtx = rtx;
      this.mid = mid;
      this.transportCc = transportCc;
      this.audioLevel = audioLevel;
    }

    List<byte[]> of(DatagramKind kind) {
      return datagrams.stream()
          .filter(bytes -> DatagramKind.of(bytes[0] & 0xFF, bytes[1] & 0xFF) == kind)
          .toList();
    }
  }

  private final RtpPacket packet = new RtpPacket();

  @ParameterizedTest
  @EnumSource
  void everyRtpPacketParsesAndHasANegotiatedPayloadType(Browser browser) {
    List<byte[]> packets = browser.of(DatagramKind.RTP);
    assertTrue(packets.size() > 300);
    for (byte[] bytes : packets) {
      parse(bytes);
      int type = packet.payloadType();
      assertTrue(type == browser.opus || type == browser.vp8 || type == browser.rtx, "" + type);
      assertEquals(
          packet.headerLength(), RtpHeader.length(MemorySegment.ofArray(bytes), 0, bytes.length));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyRtcpCompoundIsRead(Browser browser) {
    List<byte[]> compounds = browser.of(DatagramKind.RTCP);
    assertTrue(compounds.size() > 5);
    var handler = new RecordingHandler();
    for (byte[] bytes : compounds) {
      assertTrue(RtcpReader.read(MemorySegment.ofArray(bytes), 0, bytes.length, handler));
    }
    assertTrue(handler.calls.stream().anyMatch(call -> call.startsWith("SR ")));
  }

  @ParameterizedTest
  @EnumSource
  void theFirstPacketsSayTheirSection(Browser browser) {
    Map<Integer, String> midBySsrc = new HashMap<>();
    for (byte[] bytes : browser.of(DatagramKind.RTP)) {
      parse(bytes);
      int at = packet.extensionOffset(browser.mid);
      if (at >= 0) {
        String mid =
            new String(bytes, at, packet.extensionLength(browser.mid), StandardCharsets.US_ASCII);
        assertEquals(mid, midBySsrc.getOrDefault(packet.ssrc(), mid));
        midBySsrc.put(packet.ssrc(), mid);
      }
    }
    assertTrue(midBySsrc.containsValue("0") && midBySsrc.containsValue("1"), "" + midBySsrc);
  }

  @ParameterizedTest
  @EnumSource
  void videoStartsWithAKeyFrameAndCountsItsPictures(Browser browser) {
    var descriptor = new Vp8Descriptor();
    Map<Integer, List<Integer>> picturesBySsrc = new HashMap<>();
    for (byte[] bytes : browser.of(DatagramKind.RTP)) {
      parse(bytes);
      if (packet.payloadType() != browser.vp8 || packet.payloadLength() == 0) {
        continue;
      }
      assertTrue(descriptor.parse(packet.slab(), packet.headerLength(), packet.payloadLength()));
      List<Integer> pictures =
          picturesBySsrc.computeIfAbsent(packet.ssrc(), ssrc -> new ArrayList<>());
      if (pictures.isEmpty()) {
        assertTrue(descriptor.isKeyFrameStart());
      }
      if (descriptor.isFrameStart()) {
        pictures.add(descriptor.pictureId());
        assertEquals(15, descriptor.pictureIdBits());
      }
    }
    for (List<Integer> pictures : picturesBySsrc.values()) {
      for (int i = 1; i < pictures.size(); i++) {
        assertEquals(pictures.get(i - 1) + 1 & 0x7FFF, pictures.get(i));
      }
    }
    assertTrue(!picturesBySsrc.isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void soundCarriesItsLevel(Browser browser) {
    int levels = 0;
    for (byte[] bytes : browser.of(DatagramKind.RTP)) {
      parse(bytes);
      if (packet.payloadType() == browser.opus && packet.extensionOffset(browser.audioLevel) >= 0) {
        assertEquals(1, packet.extensionLength(browser.audioLevel));
        levels++;
      }
    }
    assertTrue(levels > 100);
  }

  private void parse(byte[] bytes) {
    assertTrue(packet.parse(MemorySegment.ofArray(bytes), 0, bytes.length));
  }
}
