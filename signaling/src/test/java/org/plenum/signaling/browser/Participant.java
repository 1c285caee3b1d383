package org.plenum.signaling.browser;

import static org.plenum.signaling.browser.Eventually.eventually;

import java.util.List;
import java.util.function.Predicate;
import org.plenum.signaling.browser.Sight.Tile;

/// A person at a browser of any make, who tells what they see.
interface Participant {
  String name();

  /// Evaluates a JavaScript expression, awaits it if it is a promise, and returns it as a string.
  String evaluate(String expression);

  default Sight sight() {
    return Sight.parse(evaluate("window.probe.read()"));
  }

  /// Waits until a picture moves and sound arrives from each of these people and nobody else is
  /// shown, counted from now.
  default Sight seesAndHears(String... names) {
    List<String> wanted = List.of(names);
    Reception reception = new Reception();
    return sees("pictures and sound of " + wanted, sight -> reception.isWholeFor(sight, wanted));
  }

  /// Cuts the WebSocket, and keeps it from coming back until it is mended.
  default void cut() {
    QuietConsole.connectionsAreLost();
    evaluate("window.probe.cut()");
  }

  default void mend() {
    evaluate("window.probe.mend()");
  }

  /// Waits until that person's picture moves, counted from now.
  default Sight seesMoving(String name) {
    Reception reception = new Reception();
    return sees(
        "a moving picture of " + name,
        sight -> sight.shows(name) && reception.moves(sight.tile(name)));
  }

  /// Waits until that person's tile is as it should be.
  default Sight seesTile(String name, String wanted, Predicate<Tile> isRight) {
    return sees(name + " " + wanted, sight -> sight.shows(name) && isRight.test(sight.tile(name)));
  }

  default Sight sees(String wanted, Predicate<Sight> isRight) {
    return eventually(name() + " to see " + wanted, this::sight, isRight::test);
  }

  /// Waits for a notice or an alert.
  default void isTold(String text) {
    sees("the notice '" + text + "'", sight -> sight.told().contains(text));
  }
}
