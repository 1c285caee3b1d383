package org.plenum.signaling.compose;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.stream.Stream;
import org.plenum.signaling.config.InvalidConfigException;

/// Makes one MP4 of a recording: ffmpeg renders one scene after another beside the result, and
/// joins them. What is there of a film that could not be finished is deleted.
public final class Composer {
  private static final String MICROS = "out_time_us=";

  private final String ffmpeg;
  private final Layout layout;
  private final int width;
  private final int height;

  /// @param ffmpeg its command
  /// @param width in pixels, even; and so is `height`
  public Composer(String ffmpeg, Layout layout, int width, int height) {
    this.ffmpeg = ffmpeg;
    this.layout = layout;
    this.width = width;
    this.height = height;
  }

  /// @param folder of the recording
  /// @param out replaced if it is there
  /// @param progress is told how much of it is done, from 0 to 1
  /// @throws InvalidConfigException with one sentence if that is no recording, or ffmpeg is missing
  /// @throws IOException if ffmpeg fails
  public void compose(Path folder, Path out, DoubleConsumer progress)
      throws IOException, InterruptedException {
    Film film = Film.read(folder);
    requireFfmpeg();
    Path target = out.toAbsolutePath();
    Path scratch = Files.createTempDirectory(target.getParent(), ".compose-");
    try {
      List<Film.Scene> scenes = film.scenes(layout);
      List<String> list = new ArrayList<>();
      for (int i = 0; i < scenes.size(); i++) {
        Film.Scene scene = scenes.get(i);
        Path file = scratch.resolve("%06d.mkv".formatted(i));
        run(
            Ffmpeg.scene(scene, folder.toAbsolutePath(), layout, width, height, file),
            seconds -> progress.accept((scene.start() + seconds) / film.seconds()));
        list.add("file '" + file.getFileName() + "'");
      }
      Path names = Files.write(scratch.resolve("scenes.txt"), list);
      Path whole = scratch.resolve("whole.mp4");
      run(Ffmpeg.join(names, whole), _ -> {});
      Files.move(whole, target, StandardCopyOption.REPLACE_EXISTING);
      progress.accept(1);
    } finally {
      delete(scratch);
    }
  }

  private void requireFfmpeg() throws InterruptedException {
    try {
      Process asked =
          new ProcessBuilder(ffmpeg, "-version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (asked.waitFor() == 0) {
        return;
      }
    } catch (IOException e) {
      // said below
    }
    throw new InvalidConfigException(
        ffmpeg + " cannot be run: install ffmpeg, or say by --ffmpeg where it is");
  }

  /// @param progress is told how many seconds are rendered
  private void run(List<String> arguments, DoubleConsumer progress)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(ffmpeg));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
      var complaints = new StringBuilder();
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.startsWith(MICROS)) {
          String micros = line.substring(MICROS.length()).strip();
          progress.accept(micros.equals("N/A") ? 0 : Math.max(0, Long.parseLong(micros) / 1e6));
        } else if (!line.matches("\\w+=.*")) {
          complaints.append(line).append('\n');
        }
      }
      if (process.waitFor() != 0) {
        throw new IOException("ffmpeg failed: " + complaints.toString().strip());
      }
    } finally {
      process.destroy();
    }
  }

  private static void delete(Path scratch) throws IOException {
    try (Stream<Path> files = Files.list(scratch)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(scratch);
  }
}
