package org.plenum.signaling.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Watches the broadcast of the call's room as a CDN's origin is asked, and lets ffmpeg decode it.
final class LiveViewer {
  private static final String API = "/api/v1/rooms/lobby/broadcast";
  private static final String INDEX = "/live/lobby/index.m3u8";

  private final String base;

  private LiveViewer(String base) {
    this.base = base;
  }

  /// Begins the broadcast.
  static LiveViewer start(Call call) {
    LiveViewer viewer = new LiveViewer(call.base());
    assertEquals(201, viewer.send("POST", API, "{}").statusCode());
    assertEquals(200, viewer.send("POST", API, "{}").statusCode(), "it goes on");
    return viewer;
  }

  /// Ends it; returns whether its playlists say so.
  boolean stop() {
    assertEquals(204, send("DELETE", API, null).statusCode());
    assertEquals(404, send("DELETE", API, null).statusCode());
    return playlist(0).contains("#EXT-X-ENDLIST\n");
  }

  /// Shows the participant of this name where no screen is shared; null: whoever speaks.
  void pin(@Nullable String name) {
    if (name == null) {
      assertEquals(200, send("POST", API, "{}").statusCode());
      return;
    }
    JsonNode people = Probe.parse(text("/api/v1/rooms/lobby/participants")).get("participants");
    for (JsonNode person : people) {
      if (person.get("name").asText().equals(name)) {
        String wish = "{\"participant\":" + person.get("participant") + "}";
        assertEquals(200, send("POST", API, wish).statusCode());
        return;
      }
    }
    throw new AssertionError("there is no " + name);
  }

  /// What the multivariant playlist says of each variant, the largest picture first.
  List<String> variants() {
    return index().lines().filter(line -> line.startsWith("#EXT-X-STREAM-INF:")).toList();
  }

  static String resolution(String variant) {
    return variant.replaceAll(".*RESOLUTION=(\\d+x\\d+).*", "$1");
  }

