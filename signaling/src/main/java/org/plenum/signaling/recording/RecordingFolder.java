package org.plenum.signaling.recording;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.plenum.broadcast.recording.RecordedRoom;
import org.plenum.broadcast.recording.RecordingEnd;
import org.plenum.broadcast.recording.RecordingStorage;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RefusedException;
import org.plenum.signaling.data.DurableFiles;

/// The folder of one recording while that goes on: its files, and `manifest.json`. It is made with
/// the first of them. The storage's thread only.
final class RecordingFolder implements RecordingStorage {
  static final String MANIFEST = "manifest.json";

  /// What a recording's files are called, and nothing else.
  static final Pattern FILE = Pattern.compile("\\d{4}-[a-z-]{1,20}\\.(mp4|webm)");

  /// Keeps a place on the disk for the manifest that says why it ended.
  static final String RESERVE = "reserve";

  private static final int RESERVE_BYTES = 1 << 16;

  private final RoomRecording about;
  private final Path folder;
  private final Quota quota;
  private final Function<ParticipantId, String> names;
  private final Map<ParticipantId, String> known = new ConcurrentHashMap<>();
  private final Map<String, FileChannel> open = new HashMap<>();
  private final Runnable onBegun;
  private final Runnable onDone;
  private String end = "";
  private boolean made;

  /// @param names of participants that are there; empty if one is not known
  /// @param onBegun called once, when there is something
  /// @param onDone called once, when nothing more will be done to it
  RecordingFolder(
      RoomRecording about,
      Path folder,
      Quota quota,
      Function<ParticipantId, String> names,
      Runnable onBegun,
      Runnable onDone) {
    this.about = about;
    this.folder = folder;
    this.quota = quota;
    this.names = names;
    this.onBegun = onBegun;
    this.onDone = onDone;
  }

  @Override
  public void append(String file, byte[] bytes) throws IOException {
    String refusal = quota.take(about.room(), bytes.length);
    if (refusal != null) {
      throw new NoPlaceException(refusal);
    }
    about.add(bytes.length);
    FileChannel channel = channel(file);
    long size = channel.size();
    try {
      DurableFiles.writeAll(channel.position(size), ByteBuffer.wrap(bytes));
    } catch (IOException e) {
      shorten(channel, size, e); // nobody can use a part of it
      quota.add(about.room(), -bytes.length);
      about.add(-bytes.length);
      throw e;
    }
  }

  @Override
  public void patch(String file, long at, byte[] bytes) throws IOException {
    DurableFiles.writeAll(channel(file).position(at), ByteBuffer.wrap(bytes));
  }

  @Override
  public void close(String file) throws IOException {
    FileChannel channel = open.remove(file);
    if (channel != null) {
      try (channel) {
        channel.force(true);
      }
    }
  }

  @Override
  public void keep(RecordedRoom room) throws IOException {
    make();
    IOException failure = null;
    for (Map.Entry<String, FileChannel> each : Map.copyOf(open).entrySet()) {
      try {
        each.getValue().force(false);
        if (room.end() != null) {
          close(each.getKey());
        }
      } catch (IOException e) {
        failure = e;
      }
    }
    about.update(room.lengthNanos() / 1e9, room.tracks().size(), null);
    if (room.end() != null) {
      end = RecordingManifest.reason(room.end().reason());
      Files.deleteIfExists(folder.resolve(RESERVE));
    }
    DurableFiles.replace(folder.resolve(MANIFEST), RecordingManifest.write(room, this::nameOf));
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void mend(RecordingEnd why) throws IOException {
    RecordingMending.mend(folder, manifest(folder), why);
    end = RecordingManifest.reason(why.reason());
  }

  /// Only now others may move or delete it.
  @Override
  public void done() {
    about.update(about.seconds(), about.tracks(), end);
    onDone.run();
  }

  private String nameOf(ParticipantId participant) {
    String name = known.getOrDefault(participant, "");
    if (name.isEmpty()) {
      try {
        name = names.apply(participant);
      } catch (RefusedException e) {
        return ""; // the room has closed
      }
      if (!name.isEmpty()) {
        known.put(participant, name);
      }
    }
    return name;
  }

  private void make() throws IOException {
    if (!made) {
      made = true;
      Files.createDirectory(folder);
      DurableFiles.syncDirectory(folder.toAbsolutePath().resolveSibling(""));
      Files.write(folder.resolve(RESERVE), new byte[RESERVE_BYTES]);
      onBegun.run();
    } else if (Files.notExists(folder)) {
      throw new NoSuchFileException(folder + " is gone");
    }
  }

  private FileChannel channel(String file) throws IOException {
    FileChannel present = open.get(file);
    if (present != null) {
      return present;
    }
    make();
    FileChannel channel =
        FileChannel.open(folder.resolve(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    open.put(file, channel);
    return channel;
  }

  private static void shorten(FileChannel channel, long size, IOException because) {
    try {
      channel.truncate(size);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  /// A manifest of a recording that nobody makes any more.
  static ObjectNode manifest(Path folder) throws IOException {
    return RecordingManifest.read(folder.resolve(MANIFEST));
  }
}
