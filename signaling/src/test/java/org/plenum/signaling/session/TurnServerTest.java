package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.plenum.ice.candidate.Candidate;
import org.plenum.sfu.DirectEnd;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomEvent.DirectChanged.State;
import org.plenum.sfu.SfuConfig;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.protocol.IceServer;
import org.plenum.signaling.protocol.OwnRelays;
import org.plenum.signaling.protocol.TurnPasswords;
import org.plenum.signaling.protocol.TurnServer;

class TurnServerTest {
  private static final TurnServer SERVER =
      new TurnServer(List.of("turn:203.0.113.9:3478"), "a-secret-that-both-sides-know");

  @Test
  void makesThePasswordThatCoturnExpects() {
    IceServer issued = SERVER.issue(Instant.ofEpochSecond(1_700_000_000), "plenum");
    assertEquals("1700086400:plenum", issued.username());
    // openssl dgst -sha1 -hmac SECRET -binary | base64
    assertEquals("VV4H1LQiHwkNqZnU8043RTlR9LE=", issued.credential());
    assertEquals(List.of("turn:203.0.113.9:3478"), issued.urls());
  }

  @Test
  void isInEachWelcomeOnceItIsThere() throws Exception {
    SignalingFixture fixture = new SignalingFixture();
    fixture.signaling.relayBy(SERVER);
    SignalingFixture.Client ada = fixture.connect();
    ada.say(SignalingFixture.HELLO);
    JsonNode server = ada.welcomed().get("iceServers").get(0);
    assertEquals("turn:203.0.113.9:3478", server.at("/urls/0").asText());
    assertFalse(server.get("credential").asText().isEmpty());
    assertEquals(1, fixture.signaling.counters().value(SignalingCounter.TURN_CREDENTIALS));
  }

  /// coturn counts allocations by what stands behind the colon.
  @Test
  void givesEachParticipantAUserNameOfItsOwn() throws Exception {
    SignalingFixture fixture = new SignalingFixture();
    fixture.signaling.relayBy(SERVER);
    for (String hello : List.of(SignalingFixture.HELLO, SignalingFixture.HELLO)) {
      SignalingFixture.Client client = fixture.connect();
      client.say(hello);
      JsonNode welcome = client.welcomed();
      String user = welcome.at("/iceServers/0/username").asText();
      assertEquals(
          welcome.get("participant").asText(), user.substring(user.indexOf(':') + 1), user);
    }
  }

  @Test
  void makesPasswordsThatLastAsLongAsTold() {
    TurnServer server = new TurnServer(SERVER.urls(), SERVER.secret(), Duration.ofMinutes(10));
    IceServer issued = server.issue(Instant.ofEpochSecond(1_700_000_000), "ada");
    assertEquals("1700000600:ada", issued.username());
  }

  @Test
  void keepsItsSecretToItself() {
    assertFalse(SERVER.toString().contains("secret-that"));
    assertThrows(IllegalArgumentException.class, () -> new TurnServer(List.of("turn:a"), ""));
    assertThrows(IllegalArgumentException.class, () -> new TurnServer(List.of(), "a"));
  }

  /// Our own TURN server, at the addresses of the room's worker.
  @Test
  void ourOwnIsInEachWelcomeIfTheRoomHasOne() throws Exception {
    ServerConfig config = ServerConfig.forTests();
    var passwords = new TurnPasswords(SERVER.secret(), Duration.ofHours(1));
    Instant now = Instant.ofEpochSecond(1_700_000_000);
    SignalingFixture fixture =
        new SignalingFixture(config.with(config.media().with(passwords)), InstantSource.fixed(now));
    fixture.furniture = room -> room.places = List.of(candidate("203.0.113.7", 10_001));
    SignalingFixture.Client ada = fixture.connect();
    ada.say(SignalingFixture.HELLO);
    JsonNode welcome = ada.welcomed();
    JsonNode server = welcome.get("iceServers").get(0);
    assertEquals("turn:203.0.113.7:10001?transport=tcp", server.at("/urls/0").asText());
    String participant = welcome.get("participant").asText();
    assertEquals("1700003600:" + participant, server.get("username").asText());
    assertEquals(
        passwords.issue(List.of("turn:a"), now, participant).credential(),
        server.get("credential").asText());
  }

