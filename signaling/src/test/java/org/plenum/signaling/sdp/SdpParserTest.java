package org.plenum.signaling.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SdpParserTest {
  private static final String HEAD = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

  /// RFC 8866 §5, its example.
  private static final String EXAMPLE =
      """
      v=0
      o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1
      s=Call to John Smith
      i=SDP Offer #1
      u=http://www.jdoe.example.com/home.html
      e=Jane Doe <jane@jdoe.example.com>
      p=+1 617 555-6011
      c=IN IP4 198.51.100.1
      t=0 0
      m=audio 49170 RTP/AVP 0
      m=audio 49180 RTP/AVP 0
      m=video 51372 RTP/AVP 99
      c=IN IP6 2001:db8::2
      a=rtpmap:99 h263-1998/90000
      """;

  @Test
  void parsesTheExampleOfTheStandardWithBareNewlines() throws SdpException {
    SessionDescription description = SdpParser.parse(EXAMPLE);

    assertEquals(
        new Origin("jdoe", "3724394400", "3724394405", "IP4", "198.51.100.1"),
        description.origin());
    assertEquals("Call to John Smith", description.sessionName());
    MediaDescription video = description.media().get(2);
    assertEquals(12, video.line());
    assertEquals(51_372, video.port());
    assertEquals(List.of("99"), video.formats());
    Attribute map = video.attributes().first("rtpmap");
    assertEquals(new RtpMap(99, "h263-1998", 90_000, 1), RtpMap.parse(map));
    assertEquals(14, map.line());
  }

  @Test
  void keepsAttributesItDoesNotKnow() throws SdpException {
    SessionDescription description = SdpParser.parse(HEAD + "a=new-thing:a:b\r\na=flag\r\n");

    assertEquals("a:b", description.attributes().only("new-thing"));
    assertTrue(description.attributes().has("flag"));
    assertNull(description.attributes().first("flag").value());
    assertFalse(description.attributes().has("Flag"));
  }

  @Test
  void onlyThePortZeroOfABundleOnlySectionIsNoRejection() throws SdpException {
    String media = HEAD + "m=video 0 UDP/TLS/RTP/SAVPF 96\r\n";

    assertTrue(SdpParser.parse(media).media().getFirst().isRejected());
    assertFalse(SdpParser.parse(media + "a=bundle-only\r\n").media().getFirst().isRejected());
  }

  @ParameterizedTest
  @CsvSource({
    "5, nonsense, not of the form",
    "5, '', not of the form",
    "5, x=1, x=",
    "5, 's=again', once",
    "5, 'o=- 1 1 IN IP4 0.0.0.0', once",
    "5, v=0, once",
    "5, a=, names no attribute",
    "5, 'a=b c:d', names no attribute",
    "5, m=audio 9 RTP/SAVPF, must be <media>",
    "5, m=audio 65536 RTP/SAVPF 0, no port",
    "5, m=audio -1 RTP/SAVPF 0, no port",
    "5, m=audio 9 RTP//SAVPF 0, no protocol",
    "5, m=a/b 9 RTP/SAVPF 0, no media",
    "5, 'm=audio 9 RTP/SAVPF  0', no token",
  })
  void namesTheLineThatWasWrong(int line, String content, String message) {
    assertFails(line, message, HEAD + content + "\r\na=x\r\n");
  }

  @Test
  void sessionLinesDoNotBelongBelowMedia() {
    String media = HEAD + "m=audio 9 RTP/SAVPF 0\r\n";
    assertFails(6, "once", media + "s=-\r\n");
    assertFails(6, "t=", media + "t=0 0\r\n");
  }

  @Test
  void refusesControlCharacters() {
    assertFails(5, "control character", HEAD + "a=x:\0\r\n");
    assertFails(5, "control character", HEAD + "a=x:\ra=ice-lite\r\n");
  }

  @Test
  void needsItsFirstLines() {
    assertFails(1, "must be v=0", "o=- 1 2 IN IP4 127.0.0.1\r\n");
    assertFails(2, "o= must be", "v=0\r\no=- 1 2 IN IP4\r\n");
    assertFails(2, "o= id must be a number", "v=0\r\no=- x 2 IN IP4 127.0.0.1\r\n");
    assertFails(0, "o= line is missing", "v=0\r\n");
    assertFails(0, "s= line is missing", "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n");
  }

  @Test
  void isBounded() {
    assertFails(0, "at most 393216", HEAD + "a".repeat(SdpParser.MAX_LENGTH));
    assertFails(5, "longer than 8192", HEAD + "a=" + "b".repeat(8191) + "\r\n");
    assertFails(10_001, "more than 10000 lines", HEAD + "a=x\n".repeat(9997));
    assertFails(0x105, "more than 256 m=", HEAD + "m=audio 9 RTP/SAVPF 0\n".repeat(257));
  }

  private static void assertFails(int line, String message, String text) {
    var failure = assertThrows(SdpException.class, () -> SdpParser.parse(text));
    assertEquals(line, failure.line(), failure.getMessage());
    assertTrue(failure.getMessage().contains(message), failure.getMessage());
  }
}
