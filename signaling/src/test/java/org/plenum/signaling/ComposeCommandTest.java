package org.plenum.signaling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One film of a recording in which Ada (red, with a tone) is there from the beginning, and Bob
/// (blue) comes two seconds later and stays two seconds longer.
class ComposeCommandTest {
  private static final Path FFMPEG = Path.of("/usr/bin/ffmpeg");

  /// Ada's sound begins two hundred milliseconds after her picture.
  private static final String MANIFEST =
      """
      {"recording": "x", "room": "blue", "seconds": 6, "complete": true, "tracks": [
        {"participant": "ada", "source": "camera", "parts": [
          {"file": "0001-camera.webm", "contentType": "video/webm", "start": 0, "seconds": 4,
           "alignment": []}]},
        {"participant": "ada", "source": "microphone", "parts": [
          {"file": "0002-microphone.mp4", "contentType": "audio/mp4", "start": 0.2, "seconds": 4,
           "alignment": [[0, 0.2]]}]},
        {"participant": "bob", "source": "camera", "parts": [
          {"file": "0003-camera.mp4", "contentType": "video/mp4", "start": 2, "seconds": 4,
           "alignment": [[0, 2]]}]}],
       "speakers": "speakers.txt"}
      """;

  @TempDir private Path directory;
  private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void record() throws Exception {
    folder = Files.createDirectory(directory.resolve("x"));
    Files.writeString(folder.resolve("manifest.json"), MANIFEST);
    Files.writeString(folder.resolve("speakers.txt"), "0.5 ada\n3.0 bob\n3.5 -\n");
  }

