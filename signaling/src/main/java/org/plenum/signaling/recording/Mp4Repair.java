package org.plenum.signaling.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.plenum.broadcast.box.SegmentIndex;
import org.plenum.signaling.data.DurableFiles;

/// Makes a file that broke off, because the server was killed, one that ends with its last whole
/// fragment and can be sought in. It must be one that the recorder wrote: anything else is left
/// alone.
final class Mp4Repair {
  private static final int HEAD = 8;
  private static final int MOOF = 0x6D6F_6F66;
  private static final int MDAT = 0x6D64_6174;
  private static final int FREE = 0x6672_6565;

  // Offsets in a fragment as the recorder writes it: moof, mfhd, traf, tfhd, tfdt, trun.
  private static final int DECODE_TIME = 8 + 16 + 8 + 16 + 12;
  private static final int SAMPLE_COUNT = DECODE_TIME + 8 + 12;
  private static final int FIRST_SAMPLE = SAMPLE_COUNT + 8;
  private static final int SAMPLE_BYTES = 12;

  /// Bit of a sample's flags (ISO/IEC 14496-12 §8.8.3.1).
  private static final int IS_NON_SYNC = 0x0001_0000;

  /// A moof that is larger is none of ours.
  private static final int MOST_MOOF = 16 << 20;

  private Mp4Repair() {}

  /// @return how many ticks the file has; 0 if it has no whole fragment
  static long repair(Path file, int scale) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      var index = new SegmentIndex();
      long placeholder = -1;
      long end = 0;
      long ticks = 0;
      long size = channel.size();
      for (long at = 0; at + HEAD <= size; ) {
        ByteBuffer head = read(channel, at, HEAD);
        long length = Integer.toUnsignedLong(head.getInt());
        int type = head.getInt();
        if (length < HEAD || at + length > size) {
          break;
        }
        if (type == FREE && placeholder < 0) {
          placeholder = at;
        }
        if (type == MOOF) {
          long next = at + length;
          if (length > MOST_MOOF || next + HEAD > size) {
            break;
          }
          ByteBuffer data = read(channel, next, HEAD);
          long dataLength = Integer.toUnsignedLong(data.getInt());
          if (data.getInt() != MDAT || next + dataLength > size) {
            break;
          }
          ByteBuffer moof = read(channel, at, (int) length);
          if (moof.limit() < FIRST_SAMPLE + SAMPLE_BYTES) {
            break;
          }
          long start = moof.getLong(DECODE_TIME);
          boolean sync = (moof.getInt(FIRST_SAMPLE + 8) & IS_NON_SYNC) == 0;
          index.add(length + dataLength, start, sync);
          ticks = start + durations(moof);
          at = next + dataLength;
        } else {
          at += length;
        }
        end = at;
      }
      channel.truncate(end);
      if (placeholder >= 0 && ticks > 0) {
        DurableFiles.writeAll(
            channel.position(placeholder), ByteBuffer.wrap(index.write(scale, ticks)));
      }
      channel.force(true);
      return ticks;
    }
  }

  private static long durations(ByteBuffer moof) {
    long sum = 0;
    int count = moof.getInt(SAMPLE_COUNT);
    for (int i = 0; i < count; i++) {
      int at = FIRST_SAMPLE + i * SAMPLE_BYTES;
      if (at + 4 > moof.limit()) {
        break;
      }
      sum += Integer.toUnsignedLong(moof.getInt(at));
    }
    return sum;
  }

  private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw new IOException("the file ends early");
      }
    }
    return bytes.flip();
  }
}
