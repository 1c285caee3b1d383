package org.plenum.signaling.admin;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.plenum.broadcast.live.Broadcast;
import org.plenum.broadcast.live.Broadcasts;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.FakeRoom;
import org.plenum.signaling.session.FakeTimers;
import org.plenum.signaling.session.RoomWatch;
import org.plenum.signaling.session.Signaling;
import org.plenum.signaling.session.TestTransports;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.KeyRing;
import org.plenum.signaling.token.LiveLinks;
import org.plenum.signaling.token.LiveRooms;
import org.plenum.signaling.webhook.Journal;

@Tag("fuzz")
class ApiFuzzTest {
  private static final Api API =
      new Api(
          new Signaling(
              (id, _, observer) -> new FakeRoom(id, observer),
              TestTransports::negotiator,
              ServerConfig.forTests(),
              Access.open(InstantSource.system()),
              RoomWatch.NONE,
              new FakeTimers(),
              InstantSource.system()),
          new LiveRooms(
              new Broadcasts(
                  new Broadcasts.Listener() {
                    @Override
                    public void onStarted(Broadcast broadcast) {}

                    @Override
                    public void onEnded(Broadcast broadcast) {}
                  }),
              new LiveLinks(new KeyRing(List.of()), false, InstantSource.system())),
          null,
          Journal.open(null));

  /// The first line is the path, the rest the body; whatever it is, it is no fault of ours.
  @FuzzTest(maxDuration = "5s")
  void answersWhateverComes(byte[] input) {
    String[] parts = new String(input, StandardCharsets.UTF_8).split("\n", 2);
    List<String> path = List.of(parts[0].split("/", -1));
    byte[] body = parts[parts.length - 1].getBytes(StandardCharsets.UTF_8);
    for (String method : List.of("GET", "PUT", "POST", "PATCH", "DELETE", "x")) {
      ApiReply reply =
          API.answer(
              new ApiRequest(
                  method,
                  path,
                  Map.of("limit", parts[0], "after", parts[0]),
                  parts[0],
                  "application/json",
                  () -> body,
                  true));
      assertNotEquals(500, reply.status(), reply.body());
    }
  }
}
