package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.protocol.TurnPasswords;

/// RFC 8656 over TLS: Firefox, which may use nothing but the server's own relay, and takes it only
/// with a certificate of somebody it trusts.
@Tag("browser")
class FirefoxTlsRelayBrowserTest {
  /// Firefox takes TURN over TLS by a name only; to it, this is a name of 127.0.0.1.
  private static final String NAME = FirefoxProcess.LOCAL_NAME;

  @TempDir static Path directory;

  @RegisterExtension
  private final CallExtension calls = new CallExtension(FirefoxTlsRelayBrowserTest::overTls);

  @BeforeAll
  static void makeCertificates() throws IOException {
    assumeTrue(RealAddress.isThere(), "Firefox needs an IPv4 address other than 127.0.0.1.");
    Files.writeString(directory.resolve("names"), "subjectAltName=DNS:" + NAME + ",IP:127.0.0.1");
    openssl("req -x509 -nodes -days 2 -subj /CN=Tests -keyout ca.key -out ca.pem", true);
    openssl("req -nodes -subj /CN=plenum -keyout key.pem -out request.pem", true);
    openssl(
        "x509 -req -days 2 -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names"
            + " -out certificate.pem",
        false);
  }

  private static void openssl(String words, boolean newKey) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c"));
    String key = newKey ? " -newkey ec -pkeyopt ec_paramgen_curve:prime256v1" : "";
    command.add("cd " + directory + " && openssl " + words + key);
    Installed.require(command, "openssl");
  }

  private static ServerConfig overTls() {
    ServerConfig config = RealAddress.config();
    var passwords = new TurnPasswords("nobody-knows-it", Duration.ofHours(1));
    var web =
        new ServerConfig.Web(
            List.of(),
            List.of(),
            directory.resolve("certificate.pem"),
            directory.resolve("key.pem"),
            false);
    return config
        .with(config.media().with(passwords))
        .with(web.with(true, new ServerConfig.SecureRelay(0, 0, "")));
  }

  @Test
  void firefoxSeesAndHearsByTheRelayAlone(Call call) throws IOException {
    try (FirefoxProcess firefox = new FirefoxProcess(directory.resolve("ca.pem"));
        BidiConnection bidi = new BidiConnection(firefox.address())) {
      FirefoxParticipant.prepare(bidi);
      String script = OwnRelayBrowserTest.relayOnly("tls", call);
      bidi.send(
          "script.addPreloadScript",
          BidiConnection.parameters().put("functionDeclaration", "() => {" + script + "}"));
      try (FirefoxParticipant grace = new FirefoxParticipant("Grace", bidi)) {
        ChromiumParticipant ada = call.join("Ada");
        grace.open(call.address("Grace", Call.SMALL));
        ada.seesAndHears("Grace");
        grace.seesAndHears("Ada");
        assertEquals("relay tls", grace.evaluate(FirefoxRelayBrowserTest.RELAYED));
      }
    }
  }
}