  @Test
  void allAreSeenInAGridAndHeardWhenTheySpoke() throws Exception {
    media();
    Path film = directory.resolve("film.mp4");
    assertEquals(0, compose(folder.toString(), film.toString()), err.toString());
    assertEquals(film + "\n", out.toString());
    assertTrue(err.toString().contains("100 %"), err.toString());
    assertEquals("h264,1280,720", probe(film, "v:0", "stream=codec_name,width,height"));
    assertEquals("aac", probe(film, "a:0", "stream=codec_name"));
    double seconds = Double.parseDouble(probe(film, "v:0", "format=duration"));
    assertTrue(seconds > 5.8 && seconds < 6.3, "takes " + seconds);
    assertEquals("red", colour(film, 1, 640, 360));
    assertEquals("red", colour(film, 3, 320, 360));
    assertEquals("blue", colour(film, 3, 960, 360));
    assertEquals("blue", colour(film, 5, 640, 360));
    // The tone begins a second into its file, which lies 0.2 s after the picture.
    String said =
        run(
            "ffmpeg",
            "-i",
            film.toString(),
            "-af",
            "silencedetect=n=-40dB:d=0.5",
            "-f",
            "null",
            "-");
    double begins = Double.parseDouble(said.replaceAll("(?s).*?silence_end: ([0-9.]+).*", "$1"));
    assertTrue(Math.abs(begins - 1.2) < 0.05, "the tone begins at " + begins);
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(2, files.count(), "nothing else is left");
    }
  }

  @Test
  void whoSpeaksIsLarge() throws Exception {
    media();
    Path film = directory.resolve("film.mp4");
    String[] arguments = {
      folder.toString(), film.toString(), "--layout", "speaker", "--size", "640x360"
    };
    assertEquals(0, compose(arguments), err.toString());
    assertEquals("red", colour(film, 2.5, 200, 180));
    assertEquals("blue", colour(film, 2.5, 570, 45));
    assertEquals("blue", colour(film, 3.5, 200, 180));
    assertEquals("red", colour(film, 3.5, 570, 45));
  }

  @Test
  void whatIsMissingIsSaid() throws Exception {
    String film = directory.resolve("film.mp4").toString();
    refuses("no recording of the server's", directory.toString(), film);
    refuses("0001-camera.webm is missing", folder.toString(), film);
    for (String file : List.of("0001-camera.webm", "0002-microphone.mp4", "0003-camera.mp4")) {
      Files.writeString(folder.resolve(file), "no film");
    }
    refuses("install ffmpeg", folder.toString(), film, "--ffmpeg", "/nowhere/ffmpeg");
    refuses("--layout must be", folder.toString(), film, "--layout", "round");
    refuses("--size must be", folder.toString(), film, "--size", "big");
    refuses("must be a file", folder.toString(), directory.toString());
    Files.writeString(
        folder.resolve("manifest.json"), MANIFEST.replace("0001-camera.webm", "../../x.webm"));
    refuses("which is no file", folder.toString(), film);
    assertFalse(Files.exists(Path.of(film)));
  }

  @Test
  void whatFfmpegCannotReadIsSaidAndNothingIsLeft() throws Exception {
    assumeTrue(Files.isExecutable(FFMPEG), "this test needs Debian's ffmpeg");
    for (String file : List.of("0001-camera.webm", "0002-microphone.mp4", "0003-camera.mp4")) {
      Files.writeString(folder.resolve(file), "no film");
    }
    refuses("ffmpeg failed", folder.toString(), directory.resolve("film.mp4").toString());
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(folder), files.toList());
    }
  }

  private void refuses(String why, String... arguments) {
    err.getBuffer().setLength(0);
    assertEquals(1, compose(arguments));
    assertTrue(err.toString().contains(why), err.toString());
    assertFalse(err.toString().contains("\tat "), err.toString());
  }

  private int compose(String... arguments) {
    String[] all = Stream.concat(Stream.of("compose"), Stream.of(arguments)).toArray(String[]::new);
    return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), all);
  }

  private void media() throws Exception {
    assumeTrue(Files.isExecutable(FFMPEG), "this test needs Debian's ffmpeg");
    run(
        "ffmpeg",
        "-f",
        "lavfi",
        "-i",
        "color=c=red:s=320x180:r=15:d=4",
        "-c:v",
        "libvpx",
        folder.resolve("0001-camera.webm").toString());
    run(
        "ffmpeg",
        "-f",
        "lavfi",
        "-i",
        "sine=f=440:d=3",
        "-af",
        "adelay=1000:all=1",
        "-c:a",
        "libopus",
        "-strict",
        "-2",
        "-movflags",
        "frag_keyframe+empty_moov",
        "-frag_duration",
        "500000",
        folder.resolve("0002-microphone.mp4").toString());
    run(
        "ffmpeg",
        "-f",
        "lavfi",
        "-i",
        "color=c=blue:s=640x360:r=15:d=4",
        "-c:v",
        "libx264",
        "-pix_fmt",
        "yuv420p",
        "-movflags",
        "frag_keyframe+empty_moov",
        folder.resolve("0003-camera.mp4").toString());
  }

  /// Of a pixel: the one of three that is the most.
  private static String colour(Path film, double at, int x, int y) throws Exception {
    Path pixel = Files.createTempFile("pixel", ".rgb");
    try {
      run(
          "ffmpeg",
          "-y",
          "-ss",
          String.valueOf(at),
          "-i",
          film.toString(),
          "-frames:v",
          "1",
          "-vf",
          "crop=8:8:%d:%d,scale=1:1".formatted(x, y),
          "-f",
          "rawvideo",
          "-pix_fmt",
          "rgb24",
          pixel.toString());
      byte[] rgb = Files.readAllBytes(pixel);
      int red = rgb[0] & 0xFF;
      int blue = rgb[2] & 0xFF;
      return red > 150 && blue < 100 ? "red" : blue > 150 && red < 100 ? "blue" : red + "," + blue;
    } finally {
      Files.delete(pixel);
    }
  }

  private static String probe(Path film, String stream, String entries) throws Exception {
    return run(
            "ffprobe",
            "-v",
            "error",
            "-select_streams",
            stream,
            "-show_entries",
            entries,
            "-of",
            "csv=p=0",
            film.toString())
        .strip();
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }
}
