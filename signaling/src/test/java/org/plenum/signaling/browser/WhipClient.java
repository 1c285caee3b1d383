package org.plenum.signaling.browser;

import static org.plenum.signaling.browser.Eventually.eventually;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// A client of WHIP or WHEP in a browser's page that shows nothing else.
final class WhipClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SCRIPT = Probe.read("whip-client.js");

  /// Frames or packets that a section must get to count as alive.
  private static final long ALIVE = 5;

  private final Participant page;

  /// @param page stands at some page of the server
  WhipClient(Participant page) {
    this.page = page;
    page.evaluate("(() => {" + SCRIPT + "})()");
  }

  /// Any file of the server will do: only its origin matters.
  static WhipClient of(Call call, String name) {
    ChromiumParticipant page = call.enter(name);
    page.page().navigate(call.base() + "/plenum-client.js");
    return new WhipClient(page);
  }

  void publish(String path) {
    page.evaluate("window.whip.publish('" + path + "')");
  }

  /// @param kinds of the sections, as `'audio', 'video'`
  void view(String path, String kinds) {
    page.evaluate("window.whip.view('" + path + "', [" + kinds + "])");
  }

  /// Returns the entity-tags before and after.
  List<String> restartIce() {
    return List.of(page.evaluate("window.whip.restart()").split(" "));
  }

  String end() {
    return page.evaluate("window.whip.end()");
  }

  void close() {
    page.evaluate("window.whip.close()");
  }

  String sessionStatus() {
    return page.evaluate("window.whip.sessionStatus()");
  }

  /// Waits until media arrives in these sections, counted from now.
  ///
  /// @param mids the browser's numbers
  void receivesIn(String... mids) {
    Set<String> wanted = new TreeSet<>(List.of(mids));
    Map<String, Long> before = received();
    eventually(
        page.name() + " to receive in " + wanted,
        () -> alive(before),
        alive -> alive.containsAll(wanted));
  }

  /// The sections in which something ever arrived.
  Set<String> everReceivedIn() {
    return alive(new HashMap<>());
  }

  private Set<String> alive(Map<String, Long> before) {
    Set<String> alive = new TreeSet<>();
    received()
        .forEach(
            (mid, count) -> {
              if (count - before.getOrDefault(mid, 0L) >= ALIVE) {
                alive.add(mid);
              }
            });
    return alive;
  }

  private Map<String, Long> received() {
    Map<String, Long> received = new HashMap<>();
    try {
      for (JsonNode section : JSON.readTree(page.evaluate("window.whip.received()"))) {
        received.put(section.get("mid").asText(), section.get("count").asLong());
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not what whip-client.js says", e);
    }
    return received;
  }
}
