package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.plenum.cluster.LocalDirectory;
import org.plenum.cluster.RoomDirectory;
import org.plenum.cluster.RoomEntry;
import org.plenum.cluster.Secrets;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.protocol.ClientMessage.Hello;
import org.plenum.signaling.token.Access;
import org.plenum.signaling.token.Token;

/// By what one node gave them, people come back to another one; and by what a node of another
/// cluster gave them they do not.
class ClusterTokensTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final RoomId ROOM = new RoomId("blue");
  private static final Token ANYBODY = Access.open(InstantSource.fixed(NOW)).authenticate(null);

  /// What the directory says of the room.
  private RoomEntry entry = new RoomEntry("n1", 1, "life");

  private ResumeTokens node(String secret, Duration ahead) {
    Instant here = NOW.plus(ahead);
    RoomDirectory directory = new Copy();
    var lives = new ResumeTokens.Lives(directory, _ -> here.toEpochMilli());
    byte[] key = Secrets.derive(secret, "resume tokens");
    InstantSource clock = InstantSource.fixed(here);
    return new ResumeTokens(key, null, Access.open(clock), clock, lives);
  }

  /// A directory of which only this is read.
  private final class Copy implements RoomDirectory {
    private final LocalDirectory rest = new LocalDirectory(InstantSource.system());

    @Override
    public @Nullable RoomEntry find(String room) {
      return entry;
    }

    @Override
    public RoomEntry claim(String room, String candidate) {
      return rest.claim(room, candidate);
    }

    @Override
    public Claim open(String room) {
      return rest.open(room);
    }

    @Override
    public void update(Claim claim, String state) {
      rest.update(claim, state);
    }

    @Override
    public RoomEntry move(Claim claim, String node) {
      return rest.move(claim, node);
    }

    @Override
    public void release(Claim claim) {
      rest.release(claim);
    }
  }

  private static Hello hello(String resume) {
    return new Hello(1, List.of(), ROOM, "Ada", null, resume, Hello.Media.NEW);
  }

  private SignalingSession.@Nullable Admission atTheNextOwner(
      String resume, String secret, Duration ahead) {
    entry = entry.to("n2");
    return node(secret, ahead).redeem(hello(resume));
  }

  @Test
  void theNextOwnerKnowsWhoComes() {
    String resume = node("ours", Duration.ZERO).issue(ROOM, ANYBODY);
    SignalingSession.Admission admission = atTheNextOwner(resume, "ours", Duration.ZERO);
    assertNotNull(admission);
    assertEquals(ResumeTokens.participant(resume), admission.participant());
  }

  /// The epoch says which is of before, and no clock.
  @Test
  void clocksMayBeAnHourApart() {
    for (int hours : List.of(-1, 1)) {
      entry = new RoomEntry("n1", 1, "life");
      String resume = node("ours", Duration.ofHours(hours)).issue(ROOM, ANYBODY);
      SignalingSession.Admission admission = atTheNextOwner(resume, "ours", Duration.ZERO);
      assertNotNull(admission, hours + " h");
      assertEquals(ResumeTokens.participant(resume), admission.participant());
    }
  }

  @Test
  void anotherClustersTokenIsNoneAndSoIsOneThatWasChanged() {
    String foreign = node("theirs", Duration.ZERO).issue(ROOM, ANYBODY);
    assertNull(atTheNextOwner(foreign, "ours", Duration.ZERO));

    entry = new RoomEntry("n1", 1, "life");
    String own = node("ours", Duration.ZERO).issue(ROOM, ANYBODY);
    String[] parts = own.split("\\.", -1);
    for (int i = 0; i < parts.length; i++) {
      String[] changed = parts.clone();
      char last = changed[i].charAt(0);
      changed[i] = (last == '1' ? '2' : '1') + changed[i].substring(1);
      String text = String.join(".", Arrays.asList(changed));
      entry = new RoomEntry("n1", 3, "life");
      assertNull(node("ours", Duration.ZERO).redeem(hello(text)), "part " + i);
    }
  }

  @Test
  void aRoomThatWasGivenUpKnowsNobodyOfBefore() {
    String resume = node("ours", Duration.ZERO).issue(ROOM, ANYBODY);
    entry = new RoomEntry("n1", 2, "another life");
    assertNull(node("ours", Duration.ZERO).redeem(hello(resume)));
  }
}
