package org.plenum.broadcast.recording;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Keeps a recording's files in memory.
final class MemoryOutput implements RecordingOutput {
  private final Map<String, ByteArrayOutputStream> files = new HashMap<>();
  private final Map<String, byte[]> ended = new HashMap<>();
  final Set<String> closed = new HashSet<>();

  @Override
  public void append(String file, byte[] bytes) {
    files.computeIfAbsent(file, _ -> new ByteArrayOutputStream()).writeBytes(bytes);
  }

  @Override
  public void patch(String file, long at, byte[] bytes) {
    byte[] all = file(file);
    System.arraycopy(bytes, 0, all, (int) at, bytes.length);
    ended.put(file, all);
  }

  @Override
  public void close(String file) {
    closed.add(file);
  }

  byte[] file(String name) {
    byte[] patched = ended.get(name);
    return patched != null ? patched : Objects.requireNonNull(files.get(name), name).toByteArray();
  }

  long bytes() {
    return files.values().stream().mapToLong(ByteArrayOutputStream::size).sum();
  }
}
