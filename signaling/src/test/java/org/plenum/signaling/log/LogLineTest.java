package org.plenum.signaling.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.signaling.config.LogFormat;
import org.plenum.signaling.token.Forge;
import org.slf4j.event.KeyValuePair;

class LogLineTest {
  @Test
  void writesOneLineOfText() {
    String line = line(LogFormat.TEXT, false, event("joined", null));
    assertEquals("1970-01-01T00:00:00.007Z INFO Some room=blue participant=p1 joined\n", line);
  }

  @Test
  void writesOneLineOfJson() throws Exception {
    String line = line(LogFormat.JSON, false, event("a\n\"b\"", new IllegalStateException("x")));
    assertEquals(line.length() - 1, line.indexOf('\n'));
    var json = new JsonMapper().readTree(line);
    assertEquals("blue", json.get("room").asText());
    assertEquals("p1", json.get("participant").asText());
    assertEquals("a\n\"b\"", json.get("message").asText());
    assertEquals("org.plenum.Some", json.get("logger").asText());
    assertTrue(json.get("failure").asText().contains("IllegalStateException: x"));
  }

  @Test
  void nobodyForgesALine() {
    String line =
        line(LogFormat.TEXT, false, event("a\r\nb\u0007", new IllegalStateException("c\nd")));
    assertEquals(line.length() - 1, line.indexOf('\n'));
    assertFalse(line.contains("\r") || line.contains("\u0007"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2.1",
        "/192.0.2.1:4711",
        "[2001:db8::1]:80",
        "fe80::1",
        "::1",
        "::ffff:192.0.2.1",
        "2001:db8:0:0:0:0:0:1"
      })
  void masksAddressesUnlessTheyAreWanted(String address) {
    for (LogFormat format : LogFormat.values()) {
      String masked = line(format, false, event("from " + address + " came", null));
      assertFalse(masked.matches("(?s).*(192|2001|fe80|db8|::1).*"), masked);
      assertTrue(masked.contains("came"));
      assertTrue(line(format, true, event("from " + address, null)).contains(address));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2026-11-25T12:30:05Z", "version 12.1.12", "10000 packets", "Outer::inner"})
  void leavesAloneWhatIsNoAddress(String text) {
    assertTrue(line(LogFormat.TEXT, false, event(text, null)).contains(text));
  }

  @Test
  void neverShowsATokenOrAPassword() {
    String token = Forge.hs256(Forge.claims());
    String sdp = "v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:hush-hush\r\n";
    for (LogFormat format : LogFormat.values()) {
      String line =
          line(format, true, event("GET /?t=" + token, new IllegalStateException(token + sdp)));
      assertFalse(line.contains(token.substring(0, 40)), line);
      assertFalse(line.contains(token.substring(token.length() - 20)), line);
      assertFalse(line.contains("hush"), line);
    }
  }

  private static LoggingEvent event(String message, Throwable failure) {
    LoggerContext context = new LoggerContext();
    var event =
        new LoggingEvent(
            "", context.getLogger("org.plenum.Some"), Level.INFO, message, failure, null);
    event.setTimeStamp(7);
    event.addKeyValuePair(new KeyValuePair("room", "blue"));
    event.addKeyValuePair(new KeyValuePair("participant", "p1"));
    return event;
  }

  private static String line(LogFormat format, boolean addresses, LoggingEvent event) {
    return new String(new LogLine(format, addresses).encode(event), StandardCharsets.UTF_8);
  }
}
