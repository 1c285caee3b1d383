package org.plenum.signaling.jsep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.Mid;
import org.plenum.sfu.TransportAnswer;

class IceFragmentTest {
  private static final String ICE = "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n";
  private static final IceCredentials CREDENTIALS =
      new IceCredentials("EsAw", "P2uYro0UCOQ4zxjKXaWCBui1");

  @Test
  void readsTheExampleOfTheRfc() {
    IceFragment fragment =
        IceFragment.read(
            """
            a=group:BUNDLE 0 1
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            a=mid:0
            a=ice-ufrag:EsAw
            a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
            a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw
            a=candidate:473322822 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active generation 0
            a=end-of-candidates
            """);
    assertEquals(new IceFragment(CREDENTIALS, Set.of(new Mid("0")), 2, true), fragment);
  }

  @Test
  void takesCredentialsThatStandAboveAllSections() {
    IceFragment fragment = IceFragment.read(ICE + "m=video 9 RTP/AVP 0\r\na=mid:v\r\n");
    assertEquals(new IceFragment(CREDENTIALS, Set.of(new Mid("v")), 0, false), fragment);
  }

  @Test
  void takesTheSameCredentialsInSeveralSections() {
    String section = "m=audio 9 RTP/AVP 0\na=mid:%d\n" + ICE;
    assertEquals(
        Set.of(new Mid("0"), new Mid("1")),
        IceFragment.read(section.formatted(0) + section.formatted(1)).mids());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 1 udp 1 192.0.2.1 9 typ host",
        "a+/9 256 UDP 2147483647 2001:db8::1 65535 typ srflx raddr :: rport 0",
        "1 1 sctp 1 somewhere.local 0 typ strange new thing",
      })
  void takesAnyCandidateOfTheGrammar(String candidate) {
    assertEquals(1, IceFragment.read(ICE + "a=candidate:" + candidate).candidates());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1 1 udp 1 192.0.2.1 9 typ",
        "1 1 udp 1 192.0.2.1 9 typ host tcptype",
        "1 0 udp 1 192.0.2.1 9 typ host",
        "1 257 udp 1 192.0.2.1 9 typ host",
        "1 1 udp 2147483648 192.0.2.1 9 typ host",
        "1 1 udp -1 192.0.2.1 9 typ host",
        "1 1 udp 1 192.0.2.1 65536 typ host",
        "1 1 udp 1 192.0.2.1 9 type host",
        "1 1 udp 1  9 typ host",
        "123456789012345678901234567890123 1 udp 1 192.0.2.1 9 typ host",
        "1 1 udp 99999999999999999999 192.0.2.1 9 typ host",
      })
  void refusesAnyOther(String candidate) {
    assertRefused("a=candidate", ICE + "a=candidate:" + candidate);
  }

  @ParameterizedTest
  @CsvSource({
    "a=ice-ufrag, a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1",
    "a=ice-pwd, a=ice-ufrag:EsAw",
    "a=ice-ufrag, a=ice-ufrag:abc;a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1",
    "a=ice-pwd, a=ice-ufrag:EsAw;a=ice-pwd:P2uYro0UCOQ4zxjKXaWC-ui1",
    "a=ice-ufrag, a=ice-ufrag:EsAw;a=ice-ufrag:EsAx",
    "a=mid, a=mid:0",
    "a=mid, m=audio 9 RTP/AVP 0;a=mid:a b",
    "sdpfrag, v=0",
    "sdpfrag, ''",
    "sdpfrag, a=x;;a=y",
  })
  void refusesByName(String field, String lines) {
    assertRefused(field, lines.replace(";", "\r\n"));
  }

  @Test
  void isBounded() {
    assertRefused("sdpfrag", ICE + "a=x\n".repeat(256));
    assertRefused("sdpfrag", ICE + "a=" + "x".repeat(IceFragment.MAX_LENGTH));
  }

  @Test
  void answersARestartWithAllThatIsNew() {
    TransportAnswer transport =
        Offers.answerTo(
            new Negotiator(1).negotiate(Offers.CHROMIUM, Offers.TRACKS, Offers.SEATS).offer());
    assertEquals(
        """
        a=ice-lite
        m=audio 9 UDP/TLS/RTP/SAVPF 0
        a=mid:0
        a=ice-ufrag:abcd
        a=ice-pwd:abcdefghijklmnopqrstuvwx
        a=candidate:1 1 udp 2130706431 192.0.2.7 10000 typ host
        a=end-of-candidates
        """
            .replace("\n", "\r\n"),
        IceFragment.answer(new IceFragment.Section("audio", new Mid("0")), transport));
  }

  private static void assertRefused(String field, String fragment) {
    var refusal = assertThrows(InvalidOfferException.class, () -> IceFragment.read(fragment));
    assertEquals(field, refusal.field(), refusal.getMessage());
  }
}
