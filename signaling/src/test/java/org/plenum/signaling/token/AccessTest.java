package org.plenum.signaling.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.livekit.server.AccessToken;
import io.livekit.server.CanPublish;
import io.livekit.server.CanPublishSources;
import io.livekit.server.CanSubscribe;
import io.livekit.server.Hidden;
import io.livekit.server.Recorder;
import io.livekit.server.RoomAdmin;
import io.livekit.server.RoomCreate;
import io.livekit.server.RoomJoin;
import io.livekit.server.RoomList;
import io.livekit.server.RoomName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;

class AccessTest {
  private static final RoomId BLUE = new RoomId("blue");

  private Instant now = Instant.now();
  private final Access access = access(new ApiKey("one", Forge.SECRET));

  @Test
  void takesTokensOfLiveKitsMaker() {
    AccessToken maker = new AccessToken("one", Forge.SECRET);
    maker.setIdentity("ann");
    maker.setName("Ann");
    maker.setMetadata("{\"a\":1}");
    maker.addGrants(
        new RoomJoin(true),
        new RoomName("blue"),
        new CanPublish(true),
        new CanPublishSources(List.of("microphone", "screen_share")),
        new CanSubscribe(false),
        new RoomAdmin(true),
        new RoomCreate(true),
        new RoomList(true),
        new Hidden(true),
        new Recorder(true));
    Token token = access.admit(maker.toJwt(), BLUE);
    assertEquals("ann", token.identity());
    assertEquals("Ann", token.name());
    assertEquals("{\"a\":1}", token.metadata());
    Grants grants = token.grants();
    assertEquals(Set.of(TrackSource.MICROPHONE, TrackSource.SCREEN), grants.canPublishSources());
    assertEquals(grants.canPublishSources(), grants.permissions().publish());
    assertFalse(grants.permissions().subscribe());
    assertTrue(grants.roomAdmin() && grants.roomCreate() && grants.roomList());
    assertTrue(grants.hidden() && grants.recorder() && grants.canPublishData());
  }

  @Test
  void grantsPublishingReceivingAndDataUnlessTakenBackAsLiveKitDoes() {
    Grants grants = access.admit(Forge.hs256(Forge.claims()), BLUE).grants();
    assertTrue(grants.canPublish() && grants.canSubscribe() && grants.canPublishData());
    assertFalse(grants.roomAdmin() || grants.roomCreate() || grants.roomList() || grants.hidden());
    Grants none =
        access
            .admit(
                Forge.hs256(
                    Forge.granting(
                        "room",
                        "blue",
                        "roomJoin",
                        true,
                        "canPublish",
                        false,
                        "canPublishSources",
                        List.of("camera"))),
                BLUE)
            .grants();
    assertEquals(Set.of(), none.permissions().publish());
  }

  @Test
  void lastsUntilItsExpiryAndTheLeeway() {
    String token = Forge.hs256(Forge.with("exp", now.getEpochSecond() + 10));
    now = now.plusSeconds(39);
    access.admit(token, BLUE);
    now = now.plusSeconds(1);
    refused(AccessException.Kind.UNAUTHORIZED, token, "expired at");
  }

  @Test
  void beginsALeewayBeforeItsTime() {
    String token = Forge.hs256(Forge.with("nbf", now.getEpochSecond() + 31));
    refused(AccessException.Kind.UNAUTHORIZED, token, "not valid before");
    now = now.plusSeconds(1);
    access.admit(token, BLUE);
  }

  @Test
  void takesTwoKeysDuringARotation() {
    String old = Forge.hs256(Forge.claims());
    String fresh =
        Forge.hs256(
            "{\"alg\":\"HS256\",\"kid\":\"two\"}",
            Forge.json(Forge.claims()),
            "y".repeat(32).getBytes());
    Access both = access(new ApiKey("one", Forge.SECRET), new ApiKey("two", "y".repeat(32)));
    both.admit(old, BLUE);
    both.admit(fresh, BLUE);
    Access after = access(new ApiKey("two", "y".repeat(32)));
    after.admit(fresh, BLUE);
    var refusal = assertThrows(AccessException.class, () -> after.admit(old, BLUE));
    assertTrue(refusal.getMessage().contains("not known here"));
  }

  @Test
  void aRemovalOutlivesTheReplayOfTheToken() {
    String string = Forge.hs256(Forge.with("iat", now.getEpochSecond()));
    String older = Forge.hs256(Forge.with("iat", now.getEpochSecond() - 100));
    Token token = access.admit(string, BLUE);
    now = now.plusSeconds(60);
    access.remove(BLUE, token);
    refused(AccessException.Kind.FORBIDDEN, string, "was removed");
    refused(AccessException.Kind.FORBIDDEN, older, "was removed");
    // A token that is made afterwards is meant to let them in again.
    access.admit(Forge.hs256(Forge.with("iat", now.getEpochSecond() + 1)), BLUE);
    Map<String, Object> other = Forge.with("iat", now.getEpochSecond() - 100);
    other.put("sub", "bob");
    access.admit(Forge.hs256(other), BLUE);
    now = Instant.ofEpochSecond(token.expirySeconds() + 29);
    refused(AccessException.Kind.FORBIDDEN, string, "was removed");
    now = now.plusSeconds(2);
    refused(AccessException.Kind.UNAUTHORIZED, string, "expired");
  }

  @Test
  void aRemovalIsForOneRoom() {
    Map<String, Object> claims = Forge.granting("room", "red", "roomJoin", true);
    String red = Forge.hs256(claims);
    access.remove(BLUE, access.admit(Forge.hs256(Forge.claims()), BLUE));
    access.admit(red, new RoomId("red"));
  }

  @Test
  void aRemovalOutlivesAClockThatJumpsAndIsSetRight() {
    String token = Forge.hs256(Forge.claims());
    access.remove(BLUE, access.admit(token, BLUE));
    Instant right = now;
    now = right.plus(Duration.ofDays(400));
    refused(AccessException.Kind.UNAUTHORIZED, token, "expired");
    Map<String, Object> later = Forge.claims();
    later.put("exp", now.plusSeconds(60).getEpochSecond());
    later.put("sub", "eve");
    access.admit(Forge.hs256(later), BLUE);
    now = right;
    refused(AccessException.Kind.FORBIDDEN, token, "was removed");
  }

  @Test
  void askedForNothingItLetsEveryoneIn() {
    Access open = Access.open(() -> now);
    assertFalse(open.requiresTokens());
    assertNull(open.admit(null, BLUE).identity());
    assertNull(open.admit("nonsense", BLUE).identity());
    open.remove(BLUE, open.admit(null, BLUE));
    open.admit(null, BLUE);
  }

  private void refused(AccessException.Kind kind, String token, String message) {
    var refusal = assertThrows(AccessException.class, () -> access.admit(token, BLUE));
    assertEquals(kind, refusal.kind(), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }

  private Access access(ApiKey... keys) {
    return Access.of(new ServerConfig.Auth(List.of(keys), "", 30, false), null, () -> now);
  }
}
