package org.plenum.signaling.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantInfo;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.limit.AddressLimits;
import org.plenum.signaling.token.Access;

/// Signaling over fake rooms and a fake clock.
final class SignalingFixture {
  static final String HELLO =
      """
      {"type":"hello","version":1,"room":"blue","name":"Ada"}""";

  final FakeTimers timers = new FakeTimers();
  final List<FakeRoom> rooms = new ArrayList<>();
  final Signaling signaling;

  /// Done with each new room.
  Consumer<FakeRoom> furniture = _ -> {};

  SignalingFixture() {
    this(ServerConfig.forTests(), InstantSource.system());
  }

  SignalingFixture(ServerConfig config, InstantSource clock) {
    Access access = Access.of(config.auth(), config.events().directory(), clock);
    signaling =
        new Signaling(
            this::open, TestTransports::negotiator, config, access, RoomWatch.NONE, timers, clock);
  }

  private FakeRoom open(RoomId id, RoomSettings settings, RoomObserver observer) {
    FakeRoom room = new FakeRoom(id, observer);
    furniture.accept(room);
    rooms.add(room);
    return room;
  }

  FakeRoom room() {
    return rooms.getLast();
  }

  Client connect() {
    return connect(AddressLimits.EXEMPT);
  }

  Client connect(String address) {
    return new Client(address);
  }

  Client join() throws Exception {
    Client client = connect();
    client.say(HELLO);
    client.welcomed();
    return client;
  }

  static ParticipantInfo participant(String id) {
    return new ParticipantInfo(new ParticipantId(id), "name of " + id, List.of());
  }

  static RoomEvent joined(String id) {
    return new RoomEvent.ParticipantJoined(participant(id));
  }

  static SlotBinding binding(String participant, long generation) {
    return new SlotBinding(
        new Mid("3"),
        0,
        new ParticipantId(participant),
        new TrackId(participant + "-1"),
        TrackSource.CAMERA,
        generation,
        null,
        0,
        0);
  }

  static String hello(String token, String media) {
    return """
    {"type":"hello","version":1,"room":"blue","name":"Ada","resume":"%s","media":"%s"}"""
        .formatted(token, media);
  }

  /// A client with one socket.
  final class Client {
    final FakeSocket socket = new FakeSocket();
    final ClientConnection connection;
    String token = "";

    Client(String address) {
      this.connection = signaling.connect(socket, address);
    }

    ParticipantId id = new ParticipantId("nobody");

    void say(String json) {
      connection.onText(json);
    }

    JsonNode welcomed() throws Exception {
      JsonNode welcome = socket.next("welcome");
      token = welcome.get("resume").asText();
      id = new ParticipantId(welcome.get("participant").asText());
      return welcome;
    }

    void hears(RoomEvent event) {
      room().emit(id, event);
    }
  }
}