  /// The addresses of a variant's segments.
  List<String> segments(int variant) {
    return playlist(variant)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> folder(variant) + line)
        .toList();
  }

  /// A variant's playlist; empty while there is none.
  String playlist(int variant) {
    String folder = folder(variant);
    return folder.isEmpty() ? "" : text(folder + "index.m3u8");
  }

  /// How many discontinuities there have been up to the last segment of the largest picture.
  int discontinuities() {
    String playlist = playlist(0);
    String first = playlist.replaceAll("(?s).*#EXT-X-DISCONTINUITY-SEQUENCE:(\\d+).*", "$1");
    return Integer.parseInt(first) + playlist.split("#EXT-X-DISCONTINUITY\n", -1).length - 1;
  }

  /// Fails unless ffmpeg decodes every segment that a variant has now without a complaint.
  ///
  /// @return how many pictures there were
  int decodes(int variant) {
    var all = new ByteArrayOutputStream();
    String folder = folder(variant);
    int pictures = 0;
    byte[] init = {};
    for (String line : playlist(variant).lines().toList()) {
      if (line.startsWith("#EXT-X-MAP:")) {
        pictures += decode(all);
        all.reset();
        init = bytes(folder + line.replaceAll(".*URI=\"(.*)\"", "$1"));
      } else if (!line.startsWith("#")) {
        // What follows may not be complete: there are parts of it only.
        all.writeBytes(all.size() == 0 ? init : new byte[0]);
        all.writeBytes(bytes(folder + line));
      }
    }
    pictures += decode(all);
    assertTrue(pictures > 0, "no picture in " + playlist(variant));
    return pictures;
  }

  private static int decode(ByteArrayOutputStream file) {
    if (file.size() == 0) {
      return 0;
    }
    return withFile(
        file.toByteArray(),
        path -> {
          String said =
              run(
                  "ffmpeg",
                  "-v",
                  "warning",
                  "-xerror",
                  "-i",
                  path,
                  "-enc_time_base",
                  "-1", // that of the file: pictures may be a millisecond apart
                  "-f",
                  "null",
                  "-");
          assertEquals("", said, "what ffmpeg says");
          String packets =
              run(
                  "ffprobe",
                  "-v",
                  "error",
                  "-count_frames",
                  "-show_entries",
                  "stream=nb_read_frames",
                  "-of",
                  "csv=p=0",
                  path);
          return Integer.parseInt(packets.strip());
        });
  }

  private static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.onExit().join().exitValue(), output);
    return output;
  }

  /// By how much the beeps of clock.js come after its flashes, in seconds: the median.
  double soundAfterPicture() {
    String picture =
        filtered(folder(0), "-vf", "crop=iw:ih/4:0:ih*3/4,signalstats,metadata=print:file=-");
    List<Double> flashes = new ArrayList<>();
    double time = 0;
    boolean bright = true;
    for (String line : picture.lines().toList()) {
      if (line.contains("pts_time:")) {
        time = Double.parseDouble(line.replaceAll(".*pts_time:([0-9.]+).*", "$1"));
      } else if (line.startsWith("lavfi.signalstats.YAVG=")) {
        boolean now = Double.parseDouble(line.substring(line.indexOf('=') + 1)) > 120;
        if (now && !bright) {
          flashes.add(time);
        }
        bright = now;
      }
    }
    String sound = filtered(soundFolder(), "-af", "silencedetect=noise=-30dB:d=0.3");
    List<Double> offsets = new ArrayList<>();
    for (String line : sound.lines().toList()) {
      if (line.contains("silence_end: ")) {
        double beep = Double.parseDouble(line.replaceAll(".*silence_end: ([0-9.]+).*", "$1"));
        flashes.stream()
            .map(flash -> beep - flash)
            .filter(offset -> Math.abs(offset) < 0.4)
            .forEach(offsets::add);
      }
    }
    assertTrue(offsets.size() > 3, "flashes at " + flashes + "; " + sound);
    offsets.sort(null);
    return offsets.get(offsets.size() / 2);
  }

  /// What ffmpeg says and writes of what a rendition has now, on the programme's time line.
  private String filtered(String folder, String... filter) {
    return withFile(
        latest(folder),
        file -> {
          List<String> command =
              new ArrayList<>(List.of("ffmpeg", "-hide_banner", "-nostats", "-copyts", "-i", file));
          command.addAll(List.of(filter));
          command.addAll(List.of("-f", "null", "-"));
          return run(command.toArray(String[]::new));
        });
  }

  /// What a rendition has now, from the last place on where a decoder is set up anew.
  private byte[] latest(String folder) {
    var file = new ByteArrayOutputStream();
    for (String line : text(folder + "index.m3u8").lines().toList()) {
      if (line.startsWith("#EXT-X-MAP:")) {
        file.reset();
        file.writeBytes(bytes(folder + line.replaceAll(".*URI=\"(.*)\"", "$1")));
      } else if (!line.startsWith("#")) {
        file.writeBytes(bytes(folder + line));
      }
    }
    return file.toByteArray();
  }

  @FunctionalInterface
  private interface Reader<T> {
    T read(String file) throws IOException;
  }

  private static <T> T withFile(byte[] bytes, Reader<T> reader) {
    try {
      Path path = Files.createTempFile("live", ".mp4");
      try {
        Files.write(path, bytes);
        return reader.read(path.toString());
      } finally {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String soundFolder() {
    return "/live/lobby/"
        + index()
            .lines()
            .filter(line -> line.startsWith("#EXT-X-MEDIA:"))
            .findFirst()
            .orElseThrow()
            .replaceAll(".*URI=\"(.*)index.m3u8\"", "$1");
  }

  /// Fails unless ffmpeg decodes the sound without a complaint.
  ///
  /// @return the loudest sample in dB, 0 for the loudest there can be
  double loudest() {
    return withFile(
        latest(soundFolder()),
        name -> {
          String said = run("ffmpeg", "-v", "warning", "-xerror", "-i", name, "-f", "null", "-");
          assertEquals("", said, "what ffmpeg says");
          String heard =
              run("ffmpeg", "-hide_banner", "-i", name, "-af", "volumedetect", "-f", "null", "-");
          return Double.parseDouble(heard.replaceAll("(?s).*max_volume: (-?[0-9.]+) dB.*", "$1"));
        });
  }

  private String folder(int variant) {
    List<String> folders = new ArrayList<>();
    index()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> folders.add("/live/lobby/" + line.replace("index.m3u8", "")));
    return variant < folders.size() ? folders.get(variant) : "";
  }

  private String index() {
    HttpResponse<byte[]> response = send("GET", INDEX, null);
    return response.statusCode() == 404 ? "" : new String(response.body(), UTF_8);
  }

  private String text(String path) {
    return new String(bytes(path), UTF_8);
  }

  private byte[] bytes(String path) {
    HttpResponse<byte[]> response = send("GET", path, null);
    assertEquals(200, response.statusCode(), path);
    return response.body();
  }

  HttpResponse<byte[]> send(String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
