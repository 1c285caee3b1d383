package org.plenum.broadcast.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.plenum.sfu.CodecName;

/// Video that ffmpeg encoded, and its pictures as RTP payloads of at most [#MOST] bytes.
public final class EncodedVideo {
  /// Small, so that key frames take several packets.
  private static final int MOST = 400;

  private EncodedVideo() {}

  /// The payloads of each picture: a moving test picture at 30 a second.
  ///
  /// @param keyEvery pictures from one key frame to the next
  public static List<List<byte[]>> pictures(
      CodecName codec, int width, int height, int count, int keyEvery) {
    List<String> encoder =
        switch (codec) {
          case H264 ->
              List.of(
                  "libx264",
                  "-preset",
                  "ultrafast",
                  "-tune",
                  "zerolatency",
                  "-threads",
                  "1",
                  "-f",
                  "h264");
          case VP9 ->
              List.of(
                  "libvpx-vp9",
                  "-deadline",
                  "realtime",
                  "-lag-in-frames",
                  "0",
                  "-auto-alt-ref",
                  "0",
                  "-f",
                  "ivf");
          case AV1 ->
              List.of(
                  "libaom-av1",
                  "-usage",
                  "realtime",
                  "-cpu-used",
                  "8",
                  "-lag-in-frames",
                  "0",
                  "-f",
                  "ivf");
          case VP8 -> List.of("libvpx", "-deadline", "realtime", "-auto-alt-ref", "0", "-f", "ivf");
          case H265, OPUS -> throw new IllegalArgumentException(codec.toString());
        };
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-f", "lavfi", "-i"));
    command.add("testsrc=size=%dx%d:rate=30,format=yuv420p".formatted(width, height));
    command.addAll(List.of("-frames:v", "" + count, "-g", "" + keyEvery, "-c:v"));
    command.addAll(encoder);
    command.add("-");
    byte[] file = run(command);
    List<List<byte[]>> pictures = new ArrayList<>();
    if (codec == CodecName.H264) {
      List<byte[]> units = new ArrayList<>();
      for (byte[] unit : units(file)) {
        units.add(unit);
        int type = unit[0] & 0x1F;
        if (type == 1 || type == 5) {
          pictures.add(h264(units));
          units.clear();
        }
      }
    } else {
      ByteBuffer ivf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(32);
      while (ivf.hasRemaining()) {
        byte[] frame = new byte[ivf.getInt()];
        ivf.getLong();
        ivf.get(frame);
        pictures.add(
            switch (codec) {
              case VP8 -> vp8(frame);
              case VP9 -> vp9(frame);
              default -> av1(frame);
            });
      }
    }
    assertEquals(count, pictures.size());
    return pictures;
  }

