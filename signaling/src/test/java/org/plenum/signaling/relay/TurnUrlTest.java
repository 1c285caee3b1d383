package org.plenum.signaling.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 7065 §3.1.
class TurnUrlTest {
  @ParameterizedTest
  @CsvSource({
    "turn:turn.example.org, turn.example.org 3478 UDP",
    "turn:203.0.113.9:3480?transport=udp, 203.0.113.9 3480 UDP",
    "turn:203.0.113.9?transport=tcp, 203.0.113.9 3478 TCP",
    "turns:turn.example.org, turn.example.org 5349 TLS",
    "turns:turn.example.org:443?transport=tcp, turn.example.org 443 TLS",
    "turn:[2001:db8::9]:3478, 2001:db8::9 3478 UDP",
    "turns:turn.example.org?transport=udp, none",
    "turn:a:0, none",
    "turn:a:65536, none",
    "turn:2001:db8::9, none",
    "turn:a?transport=sctp, none",
    "stun:a, none",
  })
  void saysWhereAServerIs(String text, String expected) {
    TurnUrl url = TurnUrl.parse(text);
    assertEquals(expected, url == null ? "none" : url.host() + " " + url.port() + " " + url.way());
  }
}
