package org.plenum.signaling.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.SfuConfig;
import org.plenum.signaling.bucket.BucketSettings;
import org.plenum.signaling.protocol.TurnPasswords;
import org.plenum.signaling.protocol.TurnServer;

class ConfigFileTest {
  private static final Map<String, String> NO_ENVIRONMENT = Map.of();

  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir private Path directory;

  @Test
  void hasDefaults() {
    ServerConfig config = ConfigReader.read(ConfigFile.layers(null, NO_ENVIRONMENT));
    assertEquals(new ServerConfig.Listener("127.0.0.1", 8080), config.http());
    assertEquals(new ServerConfig.Listener("127.0.0.1", 8081), config.management());
    assertEquals(
        new ServerConfig.Media(
            10_000,
            0,
            List.of(),
            List.of(),
            true,
            MediaPortKind.AUTO,
            SfuConfig.Candidates.DEFAULT,
            new SfuConfig.Tcp(true, 4443),
            new SfuConfig.Stun(true, List.of()),
            SfuConfig.Bitrates.DEFAULT,
            null,
            null,
            100,
            false),
        config.media());
    assertEquals(
        Math.max(1, Runtime.getRuntime().availableProcessors() - 1), config.sfu().workers());
  }

  @Test
  void readsHowToDrainAndRelay() throws Exception {
    Path file =
        file("drain.seconds = 90\nturn { urls = [\"turn:t.example:3478\"], secret = abc }\n");
    ServerConfig config = ConfigReader.read(ConfigFile.layers(file, NO_ENVIRONMENT));
    assertEquals(Duration.ofSeconds(90), config.drain());
    assertEquals(new TurnServer(List.of("turn:t.example:3478"), "abc"), config.turn());
    ServerConfig without = ConfigReader.read(ConfigFile.layers(null, NO_ENVIRONMENT));
    assertEquals(Duration.ZERO, without.drain());
    assertNull(without.turn());
  }

  @Test
  void readsWhatIsOfferedToClients() throws Exception {
    Path file =
        file(
            """
            media {
              advertised = ["lb.example.org", "lb.example.org:4000"]
              advertised-port = 30000
              exclude = ["wg*", "10.0.0.0/8"]
              tcp.advertised-port = 443
            }
            turn { urls = ["turn:t.example:3478"], secret = abc, seconds = 600 }
            """);
    ServerConfig config = ConfigReader.read(ConfigFile.layers(file, NO_ENVIRONMENT));
    assertEquals(
        new SfuConfig.Candidates(List.of("wg*", "10.0.0.0/8"), 30_000), config.sfu().candidates());
    assertEquals(new SfuConfig.Tcp(true, 4443, 443), config.sfu().tcp());
    assertEquals(Duration.ofMinutes(10), config.turn().life());
  }

  @Test
  void takesKeysFromAFileBesideItsOwn() throws Exception {
    Path keys = directory.resolve("keys");
    Path file = file("auth { keys { b = \"" + SECRET + "\" }, keys-file = \"" + keys + "\" }\n");
    Files.writeString(keys, "a: " + SECRET + "\n\"c\": \"" + SECRET + "\"\n");
    ServerConfig.Auth auth = ConfigReader.read(ConfigFile.layers(file, NO_ENVIRONMENT)).auth();
    assertEquals(List.of("a", "b", "c"), auth.keys().stream().map(ApiKey::id).toList());
    assertEquals(keys, auth.keysFile());
    Files.writeString(keys, "{\"b\": \"" + SECRET + "\"}");
    assertEquals("auth.keys and auth.keys-file must not both have a key b", refusal(file));
    for (String wrong : List.of("a: short-" + SECRET.substring(20), "[" + SECRET, SECRET)) {
      Files.writeString(keys, wrong);
      String refusal = refusal(file);
      assertTrue(refusal.startsWith("auth.keys-file " + keys + " must h"), refusal);
      assertFalse(refusal.contains(SECRET.substring(20)), refusal);
    }
  }

