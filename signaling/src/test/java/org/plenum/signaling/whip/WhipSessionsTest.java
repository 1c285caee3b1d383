package org.plenum.signaling.whip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.plenum.sfu.Mid;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.jsep.IceFragment;
import org.plenum.signaling.session.FakeRoom;
import org.plenum.signaling.session.SessionLog;
import org.plenum.signaling.session.TestTransports;

class WhipSessionsTest {
  private final WhipSessions sessions = new WhipSessions();
  private final FakeRoom room = new FakeRoom(new RoomId("blue"), _ -> {});
  private final SessionLog log = new SessionLog();

  @Test
  void refusesMoreThanItsCapacity() {
    WhipSession first = session(WhipProtocol.WHIP);
    sessions.add(first);
    for (int i = 1; i < WhipSessions.CAPACITY; i++) {
      sessions.add(session(WhipProtocol.WHEP));
    }
    WhipSession next = session(WhipProtocol.WHIP);
    var refusal = assertThrows(WhipRefusal.class, () -> sessions.add(next));
    assertEquals(WhipStatus.SERVICE_UNAVAILABLE, refusal.reply().status());
    assertTrue(sessions.remove(first));
    sessions.add(next);
    assertEquals(1, sessions.count(WhipProtocol.WHIP));
    assertEquals(WhipSessions.CAPACITY - 1, sessions.count(WhipProtocol.WHEP));
  }

  @Test
  void findsASessionAtItsOwnPathOnly() {
    WhipSession session = session(WhipProtocol.WHIP);
    sessions.add(session);
    String id = session.id();
    assertSame(session, sessions.find(path(WhipProtocol.WHIP, "blue", id)));
    assertNull(sessions.find(path(WhipProtocol.WHEP, "blue", id)));
    assertNull(sessions.find(path(WhipProtocol.WHIP, "red", id)));
    assertNull(sessions.find(path(WhipProtocol.WHIP, "blue", "x" + id)));
  }

  @Test
  void removesOnce() {
    WhipSession session = session(WhipProtocol.WHEP);
    sessions.add(session);
    assertTrue(sessions.remove(session));
    assertFalse(sessions.remove(session));
    assertEquals(0, sessions.count(WhipProtocol.WHEP));
  }

  private WhipSession session(WhipProtocol protocol) {
    var tagged = new IceFragment.Section("audio", new Mid("0"));
    return new WhipSession(protocol, room, TestTransports.OFFER, tagged, sessions, log);
  }

  private static WhipPath path(WhipProtocol protocol, String room, String session) {
    return new WhipPath(protocol, new RoomId(room), session);
  }
}
