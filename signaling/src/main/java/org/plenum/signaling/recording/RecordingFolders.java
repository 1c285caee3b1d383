package org.plenum.signaling.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.plenum.signaling.data.DurableFiles;

/// The folders of the server's recordings on the disk.
///
/// @param directory that holds them
record RecordingFolders(Path directory) implements RecordingPlace {
  Path folder(RecordingId recording) {
    return directory.resolve(recording.value());
  }

  @Override
  public StoredFile open(RecordingId recording, String name) throws IOException {
    return StoredFile.open(folder(recording).resolve(name));
  }

  @Override
  public void delete(RecordingId recording) throws IOException {
    Path folder = folder(recording);
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (!file.endsWith(RecordingFolder.MANIFEST)) {
          Files.deleteIfExists(file);
        }
      }
    }
    Files.deleteIfExists(folder.resolve(RecordingFolder.MANIFEST));
    Files.delete(folder);
    DurableFiles.syncDirectory(folder.toAbsolutePath().resolveSibling(""));
  }
}
