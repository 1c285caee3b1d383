package org.plenum.signaling.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.data.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Invitations in `data.dir`, a file each, which only its owner may read. Not thread-safe.
final class InvitationFiles {
  static final String DIRECTORY = "invitations";
  private static final String SUFFIX = ".json";

  private static final Logger LOG = LoggerFactory.getLogger(InvitationFiles.class);
  private static final JsonMapper MAPPER = new JsonMapper();

  private final @Nullable Path directory;

  /// Throws IllegalStateException with one sentence if the directory cannot be used.
  ///
  /// @param data null: nothing is kept
  InvitationFiles(@Nullable Path data) {
    directory = data == null ? null : data.resolve(DIRECTORY);
    if (directory != null) {
      try {
        Files.createDirectories(directory);
      } catch (IOException e) {
        throw cannotBeUsed(e);
      }
    }
  }

  /// What was kept. A file that is damaged is left alone, and logged.
  List<Invitation> read() {
    List<Invitation> kept = new ArrayList<>();
    if (directory == null) {
      return kept;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(each -> each.toString().endsWith(SUFFIX)).sorted().toList()) {
        try {
          kept.add(invitation(MAPPER.readTree(Files.readAllBytes(file))));
        } catch (IOException | IllegalArgumentException e) {
          LOG.error("{} is damaged and left alone: {}", file.getFileName(), e.getClass());
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw cannotBeUsed(e);
    }
    return kept;
  }

  /// On the disk when this returns.
  void write(Invitation invitation) throws IOException {
    if (directory != null) {
      DurableFiles.replaceSecret(
          directory.resolve(invitation.id() + SUFFIX), MAPPER.writeValueAsBytes(json(invitation)));
    }
  }

  /// Gone from the disk when this returns.
  void delete(Invitation invitation) throws IOException {
    if (directory != null) {
      Files.deleteIfExists(directory.resolve(invitation.id() + SUFFIX));
      DurableFiles.syncDirectory(directory);
    }
  }

  private IllegalStateException cannotBeUsed(Exception cause) {
    return new IllegalStateException("data.dir: " + directory + " cannot be used: " + cause, cause);
  }

  /// One line.
  static String text(Invitation invitation) {
    return json(invitation).toString();
  }

  /// What [#text] wrote. Throws IllegalArgumentException.
  static Invitation parse(String text) {
    try {
      return invitation(MAPPER.readTree(text));
    } catch (IOException e) {
      throw new IllegalArgumentException("no invitation", e);
    }
  }

  private static ObjectNode json(Invitation invitation) {
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("id", invitation.id())
            .put("room", invitation.room().value())
            .put("key", invitation.key())
            .put("name", invitation.name())
            .put("subscribe", invitation.subscribe())
            .put("messages", invitation.messages())
            .put("created", invitation.createdSeconds())
            .put("expires", invitation.expirySeconds())
            .put("once", invitation.once())
            .put("used", invitation.used());
    var publish = json.putArray("publish");
    invitation.publish().stream().sorted().map(Grants::tokenName).forEach(publish::add);
    return json;
  }

  /// Throws IllegalArgumentException.
  private static Invitation invitation(JsonNode json) {
    Set<TrackSource> publish = EnumSet.noneOf(TrackSource.class);
    for (JsonNode name : json.path("publish")) {
      for (TrackSource source : TrackSource.values()) {
        if (Grants.tokenName(source).equals(name.asText())) {
          publish.add(source);
        }
      }
    }
    return new Invitation(
        text(json, "id"),
        new RoomId(text(json, "room")),
        text(json, "key"),
        json.hasNonNull("name") ? text(json, "name") : null,
        publish,
        json.path("subscribe").asBoolean(),
        json.path("messages").asBoolean(),
        json.path("created").asLong(),
        json.path("expires").asLong(),
        json.path("once").asBoolean(),
        json.path("used").asInt());
  }

  private static String text(JsonNode json, String field) {
    String text = json.path(field).asText();
    if (text.isEmpty()) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return text;
  }
}
