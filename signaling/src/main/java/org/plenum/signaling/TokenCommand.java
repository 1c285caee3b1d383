package org.plenum.signaling;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.ShownText;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ConfigFile;
import org.plenum.signaling.config.InvalidConfigException;
import org.plenum.signaling.token.TokenMaker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `plenum token create`: makes a token with a key of the configuration.
@Command(
    name = "token",
    description = "Make tokens.",
    mixinStandardHelpOptions = true,
    subcommands = TokenCommand.Create.class)
final class TokenCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getErr());
    }
    return 2;
  }

  /// Prints the token, and nothing else, so that a script can take it.
  @Command(name = "create", description = "Make a token.", mixinStandardHelpOptions = true)
  static final class Create implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE", description = "Settings with auth.keys.")
    private @Nullable Path config;

    @Option(names = "--key", paramLabel = "ID", description = "Which of auth.keys; the first.")
    private @Nullable String key;

    @Option(names = "--room", paramLabel = "NAME", description = "Lets its holder into this room.")
    private @Nullable String room;

    @Option(names = "--identity", paramLabel = "TEXT", description = "Who it is for.")
    private @Nullable String identity;

    @Option(names = "--name", paramLabel = "TEXT", description = "What others are shown.")
    private @Nullable String name;

    @Option(names = "--metadata", paramLabel = "TEXT", description = "For your own programs.")
    private @Nullable String metadata;

    @Option(
        names = "--valid-for",
        paramLabel = "TIME",
        description = "Such as 10m or 6h (default).")
    private String validFor = "6h";

    @Option(names = "--admin", description = "May moderate the room.")
    private boolean admin;

    @Option(names = "--create", description = "May create and close rooms.")
    private boolean create;

    @Option(names = "--list", description = "May see all rooms and events.")
    private boolean list;

    @Option(names = "--hidden", description = "Takes no place in the roster, cannot publish.")
    private boolean hidden;

    @Option(names = "--recorder", description = "Is a recorder.")
    private boolean recorder;

    @Option(names = "--no-publish", description = "May not publish.")
    private boolean noPublish;

    @Option(names = "--no-subscribe", description = "May not receive.")
    private boolean noSubscribe;

    @Option(names = "--no-data", description = "May not send messages.")
    private boolean noData;

    @Option(
        names = "--sources",
        split = ",",
        paramLabel = "SOURCE",
        description = "camera, microphone, screen_share, screen_share_audio; all by default.")
    private List<String> sources = List.of();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      String token = new TokenMaker(key()).make(claims(), Instant.now(), validity());
      if (spec != null) {
        spec.commandLine().getOut().println(token);
      }
      return 0;
    }

    private ApiKey key() {
      List<ApiKey> keys = ConfigFile.load(config).auth().keys();
      return keys.stream()
          .filter(candidate -> key == null || candidate.id().equals(key))
          .findFirst()
          .orElseThrow(
              () ->
                  new InvalidConfigException(
                      key == null ? "auth.keys has no key" : "auth.keys has no key " + key));
    }

    private Map<String, Object> claims() {
      Map<String, Object> video = new LinkedHashMap<>();
      if (room != null) {
        video.put("room", checked("--room", room, text -> new RoomId(text).value()));
        video.put("roomJoin", true);
      }
      grant(video, "roomAdmin", admin);
      grant(video, "roomCreate", create);
      grant(video, "roomList", list);
      grant(video, "hidden", hidden);
      grant(video, "recorder", recorder);
      video.put("canPublish", !noPublish && !hidden);
      video.put("canSubscribe", !noSubscribe);
      video.put("canPublishData", !noData);
      if (!sources.isEmpty()) {
        video.put("canPublishSources", sources);
      }
      Map<String, Object> claims = new LinkedHashMap<>();
      put(claims, "sub", identity);
      put(claims, "name", name == null ? null : checked("--name", name, ShownText::name));
      put(claims, "metadata", metadata);
      claims.put("video", video);
      return claims;
    }

    private Duration validity() {
      try {
        Duration validity = Duration.parse("PT" + validFor.toUpperCase(Locale.ROOT));
        if (validity.isPositive()) {
          return validity;
        }
      } catch (DateTimeParseException e) {
        // said below
      }
      throw new InvalidConfigException(
          "--valid-for must be a time such as 10m, 6h or 1h30m, not " + validFor);
    }

    /// What no server would take is not put into a token.
    private static String checked(String option, String value, UnaryOperator<String> check) {
      try {
        return check.apply(value);
      } catch (IllegalArgumentException e) {
        throw new InvalidConfigException(option + ": " + e.getMessage());
      }
    }

    private static void grant(Map<String, Object> video, String name, boolean granted) {
      if (granted) {
        video.put(name, true);
      }
    }

    private static void put(Map<String, Object> claims, String name, @Nullable String value) {
      if (value != null) {
        claims.put(name, value);
      }
    }
  }
}
