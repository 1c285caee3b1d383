package org.plenum.signaling.jsep;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SeatParameters;
import org.plenum.sfu.SfuConfig;
import org.plenum.sfu.embed.Sfu;

/// What somebody costs who joins, offers as the page does, and never comes with DTLS: what a server
/// holds of an attacker, or of a network that lets nothing through.
///
/// The figures of docs/sizing.md: `mvn -o -q -pl signaling -am -Dtest=HeapOfParticipantsTest
/// -Dsurefire.failIfNoSpecifiedTests=false test`, which prints them.
class HeapOfParticipantsTest {
  private static final int PARTICIPANTS = 50;

  /// Several times what was measured: only a leak, or a table for each slot, gets there.
  private static final long MOST_BYTES_OF_PARTICIPANT = 64 * 1024;

  private static final long MOST_BYTES_OF_SLOT = 4 * 1024;

  @Test
  void slotsWithoutDtlsCostLittle() throws InvalidOfferException {
    long few = bytesOf(32);
    long many = bytesOf(128);
    long slot = (many - few) / (128 - 32);
    System.out.printf(
        "heap of a participant without DTLS: %d bytes with 32 slots, %d with 128, %d a slot%n",
        few, many, slot);
    assertTrue(slot < MOST_BYTES_OF_SLOT, slot + " bytes a slot");
    assertTrue(
        few < MOST_BYTES_OF_PARTICIPANT + 32 * MOST_BYTES_OF_SLOT, few + " bytes with 32 slots");
  }

  /// Bytes of live heap that each of them adds.
  private static long bytesOf(int slots) throws InvalidOfferException {
    String sdp = offer(slots);
    List<SeatParameters> seats = Offers.seats(slots / 2, 2);
    List<Negotiator> sessions = new ArrayList<>();
    try (Sfu sfu =
        Sfu.start(new SfuConfig(1, 0, List.of("127.0.0.1"), List.of(), true, MediaPortKind.AUTO))) {
      RoomHandle room = sfu.openRoom(new RoomId("r"), RoomSettings.DEFAULT, _ -> {});
      sessions.add(enter(room, "first", sdp, seats));
      long before = live();
      for (int i = 0; i < PARTICIPANTS; i++) {
        sessions.add(enter(room, "p" + i, sdp, seats));
      }
      long bytes = (live() - before) / PARTICIPANTS;
      assertTrue(sessions.size() > PARTICIPANTS);
      return bytes;
    }
  }

  private static Negotiator enter(
      RoomHandle room, String name, String sdp, List<SeatParameters> seats)
      throws InvalidOfferException {
    var id = new ParticipantId(name);
    room.join(new JoinRequest(id, name, false, null), _ -> {}).join();
    var negotiator = new Negotiator(name.hashCode());
    // A string of its own, as each message is one.
    Negotiation negotiation = negotiator.negotiate(new String(sdp.toCharArray()), List.of(), seats);
    negotiation.answer(room.negotiate(id, negotiation.offer()).join());
    return negotiator;
  }

  /// Chromium's offer with as many slots, and few codecs: with all of them 128 slots are more than
  /// an offer may have. It sends nothing.
  private static String offer(int slots) {
    String[] parts = Offers.CHROMIUM.split("(?m)(?=^m=)");
    String bundle = "a=group:BUNDLE";
    var text = new StringBuilder();
    for (int i = 0; i < slots; i++) {
      bundle += " " + (2 + i);
      text.append(parts[3 + i % 2].replaceFirst("a=mid:\\d+", "a=mid:" + (2 + i)));
    }
    return parts[0].replaceFirst("a=group:BUNDLE[ \\d]+", bundle)
        + text.toString()
            .replaceAll("(m=audio \\d+ \\S+) .*", "$1 111")
            .replaceAll("(m=video \\d+ \\S+) .*", "$1 96 97")
            .replaceAll("a=(rtpmap|fmtp|rtcp-fb):(?!96 |97 |111 ).*\\r\\n", "");
  }

  private static long live() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
