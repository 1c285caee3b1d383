package org.plenum.sfu.rtcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.Garbage;
import org.plenum.sfu.receive.PayloadView;
import org.plenum.sfu.rtp.AudioLevel;
import org.plenum.sfu.rtp.Hex;
import org.plenum.sfu.rtp.RtpHeaderWriter;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.rtp.Vp8Descriptor;

/// Reading and writing allocate nothing in steady state, on native memory as in the server.
class PacketPathAllocationTest {
  private static final int ROUNDS = 20_000;

  private int windows;
  private final CountingHandler handler = new CountingHandler();

  private void assertAllocatesNothing(Runnable round) {
    long bytes =
        Garbage.ofCalmest(
            () -> {
              windows++;
              for (int i = 0; i < ROUNDS; i++) {
                round.run();
              }
            });
    assertEquals(0, bytes, "bytes allocated in " + ROUNDS + " rounds");
  }

  @Test
  void rtpIsReadAndWrittenWithoutGarbage() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment slab = arena.allocate(4096);
      copy("90 60 0001 00000000 00000001 BEDE 0001 109E 20AA 90E0923407A000", slab, 0);
      var packet = new RtpPacket();
      var descriptor = new Vp8Descriptor();
      var writer = new RtpHeaderWriter();
      var written = new int[1];
      assertAllocatesNothing(
          () -> {
            packet.parse(slab, 0, 27);
            descriptor.parse(slab, packet.headerLength(), packet.payloadLength());
            writer.begin(slab, 2048, 96, packet.marker(), 1, 2, 3, false);
            writer.extension(3, slab, packet.extensionOffset(1), packet.extensionLength(1));
            writer.extension(4, AudioLevel.level(packet, 1), 2);
            written[0] += writer.end();
          });
      assertEquals(windows * ROUNDS * 24, written[0]);
      assertEquals(0x1234, descriptor.pictureId());
    }
  }

  @Test
  void keyFramesAreReadWithoutGarbage() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment slab = arena.allocate(4096);
      int vp9 = copy("0C 8249834200280016660638", slab, 0);
      int h264 = copy("67 42C028DA01E0089F97011000000300100000030140F1832A", slab, 1000);
      int h265 = copy("4201 01016000000300900000030000030078A003C0801107CB965654A4C2", slab, 2000);
      int av1 = copy("18 08 0000000CC5016636BE4010", slab, 3000);
      var view = new PayloadView();
      var heights = new long[1];
      assertAllocatesNothing(
          () -> {
            view.parse(CodecName.VP9, slab, 0, vp9);
            heights[0] += view.height();
            view.parse(CodecName.H264, slab, 1000, h264);
            heights[0] += view.height();
            view.parse(CodecName.H265, slab, 2000, h265);
            heights[0] += view.height();
            view.parse(CodecName.AV1, slab, 3000, av1);
            heights[0] += view.height();
          });
      assertEquals((long) windows * ROUNDS * (359 + 1080 + 1080 + 359), heights[0]);
    }
  }

  @Test
  void rtcpIsReadAndWrittenWithoutGarbage() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment slab = arena.allocate(4096);
      var writer = new RtcpWriter();
      int[] lost = {65_535, 0, 1, 30};
      byte[] cname = {'a', 'b'};
      byte[] feedback = Hex.bytes("000A 0007 000000 00 D891 01 7FFF 8000 02 03");
      assertAllocatesNothing(
          () -> {
            writer.begin(slab, 1, 1200);
            writer.senderReport(1, 2, 3, 4, 5);
            writer.reportBlock(1, 2, 3, 4, 5, 6, 7);
            writer.sdes(1, cname);
            writer.nack(1, 2, lost, 4);
            writer.pictureLossIndication(1, 2);
            writer.fullIntraRequest(1, 2, 3);
            writer.transportCc(1, 2, feedback, feedback.length);
            RtcpReader.read(slab, 1, writer.length(), handler);
          });
      // SR, block, four NACKs, PLI, FIR, seven packets of feedback
      assertEquals(windows * ROUNDS * (1 + 1 + 4 + 1 + 1 + 7), handler.calls);
    }
  }

  private static int copy(String hex, MemorySegment slab, long offset) {
    MemorySegment bytes = Hex.segment(hex);
    MemorySegment.copy(bytes, 0, slab, offset, bytes.byteSize());
    return (int) bytes.byteSize();
  }

  private static final class CountingHandler
      implements RtcpHandler, TransportCcFeedbackReader.Handler {
    private final TransportCcFeedbackReader feedback = new TransportCcFeedbackReader();
    private int calls;

    @Override
    public void onSenderReport(int ssrc, long ntp, int rtpTimestamp, int packets, int octets) {
      calls++;
    }

    @Override
    public void onReportBlock(
        int reporter,
        int ssrc,
        int fraction,
        int lost,
        int highest,
        int jitter,
        int lsr,
        int dlsr) {
      calls++;
    }

    @Override
    public void onBye(int ssrc) {
      calls++;
    }

    @Override
    public void onNack(int mediaSsrc, int sequenceNumber) {
      calls++;
    }

    @Override
    public void onPictureLossIndication(int mediaSsrc) {
      calls++;
    }

    @Override
    public void onFullIntraRequest(int mediaSsrc, int commandSequenceNumber) {
      calls++;
    }

    @Override
    public void onReceiverEstimatedMaximumBitrate(long bitrateBps) {
      calls++;
    }

    @Override
    public void onTransportCc(MemorySegment slab, long offset, int length) {
      if (feedback.parse(slab, offset, length)) {
        feedback.forEach(this);
      }
    }

    @Override
    public void onPacketReceived(int sequenceNumber, int deltaTicks, long arrivalNanos) {
      calls++;
    }

    @Override
    public void onPacketLost(int sequenceNumber) {
      calls++;
    }
  }
}
