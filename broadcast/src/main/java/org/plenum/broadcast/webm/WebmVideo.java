package org.plenum.broadcast.webm;

import java.util.ArrayList;
import java.util.List;

/// A WebM file of one track of VP8 (RFC 9559): a head, clusters as they come, and at the end an
/// index for seeking. What was written before can be played whenever it breaks off.
public final class WebmVideo {
  /// Ticks per second: blocks are timed in milliseconds, as WebM asks for.
  public static final int SCALE = 1_000;

  private static final int EBML = 0x1A45_DFA3;
  private static final int EBML_VERSION = 0x4286;
  private static final int EBML_READ_VERSION = 0x42F7;
  private static final int EBML_MAX_ID_LENGTH = 0x42F2;
  private static final int EBML_MAX_SIZE_LENGTH = 0x42F3;
  private static final int DOC_TYPE = 0x4282;
  private static final int DOC_TYPE_VERSION = 0x4287;
  private static final int DOC_TYPE_READ_VERSION = 0x4285;
  private static final int SEGMENT = 0x1853_8067;
  private static final int SEEK_HEAD = 0x114D_9B74;
  private static final int SEEK = 0x4DBB;
  private static final int SEEK_ID = 0x53AB;
  private static final int SEEK_POSITION = 0x53AC;
  private static final int INFO = 0x1549_A966;
  private static final int TIMESTAMP_SCALE = 0x2A_D7B1;
  private static final int DURATION = 0x4489;
  private static final int MUXING_APP = 0x4D80;
  private static final int WRITING_APP = 0x5741;
  private static final int TRACKS = 0x1654_AE6B;
  private static final int TRACK_ENTRY = 0xAE;
  private static final int TRACK_NUMBER = 0xD7;
  private static final int TRACK_UID = 0x73C5;
  private static final int TRACK_TYPE = 0x83;
  private static final int FLAG_LACING = 0x9C;
  private static final int CODEC_ID = 0x86;
  private static final int VIDEO = 0xE0;
  private static final int PIXEL_WIDTH = 0xB0;
  private static final int PIXEL_HEIGHT = 0xBA;
  private static final int CLUSTER = 0x1F43_B675;
  private static final int TIMESTAMP = 0xE7;
  private static final int SIMPLE_BLOCK = 0xA3;
  private static final int CUES = 0x1C53_BB6B;
  private static final int CUE_POINT = 0xBB;
  private static final int CUE_TIME = 0xB3;
  private static final int CUE_TRACK_POSITIONS = 0xB7;
  private static final int CUE_TRACK = 0xF7;
  private static final int CUE_CLUSTER_POSITION = 0xF1;
  private static final int VOID = 0xEC;

  private static final int NANOS_PER_TICK = 1_000_000;
  private static final int IS_VIDEO = 1;

  /// Of a block whose picture can be decoded alone.
  private static final int KEY = 0x80;

  /// The number of our track as a block has it.
  private static final int TRACK = 0x81;

  /// Places where players can begin: every other one goes when there are more.
  private static final int MOST_CUES = 20_000;

  /// A picture.
  ///
  /// @param ticks since the file began
  public record Block(long ticks, byte[] data, boolean key) {}

  /// Bytes that take the place of others.
  ///
  /// @param at offset in the file
  public record Patch(long at, byte[] bytes) {}

  private record Cue(long ticks, long position) {}

  private final int width;
  private final int height;
  private final List<Cue> cues = new ArrayList<>();

  // Offsets in the file.
  private long segmentAt;
  private long seekHeadAt;
  private long durationAt;
  private long length;

  public WebmVideo(int width, int height) {
    this.width = width;
    this.height = height;
  }

