package org.plenum.signaling.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Playback;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.SeatParameters;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.quality.PublisherSecond.Limitation;

class ClientMessageReaderTest {
  @Test
  void readsHello() {
    assertEquals(
        new ClientMessage.Hello(
            1,
            List.of("x"),
            new RoomId("blue"),
            "Ada",
            "a.b.c",
            "token",
            ClientMessage.Hello.Media.NEW),
        ClientMessageReader.read(
            """
            {"type":"hello","version":1,"features":["x"],"room":"blue","name":" Ada ",
             "token":"a.b.c","resume":"token","media":"new","unknown":{"a":[1]}}"""));
  }

  @Test
  void readsMessages() {
    assertEquals(
        new ClientMessage.Message(new ParticipantId("bob"), "chat", "hi"),
        ClientMessageReader.read(
            "{\"type\":\"message\",\"to\":\"bob\",\"topic\":\"chat\",\"text\":\"hi\"}"));
    assertEquals(
        new ClientMessage.Message(null, "", "hi"),
        ClientMessageReader.read("{\"type\":\"message\",\"text\":\"hi\"}"));
  }

  @Test
  void readsStats() {
    assertEquals(
        new ClientMessage.Stats(3), ClientMessageReader.read("{\"type\":\"stats\",\"id\":3}"));
    assertEquals(
        new ClientMessage.Ping(4), ClientMessageReader.read("{\"type\":\"ping\",\"id\":4}"));
    assertEquals(
        new ClientMessage.HandedOver(), ClientMessageReader.read("{\"type\":\"handedOver\"}"));
    assertEquals(
        new ClientMessage.Report(new Playback(2, 1500, true)),
        ClientMessageReader.read(
            "{\"type\":\"report\",\"freezes\":2,\"frozenMillis\":1500,\"relayed\":true}"));
    assertEquals(
        "id",
        assertThrows(
                InvalidMessageException.class,
                () -> ClientMessageReader.read("{\"type\":\"stats\"}"))
            .field());
  }

  @Test
  void readsHowSlotsAndEncodersRun() {
    assertEquals(
        new ClientMessage.Report(
            new Playback(
                2,
                1500,
                false,
                List.of(
                    new Playback.Shown(new Mid("4"), 300, 20, 11),
                    new Playback.Shown(new Mid("5"), 0, 0, 0)),
                List.of(new Playback.Encoder(new Mid("1"), Limitation.CPU)))),
        ClientMessageReader.read(
            "{\"type\":\"report\",\"freezes\":2,\"frozenMillis\":1500,\"slots\":["
                + "{\"mid\":\"4\",\"frozenMillis\":300,\"received\":20,\"shown\":11},"
                + "{\"mid\":\"5\"}],"
                + "\"encoders\":[{\"mid\":\"1\",\"limitation\":\"cpu\"}]}"));
    refuses("slots[0].frozenMillis", "\"slots\":[{\"mid\":\"4\",\"frozenMillis\":1001}]");
    refuses("encoders[0].limitation", "\"encoders\":[{\"mid\":\"1\",\"limitation\":\"x\"}]");
    refuses("slots", "\"slots\":[" + "{},".repeat(64) + "{}]");
  }

  private static void refuses(String field, String more) {
    String report = "{\"type\":\"report\",\"freezes\":0,\"frozenMillis\":0," + more + "}";
    assertEquals(
        field,
        assertThrows(InvalidMessageException.class, () -> ClientMessageReader.read(report))
            .field());
  }

  @Test
  void readsAnOffer() {
    assertEquals(
        new ClientMessage.Offer(
            9,
            "v=0",
            List.of(
                new ClientMessage.Offer.Track(new Mid("0"), TrackSource.SCREEN_AUDIO, true),
                new ClientMessage.Offer.Track(new Mid("1"), TrackSource.CAMERA, false)),
            List.of(new SeatParameters(4, new Mid("2"), null))),
        ClientMessageReader.read(
            """
            {"type":"offer","id":9,"sdp":"v=0",
             "tracks":[{"mid":"0","source":"screen-audio","muted":true},
                       {"mid":"1","source":"camera"}],
             "seats":[{"seat":4,"audio":"2","video":null}]}"""));
  }

  @Test
  void readsAView() {
    assertEquals(
        new ClientMessage.View(
            List.of(
                new SeatView(0, new ParticipantId("p"), true, 180),
                new SeatView(1, new ParticipantId("q"), false, 720))),
        ClientMessageReader.read(
            """
            {"type":"view","seats":[{"seat":0,"participant":"p","screen":true,"maxHeight":180},
                                    {"seat":1,"participant":"q"}]}"""));
  }

