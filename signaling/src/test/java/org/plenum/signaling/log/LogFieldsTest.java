package org.plenum.signaling.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SfuConfig;
import org.plenum.sfu.embed.Sfu;
import org.plenum.signaling.config.LogFormat;
import org.slf4j.LoggerFactory;

/// Room and participant are fields of a log line, whichever module writes it, and not in its text.
class LogFieldsTest {
  private static final Path ROOT = Path.of("..");
  private static final List<String> MODULES = List.of("ice", "sfu", "metrics", "signaling");

  /// A call that logs, with its first argument, if that is a text which names what has a field.
  private static final Pattern IN_TEXT =
      Pattern.compile(
          "(?is)\\.(trace|debug|info|warn|error|log)\\(\\s*\"[^\"]*"
              + "\\b(room|participant|recording)s? *[=:]? *(\\{}|\" *\\+)");

  @Test
  void aWorkersFaultNamesRoomAndParticipant() throws Exception {
    ILoggingEvent fault = logged(LogFieldsTest::failInRoomBlue);
    String text = encoded(LogFormat.TEXT, fault);
    assertTrue(text.contains(" ERROR Worker room=blue participant=ann the room is closed"), text);
    var json = new JsonMapper().readTree(encoded(LogFormat.JSON, fault));
    assertEquals("blue", json.get("room").asText());
    assertEquals("ann", json.get("participant").asText());
    assertFalse(json.get("message").asText().contains("blue"), json.toString());
    assertTrue(json.get("failure").asText().contains("made up for this test"));
  }

  /// Returns when the worker has ended, and so has said all.
  private static void failInRoomBlue() {
    var config = new SfuConfig(1, 0, List.of("127.0.0.1"), List.of(), true, MediaPortKind.AUTO);
    try (Sfu sfu = Sfu.start(config)) {
      RoomHandle room = sfu.openRoom(new RoomId("blue"), RoomSettings.DEFAULT, new Unfit());
      var ann = new JoinRequest(new ParticipantId("ann"), "Ann", false, null);
      assertThrows(ExecutionException.class, () -> room.join(ann, _ -> {}).get());
    }
  }

  @Test
  void noLineSpellsThemIntoItsText() throws IOException {
    List<String> found = new ArrayList<>();
    int read = 0;
    for (String module : MODULES) {
      for (Path file : sources(ROOT.resolve(module).resolve("src/main/java"))) {
        read++;
        var calls = IN_TEXT.matcher(Files.readString(file));
        while (calls.find()) {
          found.add(file.getFileName() + ": " + calls.group());
        }
      }
    }
    assertTrue(read > 300, read + " files were read");
    assertEquals(List.of(), found, "use addKeyValue");
  }

  @Test
  void seesALineThatDoes() {
    assertTrue(IN_TEXT.matcher("log.warn(\n      \"refused for room {}: no\", id)").find());
    assertTrue(IN_TEXT.matcher("line.log(\"left, participant=\" + id)").find());
    assertFalse(IN_TEXT.matcher("line.log(\"the room is closed: {}\", why)").find());
  }

  private static List<Path> sources(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  /// The first line that a worker logs meanwhile.
  private static ILoggingEvent logged(Runnable action) {
    var logger = (Logger) LoggerFactory.getLogger("org.plenum.sfu.worker.Worker");
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    logger.addAppender(lines);
    try {
      action.run();
    } finally {
      logger.detachAppender(lines);
    }
    return lines.list.getFirst();
  }

  private static String encoded(LogFormat format, ILoggingEvent event) {
    return new String(new LogLine(format, false).encode(event), StandardCharsets.UTF_8);
  }

  /// Fails when somebody comes: a fault of ours within a room.
  private static final class Unfit implements RoomObserver {
    @Override
    public void onClosed(RoomId room) {}

    @Override
    public void onJoined(RoomId room, ParticipantDetails participant) {
      throw new IllegalStateException("made up for this test");
    }
  }
}
