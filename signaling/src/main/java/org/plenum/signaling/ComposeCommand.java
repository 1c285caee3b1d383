package org.plenum.signaling;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.compose.Composer;
import org.plenum.signaling.compose.Layout;
import org.plenum.signaling.config.InvalidConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `plenum compose`: makes one film of a recording of the server's.
@Command(
    name = "compose",
    description = "Make one MP4 of a recording by the server, offline, with ffmpeg.",
    mixinStandardHelpOptions = true)
final class ComposeCommand implements Callable<Integer> {
  private static final Pattern SIZE = Pattern.compile("(\\d{2,4})x(\\d{2,4})");
  private static final int BAR = 30;

  @Parameters(
      paramLabel = "FOLDER",
      description = "The recording: recordings/<id> in data.dir, with its manifest.json.")
  private @Nullable Path folder;

  @Parameters(paramLabel = "OUT", description = "The file to be made, such as meeting.mp4.")
  private @Nullable Path out;

  @Option(
      names = "--layout",
      paramLabel = "NAME",
      description =
          "grid (default): all of the same size; speaker: who speaks, or a screen, large.")
  private String layout = "grid";

  @Option(
      names = "--size",
      paramLabel = "WxH",
      description = "Of the picture, in pixels; 1280x720 by default.")
  private String size = "1280x720";

  @Option(names = "--ffmpeg", paramLabel = "FILE", description = "ffmpeg, if not in the PATH.")
  private String ffmpeg = "ffmpeg";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (spec == null || folder == null || out == null) {
      throw new IllegalStateException("picocli did not say what is meant");
    }
    Matcher pixels = SIZE.matcher(size);
    if (!pixels.matches()) {
      throw new InvalidConfigException("--size must be such as 1280x720, not " + size);
    }
    int width = Integer.parseInt(pixels.group(1)) / 2 * 2;
    int height = Integer.parseInt(pixels.group(2)) / 2 * 2;
    Path directory = out.toAbsolutePath().getParent();
    if (Files.isDirectory(out) || directory == null || !Files.isDirectory(directory)) {
      throw new InvalidConfigException(out + " must be a file in a directory that there is");
    }
    PrintWriter err = spec.commandLine().getErr();
    try {
      new Composer(ffmpeg, layout(), width, height).compose(folder, out, done -> show(err, done));
    } catch (IOException e) {
      throw new IllegalStateException("the film is not made: " + e.getMessage(), e);
    }
    err.println();
    spec.commandLine().getOut().println(out);
    return 0;
  }

  private Layout layout() {
    try {
      return Layout.valueOf(layout.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new InvalidConfigException("--layout must be grid or speaker, not " + layout);
    }
  }

  /// A bar that is drawn over itself.
  private static void show(PrintWriter err, double done) {
    int filled = Math.clamp(Math.round(done * BAR), 0, BAR);
    int percent = Math.clamp(Math.round(100 * done), 0, 100);
    err.print(
        "\r["
            + "#".repeat(filled)
            + " ".repeat(BAR - filled)
            + "] "
            + String.format(Locale.ROOT, "%3d %%", percent));
    err.flush();
  }
}
