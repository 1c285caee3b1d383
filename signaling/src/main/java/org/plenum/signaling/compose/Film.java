package org.plenum.signaling.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.config.InvalidConfigException;

/// A recording of the server's as its manifest has it (PROTOCOL.md, "Recordings by the server"),
/// cut into scenes, in each of which the same pictures are to be seen.
final class Film {
  /// A second of the film has so many pictures; scenes begin and end with one.
  static final int RATE = 25;

  /// Scenes are no longer: at the beginning of each, files and time line are aligned anew.
  private static final long MOST_FRAMES = 60L * RATE;

  private static final String MANIFEST = "manifest.json";

  /// What the server calls its files: nothing leads out of the folder.
  private static final Pattern FILE = Pattern.compile("[\\w-]{1,64}\\.(mp4|webm)");

  private static final JsonMapper MAPPER = new JsonMapper();

  /// From here on, media time and the recording's time run alike, in seconds.
  record Place(double media, double timeline) {}

  /// A file of a track.
  ///
  /// @param start on the recording's time line, in seconds
  record Part(
      String file,
      String participant,
      boolean isSound,
      boolean isScreen,
      double start,
      double seconds,
      List<Place> alignment) {
    /// Where in the file this moment of the time line lies, in seconds.
    double at(double timeline) {
      double media = timeline - start;
      for (Place place : alignment) {
        if (place.timeline() <= timeline) {
          media = place.media() + timeline - place.timeline();
        }
      }
      return Math.max(0, media);
    }
  }

  /// @param from on the time line, in pictures
  /// @param frames how long
  /// @param pictures the most important first
  record Scene(long from, long frames, List<Part> pictures, List<Part> sounds) {
    double start() {
      return (double) from / RATE;
    }

    double seconds() {
      return (double) frames / RATE;
    }
  }

  /// @param participant null: nobody
  private record Spoken(double since, @Nullable String participant) {}

  private final double seconds;
  private final List<Part> parts;
  private final List<Spoken> spoken;

  private Film(double seconds, List<Part> parts, List<Spoken> spoken) {
    this.seconds = seconds;
    this.parts = parts;
    this.spoken = spoken;
  }

  /// Reads a recording's folder.
  ///
  /// @throws InvalidConfigException if it is none
  static Film read(Path folder) throws IOException {
    JsonNode manifest;
    try {
      manifest = MAPPER.readTree(folder.resolve(MANIFEST).toFile());
    } catch (IOException e) {
      throw new InvalidConfigException(
          folder + " is no recording of the server's: " + MANIFEST + ": " + e.getMessage());
    }
    List<Part> parts = new ArrayList<>();
    for (JsonNode track : manifest.path("tracks")) {
      for (JsonNode part : track.path("parts")) {
        parts.add(part(track, part));
      }
    }
    for (Part part : parts) {
      if (!FILE.matcher(part.file()).matches()) {
        throw new InvalidConfigException(MANIFEST + " names " + part.file() + ", which is no file");
      }
      if (Files.notExists(folder.resolve(part.file()))) {
        throw new InvalidConfigException(part.file() + " is missing from " + folder);
      }
    }
    parts.removeIf(part -> part.seconds() <= 0);
    if (parts.isEmpty()) {
      throw new InvalidConfigException("nothing was recorded in " + folder);
    }
    double end =
        parts.stream().mapToDouble(part -> part.start() + part.seconds()).max().orElseThrow();
    double recorded = manifest.path("seconds").asDouble();
    return new Film(
        recorded > 0 ? Math.min(end, recorded) : end,
        parts,
        spoken(folder.resolve(manifest.path("speakers").asText("none"))));
  }

  double seconds() {
    return seconds;
  }

  List<Scene> scenes(Layout layout) {
    var cuts = new TreeSet<Long>();
    long end = frame(seconds);
    cuts.add(0L);
    cuts.add(end);
    for (Part part : parts) {
      cuts.add(Math.max(0, frame(part.start())));
      cuts.add(Math.max(0, frame(part.start() + part.seconds())));
    }
    if (layout == Layout.SPEAKER) {
      spoken.forEach(each -> cuts.add(Math.max(0, frame(each.since()))));
    }
    List<Scene> scenes = new ArrayList<>();
    for (long from : cuts) {
      Long next = cuts.higher(from);
      for (long at = from; next != null && at < Math.min(next, end); at += MOST_FRAMES) {
        scenes.add(scene(at, Math.min(MOST_FRAMES, Math.min(next, end) - at)));
      }
    }
    return scenes;
  }

  private Scene scene(long from, long frames) {
    double middle = (from + frames / 2.0) / RATE;
    List<Part> present =
        parts.stream()
            .filter(part -> part.start() <= middle && middle < part.start() + part.seconds())
            .toList();
    String speaker = speaker((double) from / RATE);
    List<Part> pictures =
        present.stream()
            .filter(part -> !part.isSound())
            .sorted(
                Comparator.comparing((Part part) -> !part.isScreen())
                    .thenComparing(part -> !part.participant().equals(speaker)))
            .toList();
    return new Scene(from, frames, pictures, present.stream().filter(Part::isSound).toList());
  }

  /// Who spoke last.
  private @Nullable String speaker(double at) {
    String last = null;
    for (Spoken each : spoken) {
      if (each.since() <= at + 0.5 / RATE && each.participant() != null) {
        last = each.participant();
      }
    }
    return last;
  }

  private static long frame(double seconds) {
    return Math.round(seconds * RATE);
  }

  private static Part part(JsonNode track, JsonNode part) {
    List<Place> alignment = new ArrayList<>();
    for (JsonNode place : part.path("alignment")) {
      alignment.add(new Place(place.path(0).asDouble(), place.path(1).asDouble()));
    }
    return new Part(
        part.path("file").asText(),
        track.path("participant").asText(),
        part.path("contentType").asText().startsWith("audio/"),
        track.path("source").asText().startsWith("screen"),
        part.path("start").asDouble(),
        part.path("seconds").asDouble(),
        List.copyOf(alignment));
  }

  /// Lines of seconds and who; empty where there is no such file.
  private static List<Spoken> spoken(Path file) throws IOException {
    List<Spoken> spoken = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        int space = line.indexOf(' ');
        if (space > 0) {
          String who = line.substring(space + 1);
          spoken.add(
              new Spoken(
                  Double.parseDouble(line.substring(0, space)), who.equals("-") ? null : who));
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (NumberFormatException e) {
      throw new InvalidConfigException(file.getFileName() + ": " + e.getMessage());
    }
    return spoken;
  }
}
