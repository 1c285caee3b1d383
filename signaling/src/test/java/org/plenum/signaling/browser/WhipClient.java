package org.plenum.signaling.browser;

import static org.plenum.signaling.browser.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A client of WHIP or WHEP in a browser's page that shows nothing else.
final class WhipClient {
  private static final String SCRIPT =
      Probe.read("picture.js") + Probe.read("clock.js") + Probe.read("whip-client.js");

  /// A wish to publish a camera in as many layers as browsers make.
  static final String THREE_LAYERS =
      """
      {
        video: { width: 960, height: 540, frameRate: 10 },
        encodings: [
          { rid: 'q', scaleResolutionDownBy: 4 },
          { rid: 'h', scaleResolutionDownBy: 2 },
          { rid: 'f' },
        ],
      }\
      """;

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

  /// @param wishes as whip-client.js takes them: `{codecs: ['VP8']}`
  void publish(String path, String wishes) {
    page.evaluate("window.whip.publish('" + path + "', " + wishes + ")");
  }

  /// @param kinds of the sections, as `'audio', 'video'`
  void view(String path, String kinds) {
    view(path, kinds, "{}");
  }

  void view(String path, String kinds, String wishes) {
    page.evaluate("window.whip.view('" + path + "', [" + kinds + "], " + wishes + ")");
  }

  /// @param wishes as whip-client.js takes them: `{codec: 'VP9'}`
  void encode(String wishes) {
    page.evaluate("window.whip.encode(" + wishes + ")");
  }

  void silence(boolean yes) {
    page.evaluate("window.whip.silence(" + yes + ")");
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

  /// The codecs in which video came so far, by section: `video/VP8`.
  Map<String, String> codecs() {
    Map<String, String> codecs = new TreeMap<>();
    for (JsonNode section : sections()) {
      codecs.put(section.get("mid").asText(), section.get("codec").asText());
    }
    return codecs;
  }

  /// The codec that was negotiated to send sound in: `audio/red`.
  String soundSent() {
    return page.evaluate("window.whip.soundSent()");
  }

  /// What was heard so far, counted from the start.
  ///
  /// @param samples that were played, at 48 000 a second
  /// @param concealed of those, what was made up for packets that did not come
  /// @param packets that came
  /// @param lost packets that did not
  record Heard(long samples, long concealed, long packets, long lost) {
    Heard since(Heard before) {
      return new Heard(
          samples - before.samples,
          concealed - before.concealed,
          packets - before.packets,
          lost - before.lost);
    }

    double concealment() {
      return concealed / (double) Math.max(1, samples);
    }
  }

  /// What was seen so far, counted from the start.
  ///
  /// @param packets of media that came, by themselves
  /// @param repairs repair packets that came
  record Seen(
      long frames, long packets, long lost, long repairs, long frozenMillis, long keyFrames) {}

  Seen seen() {
    JsonNode seen = Probe.parse(page.evaluate("window.whip.seen()"));
    return new Seen(
        seen.get("frames").asLong(),
        seen.get("packets").asLong(),
        seen.get("lost").asLong(),
        seen.get("repairs").asLong(),
        seen.get("frozenMillis").asLong(),
        seen.get("keyFrames").asLong());
  }

  Heard heard() {
    JsonNode heard = Probe.parse(page.evaluate("window.whip.heard()"));
    return new Heard(
        heard.get("samples").asLong(),
        heard.get("concealed").asLong(),
        heard.get("packets").asLong(),
        heard.get("lost").asLong());
  }

  /// The layers of which more than a few frames were sent, by rid, with their heights.
  Map<String, Integer> layersSent() {
    Map<String, Integer> heights = new TreeMap<>();
    for (JsonNode layer : Probe.parse(page.evaluate("window.whip.sent()"))) {
      if (layer.get("frames").asLong() > ALIVE) {
        heights.put(layer.get("rid").asText(), layer.get("height").asInt());
      }
    }
    return heights;
  }

  /// Height of the picture in a section, 0 before it came.
  int height(String mid) {
    for (JsonNode section : sections()) {
      if (section.get("mid").asText().equals(mid)) {
        return section.get("height").asInt();
      }
    }
    return 0;
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
    for (JsonNode section : sections()) {
      received.put(section.get("mid").asText(), section.get("count").asLong());
    }
    return received;
  }

  private JsonNode sections() {
    return Probe.parse(page.evaluate("window.whip.received()"));
  }
}
