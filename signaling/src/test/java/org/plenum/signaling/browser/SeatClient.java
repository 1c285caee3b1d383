package org.plenum.signaling.browser;

import static org.plenum.signaling.browser.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// A viewer with one seat, in a page that shows nothing else; what it sees is checked frame by
/// frame.
final class SeatClient {
  private static final String SCRIPT =
      Probe.read("picture.js") + Probe.read("whip-client.js") + Probe.read("seat-client.js");

  /// Frames that must come to count as a picture that moves, and samples that must differ.
  private static final int ALIVE = 8;

  /// @param publisher the name of the one it is bound to, empty if nobody
  /// @param codec of what came last, `video/VP8`
  /// @param newPictureMillis from the latest `slot` message to the first sample of what is seen now
  record State(
      String publisher,
      String paused,
      int height,
      String codec,
      long framesReceived,
      long framesDecoded,
      long freezeCount,
      long pliCount,
      long nackCount,
      long newPictureMillis) {}

  /// What was seen without a break.
  ///
  /// @param name of a picture, `strange` for what nobody sent
  /// @param changes how many samples differed from the one before
  record Seen(String name, long samples, long changes) {}

  private final ChromiumParticipant page;

  private SeatClient(ChromiumParticipant page) {
    this.page = page;
  }

  static SeatClient join(Call call, String name) {
    return join(call, name, "undefined");
  }

  /// @param codecs what it decodes, as `['VP8']`
  static SeatClient join(Call call, String name, String codecs) {
    return join(call, name, codecs, false);
  }

  /// @param described whether it takes dependency descriptors
  static SeatClient join(Call call, String name, String codecs, boolean described) {
    ChromiumParticipant page = call.enter(name);
    page.page().navigate(call.base() + "/plenum-client.js");
    page.evaluate("(() => {" + SCRIPT + "})()");
    page.evaluate("window.seat.join('%s', %s, %b)".formatted(name, codecs, described));
    return new SeatClient(page);
  }

  void show(String publisher) {
    show(publisher, 720);
  }

  /// @param maxHeight of the picture, in pixels
  void show(String publisher, int maxHeight) {
    page.evaluate("window.seat.show('" + publisher + "', " + maxHeight + ")");
  }

  /// @param maxFramerate pictures a second
  void show(String publisher, int maxHeight, int maxFramerate) {
    page.evaluate("window.seat.show('%s', %d, %d)".formatted(publisher, maxHeight, maxFramerate));
  }

  /// Shows a publisher of whom it may not have heard yet.
  void showsWhoComes(String publisher) {
    eventually(
        page.name() + " to hear of " + publisher,
        () -> page.evaluate("window.seat.people.has('" + publisher + "')"),
        "true"::equals);
    show(publisher);
  }

  /// Waits until the seat is empty.
  void seesNobody() {
    eventually(page.name() + " to see nobody", this::state, state -> state.publisher().isEmpty());
  }

  State state() {
    JsonNode state = Probe.parse(page.evaluate("window.seat.state()"));
    return new State(
        state.get("publisher").asText(),
        state.get("paused").asText(),
        state.get("height").asInt(),
        state.get("codec").asText(),
        state.get("framesReceived").asLong(),
        state.get("framesDecoded").asLong(),
        state.get("freezeCount").asLong(),
        state.get("pliCount").asLong(),
        state.get("nackCount").asLong(),
        state.get("newPictureMillis").asLong());
  }

  /// Everything seen so far, in order.
  List<Seen> seen() {
    List<Seen> seen = new ArrayList<>();
    for (JsonNode entry : watched().get("seen")) {
      seen.add(
          new Seen(
              entry.get("name").asText(),
              entry.get("samples").asLong(),
              entry.get("changes").asLong()));
    }
    return seen;
  }

  /// A sample that was strange, as a data URL; empty if none was.
  String strange() {
    return watched().get("strange").asText();
  }

  /// By how much the RTP timestamps of frames shown one after the other went on otherwise than time
  /// did, at the most; NaN before the first.
  double skewMillis() {
    return watched().path("skewMillis").asDouble(Double.NaN);
  }

  /// Waits until this picture moves, from this publisher, in this codec.
  State sees(String picture, String publisher, String codec) {
    eventually(
        page.name() + " to see the moving " + picture + " picture",
        this::seen,
        seen ->
            !seen.isEmpty()
                && seen.getLast().name().equals(picture)
                && seen.getLast().changes() >= ALIVE);
    return eventually(
        codec + " of " + publisher,
        this::state,
        state -> state.publisher().equals(publisher) && state.codec().equals("video/" + codec));
  }

  /// Waits until a picture moves that is as high as this, or little less: encoders round.
  void seesHeight(int height) {
    State first =
        eventually(
            "a picture of " + height + " lines", this::state, state -> isAbout(height, state));
    eventually(
        "it to move",
        this::state,
        state -> isAbout(height, state) && state.framesDecoded() - first.framesDecoded() >= ALIVE);
  }

  private static boolean isAbout(int height, State state) {
    return state.height() <= height && state.height() > 0.9 * height;
  }

  private JsonNode watched() {
    return Probe.parse(page.evaluate("window.picture.seen()"));
  }
}
