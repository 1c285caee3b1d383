package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.session.SignalingFixture.joined;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plenum.ice.candidate.Candidate;
import org.plenum.sfu.DirectEnd;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.PeerMessage;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomEvent.DirectChanged.State;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.protocol.TurnPasswords;

/// What clients say and hear of a direct call.
class DirectMessagesTest {
  private static final ParticipantId BOB = new ParticipantId("bob");
  private static final Candidate UDP =
      new Candidate(
          "1",
          Candidate.Transport.UDP,
          1,
          InetAddress.ofLiteral("203.0.113.7"),
          10_000,
          Candidate.Type.HOST);

  private final SignalingFixture fixture = new SignalingFixture();

  @Test
  void tellsTheRoomWhatTheClientSays() throws Exception {
    var client = fixture.join();
    client.say(
        """
        {"type":"peer","to":"bob","call":3,"description":{"type":"offer","sdp":"v=0"},
         "candidates":[{"candidate":"candidate:1","mid":"0"},{"candidate":"","mid":"0"}]}""");
    client.say("{\"type\":\"direct\",\"call\":3,\"state\":\"connected\"}");
    client.say("{\"type\":\"direct\",\"call\":3,\"state\":\"failed\",\"reason\":\"lost\"}");
    client.say("{\"type\":\"direct\",\"state\":\"refused\"}");

    List<String> calls = fixture.room().calls;
    String peer = calls.get(calls.size() - 4);
    assertTrue(peer.contains(" to bob PeerMessage[call=3, description=offer"), peer);
    assertFalse(peer.contains("candidate:1"), "addresses stay out of logs: " + peer);
    assertEquals(
        List.of("direct 3 connected", "direct 3 LOST", "agree direct false"),
        calls.subList(calls.size() - 3, calls.size()));
  }

  @Test
  void tellsTheClientWhatTheRoomSays() throws Exception {
    var client = fixture.join();
    client.hears(joined("bob"));
    client.socket.next("joined");
    client.hears(new RoomEvent.DirectChanged(3, State.STARTED, BOB, true, null));
    JsonNode start = client.socket.next("direct");
    assertEquals("started", start.get("state").asText());
    assertEquals("bob", start.get("participant").asText());
    assertTrue(start.get("offers").asBoolean());
    assertFalse(start.has("reason"));

    var candidate = new PeerMessage.Candidate("candidate:1", new Mid("0"));
    var answer = new PeerMessage.Description(false, "v=0");
    client.hears(new RoomEvent.PeerReceived(BOB, new PeerMessage(3, answer, List.of(candidate))));
    JsonNode peer = client.socket.next("peer");
    assertEquals("bob", peer.get("from").asText());
    assertEquals("{\"type\":\"answer\",\"sdp\":\"v=0\"}", peer.get("description").toString());
    assertEquals(
        "[{\"candidate\":\"candidate:1\",\"mid\":\"0\"}]", peer.get("candidates").toString());

    client.hears(new RoomEvent.DirectChanged(3, State.ENDED, BOB, true, DirectEnd.COMPANY));
    assertEquals("company", client.socket.next("direct").get("reason").asText());
  }

  /// Without a relay for them, each learns of us what address others see.
  @Test
  void namesWhereTheirAddressesAreTold() throws Exception {
    fixture.furniture = room -> room.places = List.of(UDP);
    var client = fixture.join();
    client.hears(new RoomEvent.DirectChanged(3, State.STARTED, BOB, true, null));
    JsonNode servers = client.socket.next("direct").get("iceServers");
    assertEquals("[{\"urls\":[\"stun:203.0.113.7:10000\"]}]", servers.toString());
  }

  /// A relay that leads to this server only is of no use to them.
  @Test
  void namesNoRelayThatDoesNotLeadToTheOther() throws Exception {
    ServerConfig config = ServerConfig.forTests();
    var passwords = new TurnPasswords("a-secret-that-nobody-knows", Duration.ofHours(1));
    var withTurn =
        new SignalingFixture(config.with(config.media().with(passwords)), InstantSource.system());
    withTurn.furniture = room -> room.places = List.of(UDP);
    var client = withTurn.join();
    client.hears(new RoomEvent.DirectChanged(3, State.STARTED, BOB, true, null));
    JsonNode servers = client.socket.next("direct").get("iceServers");
    assertEquals("[{\"urls\":[\"stun:203.0.113.7:10000\"]}]", servers.toString());
  }

  @Test
  void whatNobodyAgreedToIsRefusedAndCounted() throws Exception {
    var client = fixture.join();
    fixture
        .room()
        .refusals
        .add(new RefusedException(RefusedException.Reason.FORBIDDEN, "have not agreed"));
    client.say(
        "{\"type\":\"peer\",\"to\":\"bob\",\"call\":1,\"description\":{\"type\":\"offer\",\"sdp\":\"v\"}}");
    JsonNode error = client.socket.next("error");
    assertEquals("forbidden", error.get("code").asText());
    assertEquals("have not agreed", error.get("message").asText());
    assertFalse(error.get("fatal").asBoolean());
    assertEquals(1, fixture.signaling.counters().value(SignalingCounter.REFUSED_PEER_MESSAGES));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'call':1,'description':{'type':'offer','sdp':'v'}|to",
        "'to':'bob','description':{'type':'offer','sdp':'v'}|call",
        "'to':'bob','call':1|description",
        "'to':'bob','call':1,'description':{'type':'offer'}|description.sdp",
        "'to':'bob','call':1,'description':{'type':'rollback','sdp':'v'}|description.type",
        "'to':'bob','call':1,'description':'v'|description",
        "'to':'bob','call':1,'candidates':[{'candidate':'c'}]|candidates[0].mid",
      })
  void namesWhatIsWrong(String fields, String field) throws Exception {
    refused("{\"type\":\"peer\"," + fields.replace('\'', '"') + "}", field);
  }

  @Test
  void boundsWhatIsPassedOn() throws Exception {
    String head = "{\"type\":\"peer\",\"to\":\"bob\",\"call\":1,";
    String sdp = "v".repeat(64 * 1024 + 1);
    refused(
        head + "\"description\":{\"type\":\"offer\",\"sdp\":\"" + sdp + "\"}}", "description.sdp");
    String candidate = "{\"candidate\":\"c\",\"mid\":\"0\"},";
    String many = candidate.repeat(4_000);
    refused(head + "\"candidates\":[" + many.substring(0, many.length() - 1) + "]}", "candidates");
    String longOne = "c".repeat(1_025);
    refused(
        head + "\"candidates\":[{\"candidate\":\"" + longOne + "\",\"mid\":\"0\"}]}",
        "candidates[0].candidate");
  }

  @Test
  void aClientDoesNotSayWhatIsForTheRoomToSay() throws Exception {
    refused(
        "{\"type\":\"direct\",\"call\":1,\"state\":\"failed\",\"reason\":\"company\"}", "reason");
    refused("{\"type\":\"direct\",\"call\":1,\"state\":\"up\"}", "state");
  }

  private void refused(String message, String field) throws Exception {
    var client = fixture.join();
    int before = fixture.room().calls.size();
    client.say(message);
    JsonNode error = client.socket.next("error");
    assertEquals("invalid-message", error.get("code").asText());
    assertEquals(field, error.get("field").asText());
    assertFalse(error.get("fatal").asBoolean());
    assertEquals(before, fixture.room().calls.size(), "nothing came to the room");
  }
}
