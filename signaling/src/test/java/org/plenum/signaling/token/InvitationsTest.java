package org.plenum.signaling.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.data.NotStoredException;

class InvitationsTest {
  private static final RoomId BLUE = new RoomId("blue");
  private static final RoomId RED = new RoomId("red");
  private static final Invitation.Wish WISH =
      new Invitation.Wish("Ann", EnumSet.of(TrackSource.CAMERA), true, false, 600, false);

  @TempDir private Path data;

  @Test
  void holdsForItsTimeAndIsForgotten() throws Exception {
    var invitations = new Invitations(data, 1000);
    Invitation made = invitations.make(BLUE, WISH, 1000);
    Token token = invitations.verify(made.token(), 1599);
    assertEquals("Ann", token.name());
    assertEquals(BLUE, token.grants().room());
    assertTrue(token.grants().roomJoin());
    assertFalse(token.grants().roomAdmin());
    assertEquals(Set.of(TrackSource.CAMERA), token.grants().permissions().publish());
    assertFalse(token.grants().canPublishData());
    assertThrows(AccessException.class, () -> invitations.verify(made.token(), 1600));
    assertEquals(List.of(), invitations.of(BLUE, 1600));
    try (var files = Files.list(data.resolve(InvitationFiles.DIRECTORY))) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void isReadAgainAsItWas() {
    Invitation made = new Invitations(data, 0).make(BLUE, WISH, 0);
    assertEquals(List.of(made), new Invitations(data, 0).of(BLUE, 0));
    var free = new Invitation.Wish(null, EnumSet.noneOf(TrackSource.class), true, true, 60, true);
    Invitation other = new Invitations(data, 0).make(RED, free, 0);
    assertEquals(List.of(other), new Invitations(data, 0).of(RED, 0));
    assertFalse(other.admission(other.token()).grants().canPublish());
  }

  @Test
  void aPassIsOfNoOtherInvitation() {
    var invitations = new Invitations(null, 0);
    Invitation mine = invitations.make(BLUE, WISH, 0);
    Invitation other = invitations.make(RED, WISH, 0);
    String pass = invitations.enter(mine.token(), 0);
    assertNotNull(invitations.verify(pass, 0).identity());
    String moved = pass.replace(mine.id(), other.id());
    assertThrows(AccessException.class, () -> invitations.verify(moved, 0));
    String asPass = mine.token().replace("invite.", "guest.");
    assertThrows(AccessException.class, () -> invitations.verify(asPass, 0));
    for (String broken : List.of("invite.", "guest.", "invite..", "guest.a", "invite.a.b.c.d")) {
      assertThrows(AccessException.class, () -> invitations.verify(broken, 0), broken);
    }
  }

  @Test
  void aRoomHasNotManyAtATime() {
    var invitations = new Invitations(null, 0);
    for (int i = 0; i < Invitations.MOST_OF_ROOM; i++) {
      assertNotNull(invitations.make(BLUE, WISH, 0));
    }
    assertNull(invitations.make(BLUE, WISH, 0));
    assertNotNull(invitations.make(RED, WISH, 0));
    assertNotNull(invitations.make(BLUE, WISH, 600));
  }

  @Test
  void whatTheDiskDoesNotTakeIsNotDone() throws Exception {
    var invitations = new Invitations(data, 0);
    Invitation made = invitations.make(BLUE, WISH, 0);
    Path files = data.resolve(InvitationFiles.DIRECTORY);
    Files.move(files, data.resolve("away"));
    assertThrows(NotStoredException.class, () -> invitations.make(BLUE, WISH, 0));
    assertThrows(NotStoredException.class, () -> invitations.revoke(BLUE, made.id()));
    assertEquals(List.of(made), invitations.of(BLUE, 0));
    Files.move(data.resolve("away"), files);
    assertFalse(invitations.revoke(RED, made.id()));
    assertTrue(invitations.revoke(BLUE, made.id()));
    assertEquals(List.of(), new Invitations(data, 0).of(BLUE, 0));
  }

  @Test
  void aFileThatIsDamagedIsLeftAlone() throws Exception {
    new Invitations(data, 0).make(BLUE, WISH, 0);
    Path damaged = data.resolve(InvitationFiles.DIRECTORY).resolve("x.json");
    Files.writeString(damaged, "{\"id\":\"x\"");
    assertEquals(1, new Invitations(data, 0).of(BLUE, 0).size());
    assertTrue(Files.exists(damaged));
  }
}