  /// What the file begins with.
  public byte[] head() {
    var out = new EbmlWriter();
    out.element(
        EBML,
        new EbmlWriter()
            .number(EBML_VERSION, 1)
            .number(EBML_READ_VERSION, 1)
            .number(EBML_MAX_ID_LENGTH, 4)
            .number(EBML_MAX_SIZE_LENGTH, 8)
            .text(DOC_TYPE, "webm")
            .number(DOC_TYPE_VERSION, 4)
            .number(DOC_TYPE_READ_VERSION, 2));
    out.open(SEGMENT);
    segmentAt = out.size();
    seekHeadAt = out.size();
    out.raw(empty(seekHead(0).length));
    byte[] before =
        new EbmlWriter()
            .number(TIMESTAMP_SCALE, NANOS_PER_TICK)
            .text(MUXING_APP, "Plenum")
            .text(WRITING_APP, "Plenum")
            .toBytes();
    byte[] duration = empty(duration(0).length);
    out.element(INFO, new EbmlWriter().raw(before).raw(duration));
    durationAt = (long) out.size() - duration.length;
    out.element(
        TRACKS,
        new EbmlWriter()
            .element(
                TRACK_ENTRY,
                new EbmlWriter()
                    .number(TRACK_NUMBER, 1)
                    .number(TRACK_UID, 1)
                    .number(TRACK_TYPE, IS_VIDEO)
                    .number(FLAG_LACING, 0)
                    .text(CODEC_ID, "V_VP8")
                    .element(
                        VIDEO,
                        new EbmlWriter().number(PIXEL_WIDTH, width).number(PIXEL_HEIGHT, height))));
    length = out.size();
    return out.toBytes();
  }

  /// What is appended for some pictures.
  ///
  /// @param blocks at least one; not longer than half a minute
  public byte[] cluster(List<Block> blocks) {
    long begin = blocks.getFirst().ticks();
    if (blocks.getFirst().key()) {
      cues.add(new Cue(begin, length - segmentAt));
      if (cues.size() > MOST_CUES) {
        thinOut();
      }
    }
    var contents = new EbmlWriter().number(TIMESTAMP, begin);
    for (Block block : blocks) {
      var head = new EbmlWriter();
      head.bytes(TRACK, 1).bytes(block.ticks() - begin, 2).bytes(block.key() ? KEY : 0, 1);
      contents.element(SIMPLE_BLOCK, head.raw(block.data()));
    }
    byte[] bytes = new EbmlWriter().element(CLUSTER, contents).toBytes();
    length += bytes.length;
    return bytes;
  }

  /// The index, which is appended last.
  public byte[] cues() {
    var contents = new EbmlWriter();
    for (Cue cue : cues) {
      contents.element(
          CUE_POINT,
          new EbmlWriter()
              .number(CUE_TIME, cue.ticks())
              .element(
                  CUE_TRACK_POSITIONS,
                  new EbmlWriter()
                      .number(CUE_TRACK, 1)
                      .number(CUE_CLUSTER_POSITION, cue.position())));
    }
    return new EbmlWriter().element(CUES, contents).toBytes();
  }

  /// What changes in the head once [#cues] were appended.
  public List<Patch> patches(int cuesBytes, long endTicks) {
    long end = length + cuesBytes;
    byte[] size = new EbmlWriter().longLength(end - segmentAt).toBytes();
    return List.of(
        new Patch(durationAt, duration(endTicks)),
        new Patch(seekHeadAt, seekHead(length - segmentAt)),
        new Patch(segmentAt - size.length, size));
  }

  private void thinOut() {
    for (int i = cues.size() - 1; i > 0; i -= 2) {
      cues.remove(i);
    }
  }

  private static byte[] duration(long ticks) {
    return new EbmlWriter().real(DURATION, ticks).toBytes();
  }

  /// Always of the same length.
  private static byte[] seekHead(long cuesPosition) {
    return new EbmlWriter()
        .element(
            SEEK_HEAD,
            new EbmlWriter()
                .element(
                    SEEK,
                    new EbmlWriter()
                        .element(SEEK_ID, new EbmlWriter().bytes(CUES, 4))
                        .element(SEEK_POSITION, new EbmlWriter().bytes(cuesPosition, 8))))
        .toBytes();
  }

  /// An element that means nothing, of this length.
  private static byte[] empty(int bytes) {
    return new EbmlWriter().element(VOID, new byte[bytes - 2]).toBytes();
  }
}