  @Test
  void readsTheRest() {
    assertEquals(
        new ClientMessage.Mute(new Mid("0"), false),
        ClientMessageReader.read("{\"type\":\"mute\",\"mid\":\"0\",\"muted\":false}"));
    assertEquals(
        new ClientMessage.Leave(), ClientMessageReader.read("{\"type\":\"leave\",\"x\":1}"));
    assertNull(ClientMessageReader.read("{\"type\":\"from the future\"}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          {}                                                     | type            | missing
          {"type":1}                                             | type            | a string, not the number 1
          {"type":null}                                          | type            | missing
          {"type":"hello"}                                       | version         | missing
          {"type":"hello","version":"1"}                         | version         | whole number, not a string
          {"type":"hello","version":1.5}                         | version         | whole number
          {"type":"hello","version":1e99}                        | version         | whole number
          {"type":"hello","version":-1}                          | version         | 0 to
          {"type":"hello","version":1,"room":"a b","name":"x"}   | room            | letters, digits
          {"type":"hello","version":1,"room":"","name":"x"}      | room            | 1 to 64
          {"type":"hello","version":1,"room":"a"}                | name            | missing
          {"type":"hello","version":1,"room":"a","name":"  "}    | name            | 1 to 64
          {"type":"hello","version":1,"room":"a","name":"a\\u0007b"} | name         | control
          {"type":"message"}                                     | text            | missing
          {"type":"message","text":""}                           | text            | 1 to 4096
          {"type":"hello","version":1,"room":"a","name":[]}      | name            | a string, not an array
          {"type":"hello","version":1,"features":"a"}            | features        | an array, not a string
          {"type":"hello","version":1,"features":[1]}            | features[0]     | a string, not the number 1
          {"type":"hello","version":1,"room":"a","name":"x","media":"old"} | media | keep, new
          {"type":"offer","id":"7","sdp":"x"}                    | id              | whole number
          {"type":"offer","id":99999999999999999999,"sdp":"x"}   | id              | whole number
          {"type":"offer","id":7,"sdp":""}                       | sdp             | 1 to 393216
          {"type":"offer","id":7,"sdp":"x","tracks":{}}          | tracks          | an array, not an object
          {"type":"offer","id":7,"sdp":"x","tracks":[7]}         | tracks[0]       | an object, not the number 7
          {"type":"offer","id":7,"sdp":"x","tracks":[{"mid":"0"}]} | tracks[0].source | missing
          {"type":"offer","id":7,"sdp":"x","tracks":[{"mid":"0","source":"CAMERA"}]} | tracks[0].source | microphone, camera
          {"type":"offer","id":7,"sdp":"x","tracks":[{"mid":"0","source":"camera"},{"mid":"0","source":"screen"}]} | tracks[1] | second time
          {"type":"offer","id":7,"sdp":"x","tracks":[{"mid":"a b","source":"camera"}]} | tracks[0].mid | token characters
          {"type":"offer","id":7,"sdp":"x","seats":[{"seat":256,"audio":"0"}]} | seats[0].seat | 0 to 255
          {"type":"offer","id":7,"sdp":"x","seats":[{"seat":1}]} | seats[0]        | neither an audio nor a video
          {"type":"view","seats":[{"seat":0,"participant":"p","maxHeight":9000}]} | seats[0].maxHeight | 0 to 8192
          {"type":"view","seats":[{"seat":0,"participant":"p"},{"seat":0,"participant":"q"}]} | seats[1] | second time
          {"type":"mute","mid":"0"}                              | muted           | missing
          {"type":"mute","mid":"0","muted":1}                    | muted           | true or false
          {"type":"leave","type":"leave"}                        | type            | Duplicate
          """)
  void namesTheFieldThatIsWrong(String json, String field, String message) {
    var refusal = assertThrows(InvalidMessageException.class, () -> ClientMessageReader.read(json));
    assertEquals(field, refusal.field());
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''", "x", "[]", "7", "null", "{\"type\"", "{\"type\":\"leave\"} {}", "{'a':1}"})
  void refusesWhatIsNotAnObject(String json) {
    assertThrows(InvalidMessageException.class, () -> ClientMessageReader.read(json));
  }

  @Test
  void refusesWhatIsTooDeepTooLongOrTooMany() {
    refuses("{\"type\":\"leave\",\"x\":" + "[".repeat(17) + "]".repeat(17) + "}");
    refuses("{\"type\":\"hello\",\"" + "n".repeat(300) + "\":1}");
    refuses("{\"type\":\"offer\",\"id\":" + "9".repeat(40) + "}");
    refuses("{\"type\":\"offer\",\"id\":1,\"sdp\":\"" + "x".repeat(393_217) + "\"}");
    refuses("{\"type\":\"view\",\"seats\":[" + "{},".repeat(256) + "{}]}");
    refuses("{\"type\":\"hello\",\"version\":1,\"features\":[" + "\"a\",".repeat(64) + "\"a\"]}");
  }

  @Test
  void doesNotRepeatALongValue() {
    var refusal =
        assertThrows(
            InvalidMessageException.class,
            () ->
                ClientMessageReader.read(
                    """
                    {"type":"offer","id":1,"sdp":"x","tracks":[{"mid":"0","source":"%s"}]}"""
                        .formatted("y".repeat(100_000))));
    assertTrue(refusal.getMessage().length() < 200, refusal.getMessage());
  }

  private static void refuses(String json) {
    assertThrows(InvalidMessageException.class, () -> ClientMessageReader.read(json));
  }
}
