package org.plenum.signaling;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
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
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.AccessException;
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

  /// Prints the token, or the link with it, and nothing else, so that a script can take it; what is
  /// odd about it goes to the error output.
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

    @Option(
        names = "--p2p",
        description = "May talk directly to the only other one in a room, who learns its address.")
    private boolean p2p;

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

    @Option(
        names = "--link",
        arity = "0..1",
        paramLabel = "URL",
        fallbackValue = "",
        description =
            "Print the invitation link to the room instead: below this address of the page, or"
                + " below the one that this host has for it.")
    private @Nullable String link;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      ServerConfig settings = ConfigFile.load(config);
      ApiKey key = key(settings);
      String token = new TokenMaker(key).make(claims(), Instant.now(), validity());
      requireGood(token, settings.auth());
      String shown = link == null ? token : invitation(page(settings, link), token);
      if (spec != null) {
        warnings().forEach(spec.commandLine().getErr()::println);
        spec.commandLine().getOut().println(shown);
      }
      return 0;
    }

    /// Refuses to make what the server would refuse to take.
    private static void requireGood(String token, ServerConfig.Auth auth) {
      var keys = new ServerConfig.Auth(auth.keys(), "", auth.leewaySeconds(), auth.open());
      try {
        Access.of(keys, null, InstantSource.system()).authenticate(token);
      } catch (AccessException e) {
        throw new InvalidConfigException("no server would take it: " + e.getMessage());
      }
    }

    /// What its holder would wonder about.
    private List<String> warnings() {
      List<String> warnings = new ArrayList<>();
      if (room == null && !create && !list) {
        warnings.add(
            "Warning: this token is good for nothing. Give it a --room, or --create or --list.");
      } else if (room == null && admin) {
        warnings.add("Warning: --admin is for the room of the token, and it has no --room.");
      }
      boolean publishes = !noPublish && !hidden;
      if (room != null && !publishes && noSubscribe && noData && !admin) {
        warnings.add(
            "Warning: this token lets its holder in, to neither publish nor receive nor say"
                + " anything.");
      }
      if (!publishes && !sources.isEmpty()) {
        warnings.add(
            "Warning: --sources counts for nothing with "
                + (hidden ? "--hidden." : "--no-publish."));
      }
      return warnings;
    }

    private static String page(ServerConfig settings, String given) {
      if (given.isEmpty()) {
        if (settings.http().port() == 0) {
          throw new InvalidConfigException(
              "--link must be given the page's address, as http.port is 0");
        }
        return ServerRun.address(settings, settings.http().port());
      }
      String scheme = given.replaceFirst(":.*", "").toLowerCase(Locale.ROOT);
      if (!(scheme.equals("https") || scheme.equals("http")) || given.matches(".*[?#\\s].*")) {
        throw new InvalidConfigException(
            "--link must be an address such as https://meet.example.org/, not " + given);
      }
      return given.replaceFirst("/+$", "");
    }

    private String invitation(String page, String token) {
      if (room == null) {
        throw new InvalidConfigException("--link leads to a room: give --room too");
      }
      String segment = URLEncoder.encode(room, StandardCharsets.UTF_8).replace("+", "%20");
      return page + "/r/" + segment + "#token=" + token;
    }

    private ApiKey key(ServerConfig settings) {
      return settings.auth().keys().stream()
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
      grant(video, "p2p", p2p);
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
