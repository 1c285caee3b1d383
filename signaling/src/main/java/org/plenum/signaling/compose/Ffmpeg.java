package org.plenum.signaling.compose;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// ffmpeg's arguments. Pure.
final class Ffmpeg {
  private static final String BACKGROUND = "0x14161a";
  private static final int SAMPLES = 48_000;

  private Ffmpeg() {}

  /// Renders a scene into a file of its own, with its sound as it is.
  static List<String> scene(
      Film.Scene scene, Path folder, Layout layout, int width, int height, Path out) {
    List<String> arguments = new ArrayList<>(List.of("-nostdin", "-v", "error", "-y"));
    String length = seconds(scene.seconds());
    List<Layout.Cell> cells = layout.cells(scene.pictures().size(), width, height);
    List<Film.Part> inputs = new ArrayList<>(scene.pictures().subList(0, cells.size()));
    inputs.addAll(scene.sounds());
    for (Film.Part part : inputs) {
      arguments.addAll(
          List.of(
              "-ss",
              seconds(part.at(scene.start())),
              "-t",
              length,
              "-i",
              folder.resolve(part.file()).toString()));
    }
    arguments.addAll(List.of("-filter_complex", filter(scene, cells, width, height)));
    arguments.addAll(List.of("-map", "[picture]", "-map", "[sound]", "-t", length));
    arguments.addAll(
        List.of("-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-pix_fmt", "yuv420p"));
    arguments.addAll(List.of("-video_track_timescale", "90000", "-c:a", "pcm_s16le"));
    arguments.addAll(List.of("-progress", "pipe:1", "-f", "matroska", out.toString()));
    return arguments;
  }

  /// Joins scenes that a list names.
  static List<String> join(Path list, Path out) {
    List<String> arguments = new ArrayList<>(List.of("-nostdin", "-v", "error", "-y"));
    arguments.addAll(List.of("-f", "concat", "-safe", "0", "-i", list.toString()));
    arguments.addAll(List.of("-c:v", "copy", "-c:a", "aac", "-b:a", "128k"));
    arguments.addAll(List.of("-movflags", "+faststart", "-f", "mp4", out.toString()));
    return arguments;
  }

  private static String filter(Film.Scene scene, List<Layout.Cell> cells, int width, int height) {
    String length = seconds(scene.seconds());
    var text = new StringBuilder();
    text.append(
        "color=c=%s:s=%dx%d:r=%d:d=%s[all0];"
            .formatted(BACKGROUND, width, height, Film.RATE, length));
    for (int i = 0; i < cells.size(); i++) {
      Layout.Cell cell = cells.get(i);
      text.append(
          ("[%d:v]fps=%d,scale=%d:%d:force_original_aspect_ratio=decrease:force_divisible_by=2,"
                  + "setsar=1[cell%d];")
              .formatted(i, Film.RATE, cell.width(), cell.height(), i));
      text.append(
          "[all%d][cell%d]overlay=x=%d+(%d-w)/2:y=%d+(%d-h)/2:eof_action=repeat[all%d];"
              .formatted(i, i, cell.x(), cell.width(), cell.y(), cell.height(), i + 1));
    }
    text.append("[all%d]format=yuv420p[picture];".formatted(cells.size()));
    int sounds = scene.sounds().size();
    if (sounds == 0) {
      text.append("anullsrc=r=%d:cl=stereo,atrim=0:%s[sound]".formatted(SAMPLES, length));
      return text.toString();
    }
    for (int i = 0; i < sounds; i++) {
      text.append(
          "[%d:a]aresample=%d:async=1:first_pts=0,aformat=channel_layouts=stereo[voice%d];"
              .formatted(cells.size() + i, SAMPLES, i));
    }
    for (int i = 0; i < sounds; i++) {
      text.append("[voice%d]".formatted(i));
    }
    text.append(
        "amix=inputs=%d:normalize=0,alimiter=limit=0.95:level=0,apad,atrim=0:%s[sound]"
            .formatted(sounds, length));
    return text.toString();
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.6f", seconds);
  }
}