  /// Half of its time before a password runs out there is another, as long as anybody is there.
  @Test
  void givesNewPasswordsInTime() throws Exception {
    var seconds = new AtomicLong(1_700_000_000);
    SignalingFixture fixture =
        new SignalingFixture(ServerConfig.forTests(), () -> Instant.ofEpochSecond(seconds.get()));
    fixture.signaling.relayBy(
        new TurnServer(SERVER.urls(), SERVER.secret(), Duration.ofMinutes(10)));
    SignalingFixture.Client ada = fixture.connect();
    ada.say(SignalingFixture.HELLO);
    String first = ada.welcomed().at("/iceServers/0/username").asText();
    assertTrue(first.startsWith("1700000600:"), first);
    for (int i = 1; i <= 3; i++) {
      seconds.addAndGet(300);
      fixture.timers.advanceMillis(300_000);
      JsonNode server = ada.socket.next("iceServers").at("/iceServers/0");
      String user = server.get("username").asText();
      assertEquals(first.replace("1700000600", "" + (1_700_000_600 + 300 * i)), user);
      assertEquals(SERVER.urls().getFirst(), server.at("/urls/0").asText());
    }
    assertEquals(4, fixture.signaling.counters().value(SignalingCounter.TURN_CREDENTIALS));
    ada.say("{\"type\":\"leave\"}");
    fixture.timers.advanceMillis(600_000);
    assertEquals(4, fixture.signaling.counters().value(SignalingCounter.TURN_CREDENTIALS));
  }

  /// Those of a direct call too, while it goes on: its relays have names of their own.
  @Test
  void givesNewPasswordsOfADirectCallWhileItGoesOn() throws Exception {
    ServerConfig config = ServerConfig.forTests().withDirect(true);
    var passwords = new TurnPasswords(SERVER.secret(), Duration.ofMinutes(10));
    var ports = new SfuConfig.PortRange(47_000, 47_099);
    var fixture =
        new SignalingFixture(
            config.with(config.media().with(passwords).with(ports)), InstantSource.system());
    fixture.furniture = room -> room.places = List.of(candidate("203.0.113.7", 10_001));
    SignalingFixture.Client ada = fixture.join();
    ParticipantId bob = new ParticipantId("bob");
    fixture.timers.advanceMillis(300_000);
    assertFalse(ada.socket.next("iceServers").has("direct"), "nobody talks directly");

    ada.hears(new RoomEvent.DirectChanged(3, State.STARTED, bob, true, null));
    String first = ada.socket.next("direct").at("/iceServers/0/username").asText();
    assertTrue(first.endsWith("/direct"), first);
    fixture.timers.advanceMillis(300_000);
    JsonNode renewed = ada.socket.next("iceServers");
    assertFalse(renewed.at("/iceServers/0/username").asText().endsWith("/direct"));
    String second = renewed.at("/direct/0/username").asText();
    assertEquals(first.replaceAll(".*:", ""), second.replaceAll(".*:", ""));

    ada.hears(new RoomEvent.DirectChanged(3, State.ENDED, bob, true, DirectEnd.COMPANY));
    ada.socket.next("direct");
    fixture.timers.advanceMillis(300_000);
    assertFalse(ada.socket.next("iceServers").has("direct"), "it is over");
  }

  /// Never over UDP: see [OwnRelays].
  @Test
  void namesTheBestAddressOfEachFamilyOverTcp() {
    assertEquals(
        List.of("turn:203.0.113.7:10001?transport=tcp", "turn:[2001:db8::7]:10001?transport=tcp"),
        OwnRelays.urls(
            List.of(
                new Candidate(
                    "1",
                    Candidate.Transport.UDP,
                    1,
                    InetAddress.ofLiteral("203.0.113.7"),
                    10_000,
                    Candidate.Type.HOST),
                candidate("203.0.113.7", 10_001),
                candidate("203.0.113.8", 10_001),
                candidate("2001:db8::7", 10_001)),
            null));
    assertEquals(List.of(), OwnRelays.urls(List.of(), null));
  }

  @Test
  void namesWhereItIsOverTlsByTheNameInTheCertificate() {
    List<Candidate> both = List.of(candidate("203.0.113.7", 443), candidate("2001:db8::7", 443));
    List<String> plain =
        List.of("turn:203.0.113.7:443?transport=tcp", "turn:[2001:db8::7]:443?transport=tcp");
    assertEquals(
        joined(plain, "turns:call.example.org:443?transport=tcp"),
        OwnRelays.urls(both, new OwnRelays.Secure("call.example.org", 0)));
    assertEquals(
        joined(
            plain,
            "turns:203.0.113.7:5349?transport=tcp",
            "turns:[2001:db8::7]:5349?transport=tcp"),
        OwnRelays.urls(both, new OwnRelays.Secure("", 5349)));
    Candidate udp =
        new Candidate(
            "1",
            Candidate.Transport.UDP,
            1,
            InetAddress.ofLiteral("203.0.113.7"),
            10_000,
            Candidate.Type.HOST);
    assertEquals(
        List.of("turns:203.0.113.7:5349?transport=tcp"),
        OwnRelays.urls(List.of(udp), new OwnRelays.Secure("", 5349)),
        "without ICE-TCP");
  }

  private static List<String> joined(List<String> first, String... more) {
    return Stream.concat(first.stream(), Stream.of(more)).toList();
  }

  private static Candidate candidate(String host, int port) {
    return new Candidate(
        "1",
        Candidate.Transport.TCP_PASSIVE,
        1,
        InetAddress.ofLiteral(host),
        port,
        Candidate.Type.HOST);
  }
}
