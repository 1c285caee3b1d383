package org.plenum.broadcast.box;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.plenum.broadcast.frame.VideoFormat;

/// An initialization segment: ftyp and moov of one track, whose samples are all in fragments.
public final class InitSegment {
  /// Of video, units per second: RTP's own.
  public static final int VIDEO_SCALE = 90_000;

  /// Of sound, units per second.
  public static final int SOUND_SCALE = 48_000;

  private static final int CHANNELS = 2;

  /// What libopus needs before its output is right.
  private static final int PRE_SKIP = 312;

  private static final int TRACK = 1;
  private static final int NEXT_TRACK = 2;

  // 16.16 fixed point.
  private static final int ONE = 0x0001_0000;
  private static final int ONE_IN_2_30 = 0x4000_0000;
  private static final int SEVENTY_TWO_DPI = 0x0048_0000;

  /// `und`, packed (ISO/IEC 14496-12 §8.4.2.3).
  private static final int UNDETERMINED = 0x55C4;

  /// Bytes of a compressor name with its length.
  private static final int NAME_BYTES = 32;

  private static final int COLOUR_DEPTH = 0x0018;

  private InitSegment() {}

  /// Of a video track.
  public static byte[] video(VideoFormat format) {
    return write(
        "vide",
        VIDEO_SCALE,
        format.width(),
        format.height(),
        minf -> {
          int vmhd = minf.start("vmhd", 0, 1);
          minf.zeros(8); // graphics mode, colour
          minf.end(vmhd);
        },
        stsd -> visualSampleEntry(stsd, format));
  }

  /// Of a track of Opus in stereo, whose time scale is [#SOUND_SCALE].
  public static byte[] sound() {
    return write(
        "soun",
        SOUND_SCALE,
        0,
        0,
        minf -> {
          int smhd = minf.start("smhd", 0, 0);
          minf.zeros(4); // balance
          minf.end(smhd);
        },
        InitSegment::opusSampleEntry);
  }

  private static byte[] write(
      String handler,
      int scale,
      int width,
      int height,
      Consumer<BoxWriter> mediaHeader,
      Consumer<BoxWriter> sampleEntry) {
    var out = new BoxWriter(1024);
    fileType(out);
    int moov = out.start("moov");
    movieHeader(out);
    int trak = out.start("trak");
    trackHeader(out, width, height);
    int mdia = out.start("mdia");
    mediaHeader(out, scale);
    handler(out, handler);
    int minf = out.start("minf");
    mediaHeader.accept(out);
    dataInformation(out);
    int stbl = out.start("stbl");
    int stsd = out.start("stsd", 0, 0);
    out.u32(1);
    sampleEntry.accept(out);
    out.end(stsd);
    emptyTables(out);
    out.end(stbl);
    out.end(minf);
    out.end(mdia);
    out.end(trak);
    movieExtends(out);
    out.end(moov);
    return out.toBytes();
  }

  /// *Encapsulation of Opus in ISO Base Media File Format* §4.3.
  private static void opusSampleEntry(BoxWriter out) {
    int entry = out.start("Opus");
    out.zeros(6);
    out.u16(1); // data reference
    out.zeros(8);
    out.u16(CHANNELS);
    out.u16(16); // bits per sample
    out.zeros(4);
    out.u32(SOUND_SCALE << 16);
    int dOps = out.start("dOps");
    out.u8(0); // version
    out.u8(CHANNELS);
    out.u16(PRE_SKIP);
    out.u32(SOUND_SCALE);
    out.u16(0); // gain
    out.u8(0); // mapping family
    out.end(dOps);
    out.end(entry);
  }

  /// §4.3.
  private static void fileType(BoxWriter out) {
    int ftyp = out.start("ftyp");
    put(out, "iso6");
    out.u32(0);
    put(out, "iso6");
    put(out, "cmfc");
    put(out, "mp41");
    out.end(ftyp);
  }

