package org.plenum.signaling.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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

/// A recording by the server, as its clients see it; ffmpeg decodes its files.
final class Recorded {
  private static final String API = "/api/v1/rooms/lobby/recording";

  private final String base;

  Recorded(String base) {
    this.base = base;
  }

  /// Begins it; returns its id.
  String start() {
    HttpResponse<byte[]> begun = send("POST", API, "{}");
    assertEquals(201, begun.statusCode(), new String(begun.body(), UTF_8));
    assertEquals(200, send("POST", API, "{}").statusCode(), "it goes on");
    return Probe.parse(new String(begun.body(), UTF_8)).get("recording").asText();
  }

  void stop() {
    assertEquals(204, send("DELETE", API, null).statusCode());
    assertEquals(404, send("DELETE", API, null).statusCode());
  }

  /// Those of the room.
  List<JsonNode> list() {
    List<JsonNode> all = new ArrayList<>();
    Probe.parse(text("/recordings/lobby")).get("recordings").forEach(all::add);
    return all;
  }

  /// Null while there is none.
  JsonNode manifest(String id) {
    HttpResponse<byte[]> answer = send("GET", "/recordings/lobby/" + id, null);
    return answer.statusCode() == 404 ? null : Probe.parse(new String(answer.body(), UTF_8));
  }

  /// All files of a recording, with their tracks' sources.
  static List<JsonNode> parts(JsonNode manifest) {
    List<JsonNode> all = new ArrayList<>();
    manifest.get("tracks").forEach(track -> track.get("parts").forEach(all::add));
    return all;
  }

  /// Fails unless ffmpeg decodes a file without a complaint.
  ///
  /// @return what ffprobe says: codec, number of packets, duration
  String decodes(String id, JsonNode part) {
    String name = part.get("file").asText();
    byte[] media = bytes("/recordings/lobby/" + id + "/" + name);
    try {
      Path path = Files.createTempFile("recorded", name);
      try {
        Files.write(path, media);
        String file = path.toString();
        // Each picture at its own time: at an assumed rate, those of a busy encoder fall together.
        String said =
            run(
                "ffmpeg",
                "-v",
                "warning",
                "-xerror",
                "-i",
                file,
                "-fps_mode",
                "passthrough",
                "-enc_time_base",
                "-1",
                "-f",
                "null",
                "-");
        assertEquals("", said, "what ffmpeg says of " + name);
        String probed =
            run(
                "ffprobe",
                "-v",
                "error",
                "-count_packets",
                "-show_entries",
                "stream=codec_name,nb_read_packets:format=duration",
                "-of",
                "csv=p=0",
                file);
        return probed.strip().replace("\n", ",");
      } finally {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.onExit().join().exitValue(), output);
    return output;
  }

  private String text(String path) {
    return new String(bytes(path), UTF_8);
  }

  private byte[] bytes(String path) {
    HttpResponse<byte[]> response = send("GET", path, null);
    assertTrue(response.statusCode() == 200, path + ": " + response.statusCode());
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