  @Test
  void goesByOnePort() throws Exception {
    String good =
        """
        http { port = 443, one-port = true }
        media { port = 443, workers = 1 }
        tls.self-signed = true
        media.tcp.enabled = true
        turn.tls.port = 0
        """;
    ServerConfig config = ConfigReader.read(ConfigFile.layers(file(good), NO_ENVIRONMENT));
    assertEquals(new SfuConfig.Tcp(true, 443, 0, true), config.sfu().tcp());
    assertTrue(config.web().onePort());
    assertNotNull(config.media().relays(), "our TURN server is on");
    assertEquals(new ServerConfig.SecureRelay(0, 0, ""), config.web().relay());
    for (String[] wrong :
        new String[][] {
          {
            "self-signed = true", "self-signed = false", "http.one-port must be false while neither"
          },
          {
            "enabled = true",
            "enabled = false",
            "media.tcp.enabled must be true where http.one-port is"
          },
          {"http { port = 443", "http { port = 0", "http.port must be another one than 0"},
          {"tls.port = 0", "tls.port = 5349", "turn.tls.port must be 0 where http.one-port is"},
        }) {
      String refusal = refusal(file(good.replace(wrong[0], wrong[1])));
      assertTrue(refusal.startsWith(wrong[2]), refusal);
    }
  }

  @Test
  void speaksTurnOverTlsOnAPortOfItsOwn() throws Exception {
    String good =
        """
        turn { own = true, tls { port = 5349, advertised-port = 443, host = t.example.org } }
        tls.self-signed = true
        """;
    ServerConfig config = ConfigReader.read(ConfigFile.layers(file(good), NO_ENVIRONMENT));
    assertEquals(new ServerConfig.SecureRelay(5349, 443, "t.example.org"), config.web().relay());
    assertEquals(new SfuConfig.Tcp(true, 4443, 0, false), config.sfu().tcp());
    ServerConfig alone =
        ConfigReader.read(
            ConfigFile.layers(file(good + "media.tcp.enabled = false\n"), NO_ENVIRONMENT));
    assertEquals(new SfuConfig.Tcp(false, 0, 0, true), alone.sfu().tcp());
    for (String[] wrong :
        new String[][] {
          {"self-signed = true", "self-signed = false", "turn.tls.port must be 0 while neither"},
          {"own = true", "own = false", "turn.own must be true where turn.tls.port is set"},
          {"port = 5349", "port = 8080", "turn.tls.port must be another one than http.port"},
          {"port = 5349", "port = 4443", "turn.tls.port must be another one than media.tcp.port"},
          {
            "port = 5349, advertised-port = 443, host = t.example.org } }",
            "port = 0 } }\nmedia.tcp.enabled = false",
            "turn.own must be false while media.tcp.enabled is, and turn.tls.port is 0"
          },
        }) {
      String refusal = refusal(file(good.replace(wrong[0], wrong[1])));
      assertTrue(refusal.startsWith(wrong[2]), refusal);
    }
  }

  private static String refusal(Path file) {
    return assertThrows(
            InvalidConfigException.class,
            () -> ConfigReader.read(ConfigFile.layers(file, NO_ENVIRONMENT)))
        .getMessage();
  }

  @Test
  void readsABucketAndNeverShowsItsSecret() throws Exception {
    String settings = "data.dir = d\nrecording.s3 { bucket = meetings, key-id = me, secret = hush";
    BucketSettings amazons = bucket(settings + ", region = eu-central-1 }");
    assertEquals(URI.create("https://s3.eu-central-1.amazonaws.com"), amazons.endpoint());
    assertEquals("hush", amazons.currentSecret());
    assertFalse(amazons.toString().contains("hush"));
    BucketSettings own =
        bucket(
            settings + ", endpoint = \"http://storage:80/\", prefix = a/b, path-style = false }");
    assertEquals(URI.create("http://storage"), own.endpoint());
    assertEquals("a/b/", own.prefix());
    assertFalse(own.pathStyle());
    Path secret = Files.writeString(directory.resolve("secret"), "hush\n");
    assertEquals(
        "hush",
        bucket(settings.replace("secret = hush", "secret-file = \"" + secret + "\"") + " }")
            .currentSecret());
  }