  /// Skips the test where ffmpeg is not installed.
  public static byte[] run(List<String> command) {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/ffmpeg")), "this test needs Debian's ffmpeg");
    try {
      Path errors = Files.createTempFile("ffmpeg", ".txt");
      try {
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        byte[] output = process.getInputStream().readAllBytes();
        assertEquals(0, process.onExit().join().exitValue(), Files.readString(errors));
        return output;
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Fails unless ffmpeg decodes this MP4 file without a complaint.
  ///
  /// @return what ffprobe says of its video: codec, width, height, number of pictures
  public static String decoded(byte[] mp4) {
    return decoded(mp4, ".mp4", "");
  }

  /// The same of any file.
  ///
  /// @param suffix of its name
  /// @param options for ffmpeg, before the input: `-ss 4`
  public static String decoded(byte[] media, String suffix, String options) {
    try {
      Path file = Files.createTempFile("live", suffix);
      try {
        Files.write(file, media);
        String name = file.toString();
        byte[] said =
            run(
                List.of(
                    "sh",
                    "-c",
                    "ffmpeg -v warning -xerror " + options + " -i " + name + " -f null - 2>&1"));
        assertEquals("", new String(said, StandardCharsets.UTF_8));
        byte[] probed =
            run(
                List.of(
                    "ffprobe",
                    "-v",
                    "error",
                    "-count_frames",
                    "-show_entries",
                    "stream=codec_name,width,height,nb_read_frames",
                    "-of",
                    "csv=p=0",
                    name));
        return new String(probed, StandardCharsets.UTF_8).strip();
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Annex B: NAL units behind start codes.
  private static List<byte[]> units(byte[] file) {
    List<byte[]> units = new ArrayList<>();
    int begin = -1;
    for (int i = 0; i + 3 <= file.length; i++) {
      if (file[i] == 0 && file[i + 1] == 0 && file[i + 2] == 1) {
        if (begin >= 0) {
          units.add(withoutZeros(file, begin, i));
        }
        begin = i + 3;
      }
    }
    units.add(withoutZeros(file, begin, file.length));
    return units;
  }

  private static byte[] withoutZeros(byte[] file, int from, int to) {
    int end = to;
    while (end > from && file[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOfRange(file, from, end);
  }

  /// What fits into one packet goes as STAP-A, slices in fragments.
  private static List<byte[]> h264(List<byte[]> units) {
    List<byte[]> payloads = new ArrayList<>();
    ByteBuffer together = ByteBuffer.allocate(MOST).put((byte) 24);
    for (byte[] unit : units) {
      if (unit.length > MOST) {
        continue; // x264's message to the world, or a slice
      }
      if (together.remaining() > unit.length + 2) {
        together.putShort((short) unit.length).put(unit);
      }
    }
    if (together.position() > 1) {
      payloads.add(Arrays.copyOf(together.array(), together.position()));
    }
    byte[] slice = units.getLast();
    if (slice.length > MOST) {
      for (int at = 1; at < slice.length; at += MOST) {
        int end = Math.min(slice.length, at + MOST);
        int flags = (at == 1 ? 0x80 : 0) | (end == slice.length ? 0x40 : 0);
        payloads.add(
            ByteBuffer.allocate(2 + end - at)
                .put((byte) (slice[0] & 0xE0 | 28))
                .put((byte) (flags | slice[0] & 0x1F))
                .put(slice, at, end - at)
                .array());
      }
    }
    return payloads;
  }

  /// Without picture ids (RFC 7741 §4.2).
  private static List<byte[]> vp8(byte[] frame) {
    List<byte[]> payloads = new ArrayList<>();
    for (int at = 0; at < frame.length; at += MOST) {
      int end = Math.min(frame.length, at + MOST);
      payloads.add(
          ByteBuffer.allocate(1 + end - at)
              .put((byte) (at == 0 ? 0x10 : 0))
              .put(frame, at, end - at)
              .array());
    }
    return payloads;
  }

  /// Non-flexible, one layer, picture ids of 7 bits left out.
  private static List<byte[]> vp9(byte[] frame) {
    boolean inter = (frame[0] & 0x04) != 0;
    List<byte[]> payloads = new ArrayList<>();
    for (int at = 0; at < frame.length; at += MOST) {
      int end = Math.min(frame.length, at + MOST);
      int flags = (inter ? 0x40 : 0) | (at == 0 ? 0x08 : 0) | (end == frame.length ? 0x04 : 0);
      payloads.add(
          ByteBuffer.allocate(1 + end - at).put((byte) flags).put(frame, at, end - at).array());
    }
    return payloads;
  }

  /// OBUs without sizes, each in packets of its own.
  private static List<byte[]> av1(byte[] unit) {
    List<byte[]> payloads = new ArrayList<>();
    ByteBuffer rest = ByteBuffer.wrap(unit);
    while (rest.hasRemaining()) {
      byte header = rest.get();
      int size = 0;
      for (int shift = 0; ; shift += 7) {
        int next = rest.get();
        size |= (next & 0x7F) << shift;
        if (next >= 0) {
          break;
        }
      }
      byte[] obu = new byte[1 + size];
      obu[0] = (byte) (header & ~0x02);
      rest.get(obu, 1, size);
      for (int at = 0; at < obu.length; at += MOST) {
        int end = Math.min(obu.length, at + MOST);
        int flags = (at > 0 ? 0x80 : 0) | (end < obu.length ? 0x40 : 0) | 0x10;
        payloads.add(
            ByteBuffer.allocate(1 + end - at).put((byte) flags).put(obu, at, end - at).array());
      }
    }
    return payloads;
  }
}
