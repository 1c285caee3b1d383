package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.CloseCode;
import org.plenum.signaling.token.Forge;

/// A server with the real SFU is drained and restarted during a call: the same room, the same
/// people, the same seats.
class RestartTest {
  private static final String WISH = "{\"metadata\":\"ours\",\"maxParticipants\":4}";

  @TempDir private Path data;

  private final HttpClient http = HttpClient.newHttpClient();
  private PlenumServer server;

  @BeforeEach
  void start() {
    var keys = new ServerConfig.Auth(List.of(new ApiKey("one", Forge.SECRET)), "", 30, false);
    server =
        PlenumServer.start(
            ServerConfig.forTests().with(keys).with(new ServerConfig.Events(List.of(), data)));
  }

  @AfterEach
  void stop() {
    server.close();
    http.shutdownNow();
  }

  @Test
  void everyoneComesBackToTheSameRoomAndTheSameSeats() throws Exception {
    api().call(201, "PUT", "/rooms/blue", WISH);
    Person ada = new Person("Ada");
    Person bob = new Person("Bob");
    Person cleo = new Person("Cleo");
    for (Person person : List.of(ada, bob, cleo)) {
      person.enter();
    }
    ada.shows(cleo); // by itself the server would give the seat to Bob, who came before
    for (Person person : List.of(ada, bob, cleo)) {
      person.socket.say(RealSfuTest.offer());
    }
    assertEquals(cleo.id, ada.firstInSeat());
    api().call(200, "PATCH", "/rooms/blue", "{\"locked\":true}");

    server.drain(Duration.ofMillis(1));
    server.close();
    assertEquals(CloseCode.GOING_AWAY.code(), ada.socket.closeCode());
    start();

    JsonNode room = api().get("/rooms/blue");
    assertEquals("ours", room.get("metadata").asText());
    assertEquals(4, room.get("maxParticipants").asInt());
    assertTrue(room.get("locked").asBoolean());
    for (Person person : List.of(ada, bob, cleo)) {
      String before = person.id;
      person.enter();
      assertEquals(before, person.id);
      if (person == ada) {
        ada.shows(cleo); // who is not back yet
      }
      person.socket.say(RealSfuTest.offer());
    }
    assertEquals(cleo.id, ada.firstInSeat());
    Person eve = new Person("Eve");
    assertEquals("room-locked", eve.hello("error").get("code").asText());
    api().call(200, "PUT", "/rooms/blue", WISH);
  }

  @Test
  void aRoomThatWasMadeWhileSomebodyWasInItIsOpenAgain() throws Exception {
    Person ada = new Person("Ada");
    ada.enter();
    api().call(409, "PUT", "/rooms/blue", WISH);
    JsonNode made = api().call(200, "PUT", "/rooms/blue", "{}");
    server.close();
    start();
    JsonNode again = api().get("/rooms/blue");
    assertEquals(made.get("maxParticipants"), again.get("maxParticipants"));
    api().call(204, "DELETE", "/rooms/blue", null);
    server.close();
    start();
    api().call(404, "GET", "/rooms/blue", null);
  }

  private ApiClient api() {
    Object[] grants = {"room", "blue", "roomAdmin", true, "roomCreate", true, "roomList", true};
    return new ApiClient(
        http, "http://127.0.0.1:" + server.httpPort(), Forge.hs256(Forge.granting(grants)));
  }

  private TestClient socket() throws Exception {
    return new TestClient(http, "ws://127.0.0.1:" + server.httpPort() + "/ws");
  }

  /// Somebody with a page that keeps the resume token.
  private final class Person {
    private final String jwt;
    private String id = "";
    private String resume = "none";
    private TestClient socket;

    Person(String name) {
      Map<String, Object> claims = Forge.with("sub", name);
      claims.put("name", name);
      jwt = Forge.hs256(claims);
    }

    /// What the server answers to it, of this type.
    JsonNode hello(String answer) throws Exception {
      socket = socket();
      socket.say(
          "{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"token\":\"%s\",\"resume\":\"%s\"}"
              .formatted(jwt, resume));
      return socket.next(answer);
    }

    void enter() throws Exception {
      JsonNode welcome = hello("welcome");
      assertFalse(welcome.get("resumed").asBoolean());
      id = welcome.get("participant").asText();
      resume = welcome.get("resume").asText();
    }

    /// In the one seat of the offer.
    void shows(Person other) throws Exception {
      socket.say(
          "{\"type\":\"view\",\"seats\":[{\"seat\":0,\"participant\":\"%s\"}]}"
              .formatted(other.id));
    }

    /// Who is the first that the seat carries.
    String firstInSeat() throws Exception {
      return socket
          .await("slot", slot -> slot.get("seat").asInt() == 0 && !slot.get("participant").isNull())
          .get("participant")
          .asText();
    }
  }
}
