package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ConfigFile;
import org.plenum.signaling.config.KeySource;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.FakeTimers;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.AccessException;
import org.plenum.signaling.token.KeyRing;
import org.plenum.signaling.token.TokenMaker;

/// Keys that change while the server runs.
class KeyWatchTest {
  private static final RoomId BLUE = new RoomId("blue");
  private static final ApiKey OLD = new ApiKey("old", "0123456789abcdef0123456789abcdef");
  private static final ApiKey NEW = new ApiKey("anew", "fedcba9876543210fedcba9876543210");

  @TempDir private Path directory;

  private final FakeTimers timers = new FakeTimers();
  private Path keys;
  private KeyRing ring;
  private Access access;

  @BeforeEach
  void start() throws Exception {
    keys = directory.resolve("keys");
    Path settings = directory.resolve("plenum.conf");
    Files.writeString(settings, "auth.keys-file = \"" + keys + "\"\n");
    Files.writeString(keys, "old: " + OLD.secret() + "\n");
    ServerConfig.Auth auth = ConfigFile.load(settings).auth();
    ring = new KeyRing(auth.keys());
    KeyWatch.start(new KeySource(settings, auth), ring, timers);
    access = Access.of(auth, ring, null, InstantSource.system());
  }

  @Test
  void areTakenFromTheirFileWithoutARestart() throws Exception {
    assertThrows(AccessException.class, () -> access.admit(token(NEW), BLUE));
    replace("old: %s, anew: %s".formatted(OLD.secret(), NEW.secret()));
    access.admit(token(NEW), BLUE);
    access.admit(token(OLD), BLUE);
    assertEquals(NEW, ring.first());
    replace("anew: " + NEW.secret());
    access.admit(token(NEW), BLUE);
    assertThrows(AccessException.class, () -> access.admit(token(OLD), BLUE));
  }

  @Test
  void areTakenFromTheSettingsFileToo() throws Exception {
    Path settings = directory.resolve("plenum.conf");
    Files.writeString(settings, "auth.keys { anew = \"" + NEW.secret() + "\" }\n");
    timers.advanceMillis(10_001);
    access.admit(token(NEW), BLUE);
    assertThrows(AccessException.class, () -> access.admit(token(OLD), BLUE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "old: short", "{ old: "})
  void stayWhileTheFileIsOfNoUse(String written) throws Exception {
    replace(written);
    access.admit(token(OLD), BLUE);
    Files.delete(keys);
    timers.advanceMillis(10_001);
    access.admit(token(OLD), BLUE);
    replace("anew: " + NEW.secret());
    access.admit(token(NEW), BLUE);
  }

  /// As Kubernetes replaces what is mounted of a Secret: at once.
  private void replace(String content) throws Exception {
    Path next = Files.writeString(directory.resolve("next"), content);
    Files.move(next, keys, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    timers.advanceMillis(10_001);
  }

  private static String token(ApiKey key) {
    return new TokenMaker(key)
        .make(
            Map.of("sub", "ann", "video", Map.of("room", "blue", "roomJoin", true)),
            Instant.now(),
            Duration.ofHours(1));
  }
}
