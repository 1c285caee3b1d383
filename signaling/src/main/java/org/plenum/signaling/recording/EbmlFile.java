package org.plenum.signaling.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// Reads the elements of an EBML file (RFC 8794) where they lie. Nothing that a file says makes it
/// read beyond the file's end or throw anything but IOException. Not thread-safe.
final class EbmlFile {
  static final long UNKNOWN = -1;

  private static final int WINDOW = 64 * 1024;

  private final FileChannel channel;
  private final long length;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
  private long windowAt;

  /// An element.
  ///
  /// @param at offset of its first byte
  /// @param body offset of its content
  /// @param size of its content in bytes; UNKNOWN if it ends where its parent's next child begins
  record Element(long id, long at, long body, long size) {
    long end() {
      return body + size;
    }
  }

  EbmlFile(FileChannel channel) throws IOException {
    this.channel = channel;
    this.length = channel.size();
  }

  long length() {
    return length;
  }

  /// The element that begins here; null if none does: the end, or bytes that are none, or a head
  /// that is cut off.
  @Nullable Element at(long offset, long end) throws IOException {
    int idLength = prefixLength(offset, end, 4);
    if (idLength == 0) {
      return null;
    }
    long sizeAt = offset + idLength;
    int sizeLength = prefixLength(sizeAt, end, 8);
    if (sizeLength == 0) {
      return null;
    }
    long size = number(sizeAt, sizeLength) & (1L << (7 * sizeLength)) - 1;
    boolean unknown = size == (1L << (7 * sizeLength)) - 1;
    long body = sizeAt + sizeLength;
    return new Element(number(offset, idLength), offset, body, unknown ? UNKNOWN : size);
  }

  /// The big-endian unsigned number of up to 8 bytes; the caller has checked that they are there.
  long number(long offset, long bytes) throws IOException {
    long value = 0;
    for (long i = 0; i < Math.min(bytes, 8); i++) {
      value = value << 8 | byteAt(offset + i);
    }
    return value;
  }

  /// How many bytes a variable-length number has (RFC 8794 §4); 0 if there is none.
  int prefixLength(long offset, long end, int most) throws IOException {
    if (offset >= Math.min(end, length)) {
      return 0;
    }
    int bytes = Integer.numberOfLeadingZeros(byteAt(offset)) - 23;
    return bytes > most || offset + bytes > Math.min(end, length) ? 0 : bytes;
  }

  /// 0 to 255.
  int byteAt(long offset) throws IOException {
    long inWindow = offset - windowAt;
    if (inWindow < 0 || inWindow >= window.limit()) {
      fill(offset);
      inWindow = 0;
    }
    return window.get((int) inWindow) & 0xFF;
  }

  private void fill(long offset) throws IOException {
    window.clear();
    windowAt = offset;
    while (window.hasRemaining()) {
      if (channel.read(window, offset + window.position()) < 0) {
        break;
      }
    }
    window.flip();
    if (!window.hasRemaining()) {
      throw new IOException("nothing at offset " + offset);
    }
  }
}
