package org.plenum.signaling.protocol;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.DirectEnd;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.PeerMessage;
import org.plenum.sfu.Playback;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.SeatParameters;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.quality.PublisherSecond.Limitation;
import org.plenum.signaling.protocol.ClientMessage.Hello.Media;

/// Reads a client's JSON. Unknown types and fields are ignored, anything else that is not as
/// PROTOCOL.md says is refused by name.
public final class ClientMessageReader {
  /// The longest message a client may send, in UTF-16 units; also the longest string in it.
  public static final int MAX_MESSAGE = 512 * 1024;

  private static final int MAX_SEAT = 255;

  /// Sections of one report: those that do not run smoothly.
  private static final int MAX_REPORTED = 64;

  /// In a second.
  private static final int MAX_FRAMES = 1_000;

  private static final StrictJson JSON = new StrictJson(MAX_MESSAGE);

  private ClientMessageReader() {}

  /// Returns null if the type is not one that we know; throws InvalidMessageException.
  public static @Nullable ClientMessage read(String json) {
    JsonFields fields = JSON.object(json);
    return switch (fields.text("type")) {
      case "hello" -> hello(fields);
      case "offer" -> offer(fields);
      case "view" ->
          new ClientMessage.View(
              fields.objects("seats", MAX_SEAT + 1, ClientMessageReader::seatView));
      case "mute" -> new ClientMessage.Mute(fields.parsed("mid", Mid::new), fields.flag("muted"));
      case "rename" -> new ClientMessage.Rename(fields.text("name"));
      case "report" -> report(fields);
      case "message" ->
          new ClientMessage.Message(
              fields.optionalParsed("to", ParticipantId::new),
              Objects.requireNonNullElse(fields.optionalText("topic"), ""),
              fields.text("text"));
      case "peer" -> peer(fields);
      case "direct" -> direct(fields);
      case "stats" -> new ClientMessage.Stats(fields.integer("id"));
      case "move" -> new ClientMessage.Move(fields.parsed("room", RoomId::new));
      case "ping" -> new ClientMessage.Ping(fields.integer("id"));
      case "handedOver" -> new ClientMessage.HandedOver();
      case "leave" -> new ClientMessage.Leave();
      default -> null;
    };
  }

  private static ClientMessage hello(JsonFields fields) {
    Media media = fields.optionalParsed("media", text -> WireNames.parse(Media.class, text));
    return new ClientMessage.Hello(
        fields.integer("version", 0, Integer.MAX_VALUE),
        fields.texts("features", ClientMessage.Hello.MAX_FEATURES),
        fields.parsed("room", RoomId::new),
        fields.optionalText("name"),
        fields.optionalText("token"),
        fields.optionalText("resume"),
        Objects.requireNonNullElse(media, Media.KEEP));
  }

  private static ClientMessage offer(JsonFields fields) {
    return new ClientMessage.Offer(
        fields.integer("id"),
        fields.text("sdp"),
        fields.objects("tracks", ClientMessage.Offer.MAX_TRACKS, ClientMessageReader::track),
        fields.objects("seats", ClientMessage.Offer.MAX_SEATS, ClientMessageReader::seat));
  }

  private static ClientMessage.Offer.Track track(JsonFields fields) {
    return new ClientMessage.Offer.Track(
        fields.parsed("mid", Mid::new),
        fields.parsed("source", text -> WireNames.parse(TrackSource.class, text)),
        fields.flag("muted", false));
  }

  private static ClientMessage peer(JsonFields fields) {
    JsonFields description = fields.optionalObject("description");
    return new ClientMessage.Peer(
        fields.parsed("to", ParticipantId::new),
        new PeerMessage(
            fields.integer("call"),
            description == null ? null : description(description),
            fields.objects(
                "candidates", ClientMessage.Peer.MAX_CANDIDATES, ClientMessageReader::candidate)));
  }

  private static PeerMessage.Description description(JsonFields fields) {
    boolean offer = fields.parsed("type", text -> WireNames.parse(SdpType.class, text)).isOffer();
    return new PeerMessage.Description(offer, fields.text("sdp"));
  }

  /// As RTCSdpType has them, those that are passed on.
  private enum SdpType {
    OFFER,
    ANSWER;

    boolean isOffer() {
      return this == OFFER;
    }
  }

  private static PeerMessage.Candidate candidate(JsonFields fields) {
    return new PeerMessage.Candidate(fields.text("candidate"), fields.parsed("mid", Mid::new));
  }

  private static ClientMessage direct(JsonFields fields) {
    return switch (fields.parsed("state", text -> WireNames.parse(DirectState.class, text))) {
      case ALLOWED -> new ClientMessage.AgreeDirect(true);
      case REFUSED -> new ClientMessage.AgreeDirect(false);
      case CONNECTED -> new ClientMessage.Direct(fields.integer("call"), null);
      case FAILED ->
          new ClientMessage.Direct(
              fields.integer("call"),
              fields.parsed("reason", text -> WireNames.parse(DirectEnd.class, text)));
    };
  }

  /// What a client says of a direct call.
  private enum DirectState {
    ALLOWED,
    REFUSED,
    CONNECTED,
    FAILED
  }

  private static ClientMessage report(JsonFields fields) {
    return new ClientMessage.Report(
        new Playback(
            fields.integer("freezes", 0, Integer.MAX_VALUE),
            fields.integer("frozenMillis", 0, Integer.MAX_VALUE),
            fields.flag("relayed", false),
            fields.objects("slots", MAX_REPORTED, ClientMessageReader::shown),
            fields.objects("encoders", MAX_REPORTED, ClientMessageReader::encoder)));
  }

  private static Playback.Shown shown(JsonFields fields) {
    return new Playback.Shown(
        fields.parsed("mid", Mid::new),
        fields.integer("frozenMillis", 0, 1_000, 0),
        fields.integer("received", 0, MAX_FRAMES, 0),
        fields.integer("shown", 0, MAX_FRAMES, 0));
  }

  private static Playback.Encoder encoder(JsonFields fields) {
    return new Playback.Encoder(
        fields.parsed("mid", Mid::new),
        fields.parsed("limitation", text -> WireNames.parse(Limitation.class, text)));
  }

  private static SeatParameters seat(JsonFields fields) {
    return new SeatParameters(
        fields.integer("seat", 0, MAX_SEAT),
        fields.optionalParsed("audio", Mid::new),
        fields.optionalParsed("video", Mid::new));
  }

  private static SeatView seatView(JsonFields fields) {
    return new SeatView(
        fields.integer("seat", 0, MAX_SEAT),
        fields.parsed("participant", ParticipantId::new),
        fields.flag("screen", false),
        fields.integer("maxHeight", 0, 8192, 720),
        fields.integer("maxFramerate", 1, SeatView.ANY_FRAMERATE, SeatView.ANY_FRAMERATE));
  }
}