  private BucketSettings bucket(String settings) throws Exception {
    BucketSettings read =
        ConfigReader.read(ConfigFile.layers(file(settings), NO_ENVIRONMENT)).recordings().bucket();
    assertNotNull(read);
    return read;
  }

  @Test
  void makesASecretForATurnServerOfItsOwn() throws Exception {
    ServerConfig config = ConfigFile.load(file("turn { own = true, seconds = 60 }\n"));
    TurnPasswords relays = config.media().relays();
    assertEquals(Duration.ofMinutes(1), relays.life());
    assertEquals(40, relays.secret().length());
    assertEquals(relays.secret(), config.sfu().turn().secret());
    assertNull(config.turn());
    assertFalse((config + " " + config.sfu()).contains(relays.secret()));
  }

  @Test
  void relaysDirectCallsByPortsOfTheirOwn() throws Exception {
    String settings = "turn { own = true, relay-ports = \"49160-49359\" }\n";
    ServerConfig config = ConfigFile.load(file(settings));
    assertEquals(new SfuConfig.PortRange(49_160, 49_359), config.sfu().turn().relayPorts());
    String one = "http.one-port = true\nturn.relay-ports = \"1024-1024\"\ntls.self-signed = true\n";
    ServerConfig onePort = ConfigFile.load(file(one + "media.workers = 1\n"));
    assertEquals(new SfuConfig.PortRange(1_024, 1_024), onePort.sfu().turn().relayPorts());
    ServerConfig without = ConfigFile.load(file("turn { own = true, relay-ports = \"\" }\n"));
    assertNull(without.sfu().turn().relayPorts());
  }

  @Test
  void sharesTheSecretOfATurnServerOfItsOwn() throws Exception {
    ServerConfig config = ConfigFile.load(file("turn { own = true, secret = known }\n"));
    assertEquals("known", config.media().relays().secret());
    assertEquals(
        "turn.secret goes together with turn.urls or turn.own: set one of them, or none",
        refusal(file("turn.secret = known\n")));
  }

  @Test
  void wantsASecretForATurnServer() throws Exception {
    Path file = file("turn.urls = [\"turn:t.example:3478\"]\n");
    var refusal =
        assertThrows(
            InvalidConfigException.class,
            () -> ConfigReader.read(ConfigFile.layers(file, NO_ENVIRONMENT)));
    assertEquals("turn.urls and turn.secret go together: set both or none", refusal.getMessage());
  }

  @Test
  void takesTheEnvironmentOverTheFileOverTheDefaults() throws Exception {
    Path file =
        file(
            """
            http { port = 80, host = "::1" }
            media { advertised = ["203.0.113.7", "2001:db8::1"], io = nio, workers = 2 }
            ice.servers = [{ urls = ["turn:t.example:3478"], username = u, credential = c }]
            """);
    Map<String, String> environment = Map.of("PLENUM_HTTP_PORT", "9000", "OTHER_NAME", "x");
    ServerConfig config = ConfigReader.read(ConfigFile.layers(file, environment));
    assertEquals(new ServerConfig.Listener("::1", 9000), config.http());
    assertEquals(List.of("203.0.113.7", "2001:db8::1"), config.media().advertised());
    assertEquals(MediaPortKind.NIO, config.media().io());
    assertEquals(2, config.sfu().workers());
    assertEquals("c", config.iceServers().getFirst().credential());
  }

