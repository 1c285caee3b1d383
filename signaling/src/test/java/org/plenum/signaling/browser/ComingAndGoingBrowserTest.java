package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.plenum.signaling.browser.Sight.Tile;

@Tag("browser")
@ExtendWith(CallExtension.class)
class ComingAndGoingBrowserTest {
  /// What a roster tells of somebody known, one of whose tracks the next welcome does not name.
  private static final String TRACK_GONE =
      """
      import('/client/roster.js').then(({ Roster }) => {
        const told = [];
        const roster = new Roster(
          (type, { track, gone }) => told.push(`${type} ${track?.track ?? ''} ${gone ?? ''}`.trim()),
          (tracks) => told.push(`forget ${tracks}`),
        );
        const camera = { track: 'c', kind: 'video', source: 'camera', muted: false };
        const screen = { track: 's', kind: 'video', source: 'screen', muted: false };
        roster.sync([{ participant: 'g', name: 'Grace', tracks: [camera, screen] }], false);
        roster.sync([{ participant: 'g', name: 'Grace', tracks: [camera] }], false);
        roster.sync([{ participant: 'g', name: 'Grace', tracks: [] }], false);
        return told.join(', ');
      })""";

  @Test
  void whoLeavesIsGoneAndMayComeBack(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");

    grace.press("leave");
    ada.isTold("Grace left");
    Sight alone = ada.sees("nobody", sight -> sight.tiles().isEmpty());
    assertEquals("1", alone.count());

    grace.press("rejoin");
    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
  }

  @Test
  void aReloadLeavesNoGhost(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    Sight before = ada.seesAndHears("Grace");

    grace.page().reload();

    grace.seesAndHears("Ada");
    ada.sees(
        "another Grace",
        sight ->
            sight.shows("Grace")
                && !sight.tile("Grace").participant().equals(before.tile("Grace").participant()));
    Sight after = ada.seesAndHears("Grace");
    assertEquals(0, after.ghosts());
  }

  @Test
  void mediaGoesOnWhileTheWebSocketIsLost(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ChromiumParticipant linus = call.enter("Linus");
    linus.page().navigate(call.base() + "/?room=lobby&name=Linus&video=" + Call.SMALL);
    Sight before = ada.seesAndHears("Grace");

    ada.cut();
    ada.sees("the loss", sight -> sight.state().equals("reconnecting"));
    linus.press("join");
    grace.sees("Linus", sight -> sight.shows("Linus"));
    Sight during = ada.seesMoving("Grace");
    assertEquals(List.of("Grace"), during.names());

    ada.mend();
    Sight after = ada.seesAndHears("Grace", "Linus");
    assertEquals(before.participant(), after.participant());
    assertEquals(1, after.peers());
    assertNotEquals(1, after.sockets());
    assertEquals("connected", after.state());
    linus.seesAndHears("Ada", "Grace");
  }

  @Test
  void whatHappensDuringALossIsKnownAfterIt(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ChromiumParticipant linus = call.join("Linus");
    ada.seesAndHears("Grace", "Linus");

    ada.cut();
    ada.sees("the loss", sight -> sight.state().equals("reconnecting"));
    ada.press("mic");
    linus.press("leave");
    grace.sees("Linus gone", sight -> !sight.shows("Linus"));

    ada.mend();
    ada.seesAndHears("Grace");
    grace.seesTile("Ada", "muted", Tile::soundOff);
  }

  @Test
  void aTrackThatEndedDuringALossIsGone(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    assertEquals(
        "joined, track s true, forget s, track c false, track c true, forget c",
        ada.evaluate(TRACK_GONE));
  }

  @Test
  void everybodyComesBackWhenTheServerDoes(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");

    call.stopServer();
    ada.sees("the loss", sight -> sight.state().equals("reconnecting"));
    grace.sees("the loss", sight -> sight.state().equals("reconnecting"));
    call.startServer();

    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
  }

  @Test
  void anIceRestartKeepsTheCall(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
    String ufrag = ada.evaluate("window.probe.ufrag()");

    ada.evaluate("window.probe.changeNetwork()");
    Eventually.eventually(
        "media on other ICE credentials than " + ufrag,
        () -> ada.evaluate("window.probe.ufrag()"),
        now -> !now.isEmpty() && !now.equals(ufrag));

    assertEquals(1, ada.seesAndHears("Grace").peers());
    assertEquals(1, grace.seesAndHears("Ada").peers());
  }
}
