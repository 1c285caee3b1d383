package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.config.ConfigFile;
import org.plenum.signaling.data.DataDirectory;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.Token;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private static final String ON_FREE_PORTS =
      "http.port = 0, management.port = 0, media { port = 0, workers = 1, tcp.port = 0, bind = [] }\n";

  @TempDir private Path directory;

  @Test
  void helpsAndTellsItsVersion() {
    assertEquals(0, execute("--help"));
    assertTrue(out.toString().contains("--print-config"));
    assertEquals(0, execute("--version"));
    assertTrue(out.toString().contains("Plenum "));
  }

  @Test
  void printsItsSettings() {
    assertEquals(0, execute("--print-config"));
    assertTrue(out.toString().contains("10000"), out.toString());
  }

  @Test
  void saysInOneSentenceWhatIsWrongWithASetting() throws Exception {
    Path file = Files.writeString(directory.resolve("x.conf"), "http.port = 70000");
    assertEquals(1, execute("--config", file.toString()));
    assertEquals(
        "Plenum cannot start: http.port must be a number from 0 to 65535, not 70000\n",
        err.toString().replace("\r", ""));
  }

  @Test
  void checksItsSettings() throws Exception {
    assertEquals(0, check(ON_FREE_PORTS), err.toString());
    Path file = Files.writeString(directory.resolve("x.conf"), "http.prot = 1");
    assertEquals(1, execute("--check-config", "--config", file.toString()));
    assertTrue(err.toString().contains("http.port"), err.toString());
  }

  @Test
  void checksWhatAStartNeeds() throws Exception {
    Path missing = directory.resolve("missing");
    assertEquals(1, check(ON_FREE_PORTS + "auth.jwks = \"" + missing + "\""));
    assertTrue(err.toString().contains("auth.jwks: no key set in " + missing), err.toString());

    Path nonsense = Files.writeString(directory.resolve("nonsense.pem"), "nonsense");
    String tls = "tls { certificate = \"%s\", key = \"%s\" }".formatted(nonsense, nonsense);
    assertEquals(1, check(ON_FREE_PORTS + tls));
    assertTrue(err.toString().contains("tls.certificate " + nonsense), err.toString());

    assertEquals(1, check(ON_FREE_PORTS + "data.dir = \"" + nonsense + "/data\""));
    assertTrue(err.toString().contains("data.dir: " + nonsense), err.toString());

    assertEquals(1, check(ON_FREE_PORTS + "http.host = \"192.0.2.1\", auth.open = true"));
    assertTrue(
        err.toString().contains("http.port: TCP port 0 of 192.0.2.1 cannot"), err.toString());

    assertEquals(1, check(ON_FREE_PORTS.replace("bind = []", "bind = [\"192.0.2.1\"]")));
    assertTrue(err.toString().contains("media.port: UDP port 0 of 192.0.2.1"), err.toString());
  }

  @Test
  void saysEachPortThatIsTaken() throws Exception {
    var loopback = java.net.InetAddress.getLoopbackAddress();
    try (var tcp = new java.net.ServerSocket(0, 1, loopback);
        var udp = new java.net.DatagramSocket(0, loopback)) {
      String settings =
          ON_FREE_PORTS
              .replace("http.port = 0", "http.port = " + tcp.getLocalPort())
              .replace("{ port = 0", "{ port = " + udp.getLocalPort())
              .replace("bind = []", "bind = [\"127.0.0.1\"]");
      assertEquals(1, check(settings));
      String said = err.toString();
      assertTrue(
          said.contains("http.port: TCP port " + tcp.getLocalPort() + " of 127.0.0.1"), said);
      assertTrue(said.contains("media.port: UDP port " + udp.getLocalPort()), said);
      assertEquals(2, said.lines().count(), said);
    }
  }

  @Test
  void aCheckLeavesTheDataDirectoryAsItIs() throws Exception {
    Path data = directory.resolve("data");
    assertEquals(0, check(ON_FREE_PORTS + "data.dir = \"" + data + "\""), err.toString());
    assertFalse(Files.exists(data));
    try (var _ = DataDirectory.open(data)) {
      assertEquals(1, check(ON_FREE_PORTS + "data.dir = \"" + data + "\""));
      assertTrue(err.toString().contains("another server uses it"), err.toString());
    }
    Files.writeString(data.resolve("version"), "99\n");
    assertEquals(1, check(ON_FREE_PORTS + "data.dir = \"" + data + "\""));
    assertTrue(err.toString().contains("version 99"), err.toString());
  }

  @Test
  void makesTokensThatTheServerTakes() throws Exception {
    String keys = "auth.keys { one = \"%s\", two = \"%s\" }".formatted(SECRET, "x".repeat(32));
    Path file = Files.writeString(directory.resolve("keys.conf"), keys);
    String[] args = {
      "token",
      "create",
      "--config",
      file.toString(),
      "--key",
      "two",
      "--room",
      "blue",
      "--identity",
      "ann",
      "--name",
      "Ann",
      "--valid-for",
      "10m",
      "--sources",
      "microphone,camera"
    };
    assertEquals(0, execute(args), err.toString());
    Access access = Access.of(ConfigFile.load(file).auth(), null, InstantSource.system());
    Token token = access.admit(out.toString().strip(), new RoomId("blue"));
    assertEquals("ann", token.identity());
    assertEquals("Ann", token.name());
    assertEquals(
        Set.of(TrackSource.MICROPHONE, TrackSource.CAMERA), token.grants().canPublishSources());
    assertFalse(token.grants().roomAdmin());
    assertEquals(1, execute("token", "create", "--room", "blue"));
    assertEquals("auth.keys has no key\n", err.toString().replace("\r", ""));
    assertEquals(2, execute("token"));
  }

  @Test
  void warnsOfATokenThatIsGoodForNothing() throws Exception {
    String warning = "good for nothing";
    assertTrue(warnings().contains(warning));
    assertTrue(warnings("--admin", "--name", "Ann").contains(warning));
    assertTrue(warnings("--list", "--admin").contains("--admin is for the room"));
    assertTrue(
        warnings("--room", "a", "--hidden", "--no-subscribe", "--no-data").contains("neither"));
    assertTrue(
        warnings("--room", "a", "--no-publish", "--sources", "camera").contains("--sources"));
    assertEquals("", warnings("--room", "a"));
    assertEquals("", warnings("--create"));
    assertEquals("", warnings("--room", "a", "--no-publish", "--no-subscribe"));
  }

  @Test
  void makesNoTokenThatTheServerWouldRefuse() throws Exception {
    assertEquals(1, create("--sources", "telephone"));
    assertTrue(err.toString().contains("no server would take it"), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void putsNothingIntoATokenThatNoServerTakes() throws Exception {
    assertEquals(1, create("--room", "a b"));
    assertTrue(err.toString().startsWith("--room: room may hold letters"), err.toString());
    assertEquals(1, create("--room", "a", "--name", "\u200B"));
    assertTrue(err.toString().contains("--name: name must have"), err.toString());
  }

  @Test
  void printsTheInvitation() throws Exception {
    assertEquals(0, create("--room", "blue", "--link"));
    assertTrue(out.toString().startsWith("http://localhost:8080/r/blue#token=ey"), out.toString());
    out.getBuffer().setLength(0);
    assertEquals(0, create("--link", "https://example.org/meet/", "--room", "blue"));
    assertTrue(out.toString().startsWith("https://example.org/meet/r/blue#token="), out.toString());
    String token = out.toString().strip().replaceFirst(".*#token=", "");
    Access access = Access.of(ConfigFile.load(keys()).auth(), null, InstantSource.system());
    access.admit(token, new RoomId("blue"));
    assertEquals(1, create("--create", "--link"));
    assertTrue(err.toString().contains("give --room too"), err.toString());
    assertEquals(1, create("--room", "blue", "--link", "example.org"));
    assertTrue(err.toString().contains("--link must be an address"), err.toString());
  }

  private Path keys() throws Exception {
    return Files.writeString(directory.resolve("k.conf"), "auth.keys { one = \"" + SECRET + "\" }");
  }

  private int create(String... options) throws Exception {
    var args = new ArrayList<>(List.of("token", "create", "--config", keys().toString()));
    args.addAll(List.of(options));
    return execute(args.toArray(String[]::new));
  }

  /// What is said beside the token.
  private String warnings(String... options) throws Exception {
    err.getBuffer().setLength(0);
    assertEquals(0, create(options), err.toString());
    return err.toString();
  }

  @Test
  void refusesAnUnknownOption() {
    assertEquals(2, execute("--nonsense"));
  }

  private int check(String settings) throws Exception {
    Path file = Files.writeString(directory.resolve("checked.conf"), settings);
    return execute("--check-config", "--config", file.toString());
  }

  private int execute(String... args) {
    return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}