  @Test
  void readsHowClientsGetThroughANat() throws Exception {
    Path file =
        file(
            """
            media {
              advertised = ["203.0.113.5:20000", "[2001:db8::5]:20000"]
              stun-mapping = ["stun.example.org:3478"]
              stun-server = false
              tcp { enabled = false, port = 443 }
            }
            """);
    SfuConfig sfu = ConfigReader.read(ConfigFile.layers(file, NO_ENVIRONMENT)).sfu();
    assertEquals(List.of("203.0.113.5:20000", "[2001:db8::5]:20000"), sfu.advertisedAddresses());
    assertEquals(new SfuConfig.Stun(false, List.of("stun.example.org:3478")), sfu.stun());
    assertEquals(new SfuConfig.Tcp(false, 443), sfu.tcp());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http.prot = 1 | unknown setting http.prot in",
        "media { ports = [1] } | unknown setting media.ports in",
        "http.port = 70000 | http.port must be a number from 0 to 65535, not 70000",
        "http.port = many | http.port must be a number from 0 to 65535, not many",
        "http.port = null | http.port must be",
        "http.host = localhost | http.host must be a literal IP address, not localhost",
        "http.host = \"1:\" | http.host must be a literal IP address, not 1:",
        "media.bind = [\"1:\"] | media.bind must be a list of literal IP addresses, not 1:",
        "http = 7 | http must hold settings, not 7",
        "http.prot = 1 | the nearest there is is http.port",
        "auth.key = 1 | the nearest there is is auth.keys",
        "auth.keys { a = short } | auth.keys must have secrets of at least 32 bytes",
        "auth.jwks = \"http://x\" | auth.jwks must be a file or an https URL, not http://x",
        "tls.key = a.pem | tls.certificate must be set",
        "data.dir = \"a\\u0000b\" | data.dir must be a directory, not a",
        "auth.jwks = \"a\\u0000b\" | auth.jwks must be a file or https URL, not a",
        "tls { key = a, certificate = b, self-signed = true } | tls.self-signed must be false",
        "http.trusted-proxies = [10.0.0.0/33] | not 10.0.0.0/33",
        "http.trusted-proxies = [proxy] | http.trusted-proxies must be a list of IP addresses",
        "http.allowed-origins = [\"https://a/b\"] | http.allowed-origins must be a list of",
        "webhook.urls = [\"ftp://a\"] | webhook.urls must be a list of http or https URLs",
        "webhook.urls = [\"http://a\"] | webhook.urls must be empty while auth.keys is",
        "limits.rooms = 0 | limits.rooms must be a number from 1 to 1000000, not 0",
        "room.codecs = [vp8, theora] | room.codecs must hold only opus, vp8, h264, vp9, av1, h265,",
        "room.codecs = [theora] | not \"theora\"",
        "room.codecs = [VP8] | not \"VP8\"",
        "room.codecs = [vp8, av1] | room.codecs must hold opus: an offer of a microphone would be",
        "media.tcp.port = 8080 | media.tcp.port must be another one than http.port, not 8080",
        "media.tcp.port = 8081 | media.tcp.port must be another one than management.port, not 8081",
        "room.codecs = [] | room.codecs must hold at least one of opus, vp8, h264",
        "room.codecs = [av1, opus, av1] | room.codecs must not hold av1 twice",
        "room.codecs = av1 | room.codecs must be a list of opus, vp8, h264, vp9, av1, h265, not av1",
        "limit.rooms = 5 | unknown setting limit.rooms in",
        "limit.rooms = 5 | the nearest there is is limits.rooms",
        "limit { rooms = 5, participants = 7 } | the nearest there is is limits.participants",
        "http.path-prefix = meet | http.path-prefix must be a path of letters, digits",
        "http.path-prefix = \"/a/../b\" | http.path-prefix must be a path",
        "http.path-prefix = \"//evil.example\" | http.path-prefix must be a path",
        "rooms = 5 | the nearest there is is limits.rooms",
        "media { tcp { porrt = 5 } } | the nearest there is is media.tcp.port",
        "http.ports { main = 5 } | unknown setting http.ports.main in",
        "room.codec = [av1] | the nearest there is is room.codecs",
        "log.format = xml | log.format must be one of text, json, not xml",
        "management.port = 8080 | management.port must be another one than http.port, not 8080",
        "media.workers = -1 | media.workers must be a number from 0 to 256, not -1",
        "media { port = 65535, workers = 2 } | media.port must be so small",
        "media.bind = [example.org] | media.bind must be a list of literal IP addresses",
        "media.bind = 1.2.3.4 | media.bind must be a list of literal IP addresses",
        "media.advertised = [localhost] | media.advertised must be a list of literal unicast",
        "media.advertised = [\"a.example.org:0\"] | NAME:PORT, not a.example.org:0",
        "media.advertised-port = 443 | media.advertised-port must be 0 while media.advertised is empty",
        "media.tcp.advertised-port = 443 | media.tcp.advertised-port must be 0 while media.advertised is",
        "media { advertised = [a.b.org], advertised-port = 65535, workers = 2 } | must be ports so small",
        "media.exclude = [10.0.0.0/33] | media.exclude must be a list of names of interfaces such as",
        "media.exclude = [\"*\"] | not *",
        "turn.seconds = 10 | turn.seconds must be a number from 60 to 31536000, not 10",
        "turn { own = true, relay-ports = 49160 } | turn.relay-ports must be FIRST-LAST, within 1024 to 65535 and 16384 ports at the most, or empty, not 49160",
        "turn { own = true, relay-ports = a-b } | turn.relay-ports must be FIRST-LAST, within",
        "turn { own = true, relay-ports = [49160, 49359] } | turn.relay-ports must be FIRST-LAST, within",
        "turn { own = true, relay-ports = \"1023-1200\" } | the most, not 1023-1200",
        "turn { own = true, relay-ports = \"49359-49160\" } | the most, not 49359-49160",
        "turn { own = true, relay-ports = \"49160-65536\" } | the most, not 49160-65536",
        "turn { own = true, relay-ports = \"40000-56384\" } | the most, not 40000-56384",
        "turn.relay-ports = \"49160-49359\" | turn.relay-ports are those of our own TURN server: set turn.own, or leave them empty",
        "turn { own = true, relay-ports = \"9000-10000\" } | turn.relay-ports must be other ports than the workers', from media.port on, not 9000-10000",
        "turn { own = true, relay-ports = \"10015-10020\" }, media.workers = 16 | turn.relay-ports must be other ports than the workers'",
        "turn { own = true, relay-ports = \"49160-49162\" }, media.workers = 4 | turn.relay-ports must be a port for each worker at least, not 49160-49162",
        "auth.keys-file = /nowhere/keys | auth.keys-file /nowhere/keys cannot be read: NoSuchFile",
        "media.advertised = [\"1.2.3.4:0\"] | NAME:PORT, not 1.2.3.4:0",
        "media { advertised = [\"1.2.3.4:65535\"], workers = 2 } | media.advertised must be ports",
        "media.stun-mapping = [example.org] | media.stun-mapping must be a list of HOST:PORT",
        "media.tcp.port = -1 | media.tcp.port must be a number from 0 to 65535, not -1",
        "media.offer-loopback = maybe | media.offer-loopback must be true or false, not maybe",
        "media.io = uring | media.io must be one of auto, linux, nio, not uring",
        "ice.servers = [{ urls = [] }] | ice.servers must be",
        "ice.servers = [{ urls = [\"http://x\"] }] | must begin with stun:",
        "ice.servers = [{ urls = [\"stun:x\"], user = u }] | unknown field user",
        "recording.s3.key-id = a | recording.s3.bucket must be set, as recording.s3.key-id is",
        "recording.s3.secret = hush | recording.s3.bucket must be set, as recording.s3.secret is",
        "recording.s3.bucket = abc | recording.s3.bucket must be empty while data.dir is",
        "data.dir = a, recording.s3.bucket = abc | recording.s3.key-id must be set, as recording.s3.bucket",
        "data.dir = a, recording.s3 { bucket = abc, key-id = b } | recording.s3.secret or recording.s3.secret-file must be set, as recording.s3.bucket is",
        "data.dir = a, recording.s3 { bucket = abc, key-id = b, secret = c, secret-file = d } | recording.s3.secret and recording.s3.secret-file contradict each other",
        "data.dir = a, recording.s3 { bucket = abc, key-id = b, secret-file = /nowhere/s } | recording.s3.secret-file /nowhere/s cannot be read",
        "data.dir = a, recording.s3 { bucket = \"a/b\", key-id = b, secret = c } | recording.s3.bucket must be 3 to 63 letters",
        "data.dir = a, recording.s3 { bucket = A_b, key-id = b, secret = c, path-style = false } | recording.s3.bucket must be a name of lower-case letters",
        "data.dir = a, recording.s3 { bucket = abc, key-id = b, secret = c, prefix = \"/a\" } | recording.s3.prefix must be names",
        "data.dir = a, recording.s3 { bucket = abc, key-id = b, secret = c, prefix = \"a/../b\" } | recording.s3.prefix must be names",
        "data.dir = a, recording.s3 { bucket = abc, key-id = b, secret = c, region = \"a b\" } | recording.s3.region must be a region's name, not a b",
        "data.dir = a, recording.s3 { bucket = abc, key-id = b, secret = c, endpoint = \"https://a/b\" } | recording.s3.endpoint must be http(s)://HOST or",
        "data.dir = a, recording.s3 { bucket = abc, key-id = b, secret = c, endpoint = \"s3.example.org\" } | recording.s3.endpoint must be http(s)://HOST or",
        "http { port = | cannot be read",
      })
  void namesTheKeyItsValueAndWhatIsAllowed(String settings, String message) throws Exception {
    Path file = file(settings);
    var refusal =
        assertThrows(
            InvalidConfigException.class,
            () -> ConfigReader.read(ConfigFile.layers(file, NO_ENVIRONMENT)));
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }

  @Test
  void guessesNothingWhereNothingIsNear() throws Exception {
    Path file = file("wallpaper = blue");
    var refusal =
        assertThrows(InvalidConfigException.class, () -> ConfigFile.layers(file, NO_ENVIRONMENT));
    assertEquals("unknown setting wallpaper in " + file, refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"missing.conf\"",
        "include \"missing\"",
        "include file(\"/nowhere/missing.conf\")",
        "include classpath(\"missing.conf\")",
        "include \"good.conf\"\nhttp { include \"missing.conf\" }",
      })
  void refusesAnIncludeThatIsNotThere(String settings) throws Exception {
    Files.writeString(directory.resolve("good.conf"), "http.port = 1");
    Path file = file(settings);
    var refusal =
        assertThrows(InvalidConfigException.class, () -> ConfigFile.layers(file, NO_ENVIRONMENT));
    assertTrue(refusal.getMessage().contains("missing"), refusal.getMessage());
  }

  @Test
  void takesWhatIsIncludedAndWhatGoesOverIt() throws Exception {
    Files.writeString(directory.resolve("good.conf"), "port = 1\nhost = \"::1\"");
    Path file = file("http { include \"good.conf\"\n port = 2 }");
    assertEquals(
        new ServerConfig.Listener("::1", 2),
        ConfigReader.read(ConfigFile.layers(file, NO_ENVIRONMENT)).http());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http.port = 1\\nhttp.port = 2 | http.port twice, in lines 1 and 2",
        "http { port = 1 }\\nhttp.port = 2 | http.port twice, in lines 1 and 2",
        "http { port = 1, host = \"::1\", port = 2 } | http.port twice, in lines 1 and 1",
        "{ \"http\": { \"port\": 1 },\\n \"http\": { \"port\": 2 } } | http.port twice",
        "auth { keys { a = x, a = y } } | auth.keys.a twice",
        "media.bind = [ # one\\n \"::1\" # }\\n]\\nmedia.bind = [] | media.bind twice, in lines 1 and 4",
        "log.format = \"\"\"te\\nxt\"\"\"\\nlog { # a group }\\n format = json } | log.format twice",
        "include \"twice.conf\" | limits.rooms twice, in lines 2 and 3",
      })
  void refusesASettingThatIsThereTwice(String settings, String message) throws Exception {
    Files.writeString(directory.resolve("twice.conf"), "\nlimits.rooms = 1\nlimits.rooms = 2");
    Path file = file(settings.replace("\\n", "\n"));
    var refusal =
        assertThrows(InvalidConfigException.class, () -> ConfigFile.layers(file, NO_ENVIRONMENT));
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http.port = 1\nhttp.port = ${?NOWHERE}",
        "http { port = 1 }\n# http.port = 2\nhttp { host = \"::1\" } // http.port = 3",
        "media.bind = [\"::1\"]\nmedia.bind += \"127.0.0.1\"",
        "media.bind = [\"::1\"]\nmedia.bind = ${media.bind} [\"127.0.0.1\"]",
        "auth.keys { a = \"0123456789abcdef0123456789abcdef = {\", b = \"}3456789abcdef0123456789abcdef00\" }",
        "http { port = 1 } # one\nhttp { host = \"::1\" } # two",
        "ice.servers = [{ urls = [\"stun:a\"] }, { urls = [\"stun:b\"] }]",
      })
  void takesWhatIsMeantToComeTwice(String settings) throws Exception {
    ConfigReader.read(ConfigFile.layers(file(settings), NO_ENVIRONMENT));
  }

  @Test
  void refusesUnknownKeysInTheEnvironment() {
    var refusal =
        assertThrows(
            InvalidConfigException.class,
            () -> ConfigFile.layers(null, Map.of("PLENUM_HTTP_PROT", "1")));
    assertEquals(
        "unknown setting PLENUM_HTTP_PROT in the environment; the nearest there is is"
            + " PLENUM_HTTP_PORT",
        refusal.getMessage());
  }

  @Test
  void ignoresWhatKubernetesPutsBesideAServiceOfOurName() {
    Map<String, String> environment =
        Map.of(
            "PLENUM_SERVICE_HOST", "10.0.0.1",
            "PLENUM_SERVICE_PORT_HTTP", "80",
            "PLENUM_PORT", "tcp://10.0.0.1:80",
            "PLENUM_PORT_80_TCP_ADDR", "10.0.0.1");
    assertEquals(8080, read(environment).http().port());
  }

  @Test
  void takesListsAndKeysFromTheEnvironment() {
    ServerConfig config =
        read(
            Map.of(
                "PLENUM_HTTP_TRUSTED_PROXIES", "10.0.0.0/8, ::1",
                "PLENUM_HTTP_ALLOWED_ORIGINS", "[\"https://A.example\"]",
                "PLENUM_AUTH_KEYS", "two: " + SECRET + ", one: " + SECRET,
                "PLENUM_WEBHOOK_URLS", "https://hooks.example/a?b=c",
                "PLENUM_MEDIA_BIND", ""));
    assertEquals(2, config.web().trustedProxies().size());
    assertEquals(List.of("https://a.example"), config.web().allowedOrigins());
    assertEquals(List.of("one", "two"), config.auth().keys().stream().map(ApiKey::id).toList());
    assertEquals("hooks.example", config.events().webhooks().getFirst().getHost());
    assertEquals(List.of(), config.media().bind());
  }

  @Test
  void neverRepeatsASecret() throws Exception {
    for (String settings :
        List.of(
            "auth.keys = [hush-hush]", "auth.keys { a = hush-hush }", "auth.keys = hush-hush")) {
      Path file = file(settings);
      var refusal =
          assertThrows(
              InvalidConfigException.class,
              () -> ConfigReader.read(ConfigFile.layers(file, NO_ENVIRONMENT)));
      assertFalse(refusal.getMessage().contains("hush"), refusal.getMessage());
    }
    var refusal =
        assertThrows(
            InvalidConfigException.class, () -> read(Map.of("PLENUM_AUTH_KEYS", "{hush-hush")));
    assertFalse(refusal.getMessage().contains("hush"), refusal.getMessage());
    assertFalse(new ApiKey("a", SECRET).toString().contains(SECRET));
  }

  @Test
  void wantsKeysBeforeItFacesOthers() {
    for (String host : List.of("0.0.0.0", "::", "192.0.2.1")) {
      var refusal =
          assertThrows(InvalidConfigException.class, () -> read(Map.of("PLENUM_HTTP_HOST", host)));
      assertTrue(refusal.getMessage().contains("auth.open"), refusal.getMessage());
      read(Map.of("PLENUM_HTTP_HOST", host, "PLENUM_AUTH_OPEN", "true"));
      read(Map.of("PLENUM_HTTP_HOST", host, "PLENUM_AUTH_KEYS", "a: " + SECRET));
    }
    read(Map.of("PLENUM_HTTP_HOST", "::1"));
  }

  @Test
  void hasFewSettingsWithDefaultsThatAreAllowed() {
    assertTrue(Settings.all().size() < 95, "there are " + Settings.all().size());
    for (Setting<?> setting : Settings.all()) {
      assertTrue(setting.help().length() > 10 && setting.help().endsWith("."), setting.key());
    }
  }

  @Test
  void readsTheBoundsOfAWholeServer() {
    ServerConfig usual = read(Map.of());
    assertEquals(new ServerConfig.Limits(20_000, 500, 20, 50, 5_000, 500), usual.limits());
    assertEquals(60_000_000_000L, usual.room().emptyNanos());
    ServerConfig own =
        read(
            Map.of(
                "PLENUM_LIMITS_ALL_PARTICIPANTS", "300",
                "PLENUM_LIMITS_MEGABITS", "800",
                "PLENUM_ROOM_EMPTY_SECONDS", "600",
                "PLENUM_ROOM_API_ONLY", "true",
                "PLENUM_LOG_LEVEL", "debug",
                "PLENUM_MANAGEMENT_TOKEN", "hush",
                "PLENUM_MANAGEMENT_TLS", "true",
                "PLENUM_TLS_SELF_SIGNED", "true",
                "PLENUM_WEBHOOK_EVENTS", "room_started,room_finished"));
    assertEquals(300, own.limits().allParticipants());
    assertEquals(800, own.limits().megabits());
    assertTrue(own.limits().roomsByApiOnly());
    assertEquals(600_000_000_000L, own.room().emptyNanos());
    assertEquals(LogLevel.DEBUG, own.log().level());
    assertTrue(own.management().tls());
    assertFalse(own.toString().contains("hush"), own.toString());
    assertTrue(own.events().tells("room_started"));
    assertFalse(own.events().tells("track_published"));
  }

  @Test
  void refusesAnEventThatThereIsNotAndTlsWithoutACertificate() {
    var unknown =
        assertThrows(
            InvalidConfigException.class,
            () -> read(Map.of("PLENUM_WEBHOOK_EVENTS", "room_ended")));
    assertTrue(unknown.getMessage().contains("room_finished"), unknown.getMessage());
    var bare =
        assertThrows(
            InvalidConfigException.class, () -> read(Map.of("PLENUM_MANAGEMENT_TLS", "true")));
    assertTrue(bare.getMessage().contains("tls.certificate"), bare.getMessage());
  }

  private static ServerConfig read(Map<String, String> environment) {
    return ConfigReader.read(ConfigFile.layers(null, environment));
  }

  @Test
  void refusesAFileThatIsNotThere() {
    Path missing = directory.resolve("missing.conf");
    assertThrows(InvalidConfigException.class, () -> ConfigFile.load(missing));
  }

  @Test
  void printsWhatIsInForceWithoutSecrets() throws Exception {
    Path file = file("ice.servers = [{ urls = [\"turn:t\"], username = u, credential = hush }]");
    String printed = ConfigFile.print(file);
    assertTrue(printed.contains("ice.servers = \"…\""), printed);
    assertTrue(printed.contains("offer-loopback"), printed);
    assertFalse(printed.contains("hush"), printed);
  }

  @Test
  void masksWhatMayBeAPasswordInAnAddress() throws Exception {
    Path file =
        file(
            "webhook.urls = [\"https://hush:hush@a.example/in?key=hush\", \"http://b.example/\"]\n"
                + "auth { jwks = \"https://c.example/keys?hush\", keys { a = "
                + SECRET
                + " } }");
    String printed = ConfigFile.print(file);
    assertTrue(
        printed.contains("webhook.urls = [\"https://…@a.example/in?…\",\"http://b.example/\"]"),
        printed);
    assertTrue(printed.contains("auth.jwks = \"https://c.example/keys?…\""), printed);
    assertFalse(printed.contains("hush"), printed);
    Path wrong = file("webhook.urls = [\"ftp://hush@a.example/?hush\"]");
    var refusal = assertThrows(InvalidConfigException.class, () -> ConfigFile.print(wrong));
    assertFalse(refusal.getMessage().contains("hush"), refusal.getMessage());
  }

  private Path file(String settings) throws Exception {
    return Files.writeString(directory.resolve("plenum.conf"), settings);
  }
}
