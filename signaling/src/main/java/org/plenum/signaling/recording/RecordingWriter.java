package org.plenum.signaling.recording;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.function.LongSupplier;
import org.plenum.signaling.protocol.UnfinishedBodyException;
import org.plenum.signaling.recording.RecordingException.Reason;

/// Appends to the media of recordings, as far as there is space. Any thread that holds
/// [StoredRecording#lock]; blocks for the upload and the disk.
final class RecordingWriter {
  private final Quota quota;
  private final LongSupplier nanos;

  /// @param nanos monotonic
  RecordingWriter(Quota quota, LongSupplier nanos) {
    this.quota = quota;
    this.nanos = nanos;
  }

  /// What [StoredRecording#bytes] says is on the disk, whenever this returns or throws.
  void write(StoredRecording stored, InputStream in) throws IOException {
    byte[] chunk = new byte[16 * 1024];
    try (FileChannel out = FileChannel.open(stored.media(), StandardOpenOption.WRITE)) {
      long written = stored.bytes;
      try {
        for (int read = read(in, chunk, written); read >= 0; read = read(in, chunk, written)) {
          reserve(stored, written, read);
          writeAt(stored, out, written, ByteBuffer.wrap(chunk, 0, read));
          written += read;
          stored.touchedNanos = nanos.getAsLong();
        }
      } finally {
        force(stored, out, written);
      }
    }
  }

  /// @param written what came before
  private static int read(InputStream in, byte[] chunk, long written) {
    try {
      return in.read(chunk);
    } catch (UnfinishedBodyException e) {
      throw new RecordingException(
          e.late() ? Reason.STALLED : Reason.BROKEN_OFF,
          (e.late() ? "nothing more of the upload came" : "the upload broke off")
              + ": what came of it is stored",
          written);
    } catch (IOException e) {
      throw new RecordingException(
          Reason.BROKEN_OFF, "the upload broke off: what came of it is stored", written);
    }
  }

  private void writeAt(StoredRecording stored, FileChannel out, long at, ByteBuffer bytes)
      throws IOException {
    int length = bytes.remaining();
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes, at + bytes.position());
      }
    } catch (IOException e) {
      quota.add(stored.room(), -length);
      truncate(out, at, e); // a part of it may be there
      throw e;
    }
  }

  private void force(StoredRecording stored, FileChannel out, long written) throws IOException {
    try {
      out.force(false);
      stored.bytes = written;
    } catch (IOException e) {
      quota.add(stored.room(), stored.bytes - written);
      truncate(out, stored.bytes, e); // nobody knows what of the rest is on the disk
      throw e;
    }
  }

  private static void truncate(FileChannel out, long size, IOException because) {
    try {
      out.truncate(size);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private void reserve(StoredRecording stored, long written, int more) {
    String refusal = quota.take(stored.room(), more);
    if (refusal != null) {
      throw new RecordingException(Reason.TOO_LARGE, refusal, written);
    }
  }
}
