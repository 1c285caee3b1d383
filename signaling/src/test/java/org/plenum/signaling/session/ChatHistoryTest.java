package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.protocol.Rule;

/// What who comes late is told of the chat.
class ChatHistoryTest {
  private static final String HI = "{\"type\":\"message\",\"topic\":\"chat\",\"text\":\"hi\"}";

  private final SignalingFixture fixture = new SignalingFixture();

  @Test
  void whoComesLateSeesWhatWasWrittenToAll() throws Exception {
    var ada = fixture.join();
    ada.say(HI);
    ada.say("{\"type\":\"message\",\"topic\":\"chat\",\"to\":\"bob\",\"text\":\"for bob\"}");
    ada.say("{\"type\":\"message\",\"topic\":\"reaction\",\"text\":\"like\"}");
    var late = fixture.connect();
    late.say(SignalingFixture.HELLO);
    JsonNode history = late.welcomed().get("history");
    assertEquals(1, history.size());
    assertEquals("hi", history.get(0).get("text").asText());
    assertEquals("Ada", history.get(0).get("name").asText());
    assertEquals(ada.id.value(), history.get(0).get("from").asText());
    assertFalse(history.get(0).get("own").asBoolean());
    assertTrue(history.get(0).get("at").asLong() > 0);
  }

  @Test
  void theRuleEndsIt() throws Exception {
    var ada = fixture.join();
    ada.say(HI);
    OpenRoom room = fixture.signaling.rooms().find(new RoomId("blue"));
    fixture.signaling.rules(room, room.rules().with(Rule.HISTORY, false));
    ada.say(HI);
    fixture.signaling.rules(room, room.rules().with(Rule.HISTORY, true));
    var late = fixture.connect();
    late.say(SignalingFixture.HELLO);
    assertTrue(late.welcomed().get("history").isEmpty());
  }

  @Test
  void itIsBounded() {
    var history = new ChatHistory();
    for (int i = 0; i < ChatHistory.MOST + 5; i++) {
      history.add(line("x"));
    }
    assertEquals(ChatHistory.MOST, history.lines().size());
    history.add(line("y".repeat(ChatHistory.MOST_TEXT - 3)));
    assertEquals(4, history.lines().size());
    var refused = line("z");
    history.add(refused);
    history.remove(refused);
    assertEquals(3, history.lines().size());
  }

  /// With its room it goes to another node.
  @Test
  void itIsElsewhereAsItWas() {
    var before = new ChatHistory();
    before.add(line("hello \"x\""));
    before.add(line("Grüße, 世界\n"));
    var after = new ChatHistory();
    after.inherit(before.text());
    assertEquals(before.lines(), after.lines());
    after.add(line("later"));
    assertEquals("later", after.lines().getLast().text());
    assertThrows(IllegalArgumentException.class, () -> after.inherit("["));
  }

  @Test
  void itStaysBoundedElsewhere() {
    var before = new ChatHistory();
    for (int i = 0; i < ChatHistory.MOST; i++) {
      before.add(line("x" + i));
    }
    var after = new ChatHistory();
    after.add(line("here"));
    after.inherit(before.text());
    assertEquals(before.lines(), after.lines());
  }

  private static ChatHistory.Line line(String text) {
    return new ChatHistory.Line(new ParticipantId("p"), "p", "P", "chat", text, 1);
  }
}