  /// §8.2.2.
  private static void movieHeader(BoxWriter out) {
    int mvhd = out.start("mvhd", 0, 0);
    out.zeros(8); // creation, modification
    out.u32(1000);
    out.u32(0); // duration: in the fragments
    out.u32(ONE); // rate
    out.u16(0x0100); // volume
    out.zeros(10);
    matrix(out);
    out.zeros(24);
    out.u32(NEXT_TRACK);
    out.end(mvhd);
  }

  /// §8.3.2.
  private static void trackHeader(BoxWriter out, int width, int height) {
    int tkhd = out.start("tkhd", 0, 3); // enabled, in the movie
    out.zeros(8);
    out.u32(TRACK);
    out.zeros(4);
    out.u32(0); // duration
    out.zeros(16); // layer, group, volume
    matrix(out);
    out.u32(width << 16);
    out.u32(height << 16);
    out.end(tkhd);
  }

  private static void matrix(BoxWriter out) {
    out.u32(ONE);
    out.zeros(12);
    out.u32(ONE);
    out.zeros(12);
    out.u32(ONE_IN_2_30);
  }

  /// §8.4.2.
  private static void mediaHeader(BoxWriter out, int scale) {
    int mdhd = out.start("mdhd", 0, 0);
    out.zeros(8);
    out.u32(scale);
    out.u32(0);
    out.u16(UNDETERMINED);
    out.u16(0);
    out.end(mdhd);
  }

  /// §8.4.3.
  private static void handler(BoxWriter out, String type) {
    int hdlr = out.start("hdlr", 0, 0);
    out.zeros(4);
    put(out, type);
    out.zeros(12);
    out.u8(0); // no name
    out.end(hdlr);
  }

  /// §8.7: the data lies in the same file.
  private static void dataInformation(BoxWriter out) {
    int dinf = out.start("dinf");
    int dref = out.start("dref", 0, 0);
    out.u32(1);
    int url = out.start("url ", 0, 1);
    out.end(url);
    out.end(dref);
    out.end(dinf);
  }

  /// §12.1.3, and in it the codec's configuration.
  private static void visualSampleEntry(BoxWriter out, VideoFormat format) {
    int entry = out.start(format.name().substring(0, 4));
    out.zeros(6);
    out.u16(1); // data reference
    out.zeros(16);
    out.u16(format.width());
    out.u16(format.height());
    out.u32(SEVENTY_TWO_DPI);
    out.u32(SEVENTY_TWO_DPI);
    out.zeros(4);
    out.u16(1); // frames per sample
    out.zeros(NAME_BYTES);
    out.u16(COLOUR_DEPTH);
    out.u16(0xFFFF);
    int configuration =
        out.start(
            switch (format.codec()) {
              case H264 -> "avcC";
              case VP9 -> "vpcC";
              case AV1 -> "av1C";
              case VP8, H265, OPUS ->
                  throw new IllegalStateException(format.codec() + " has no sample entry here");
            });
    out.put(format.configuration());
    out.end(configuration);
    out.end(entry);
  }

  /// §8.6.1.2, §8.7: nothing, as all samples are in fragments.
  private static void emptyTables(BoxWriter out) {
    for (String type : new String[] {"stts", "stsc"}) {
      int table = out.start(type, 0, 0);
      out.u32(0);
      out.end(table);
    }
    int stsz = out.start("stsz", 0, 0);
    out.zeros(8);
    out.end(stsz);
    int stco = out.start("stco", 0, 0);
    out.u32(0);
    out.end(stco);
  }

  /// §8.8.1 and §8.8.3: there are fragments.
  private static void movieExtends(BoxWriter out) {
    int mvex = out.start("mvex");
    int trex = out.start("trex", 0, 0);
    out.u32(TRACK);
    out.u32(1); // sample description
    out.zeros(12);
    out.end(trex);
    out.end(mvex);
  }

  private static void put(BoxWriter out, String text) {
    out.put(text.getBytes(StandardCharsets.US_ASCII));
  }
}
