package org.plenum.signaling.protocol;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.DirectEnd;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.PeerMessage;
import org.plenum.sfu.Playback;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.SeatParameters;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.ShownText;
import org.plenum.sfu.TrackSource;

/// A message from a client. Every instance is valid.
public sealed interface ClientMessage {
  /// The first message on every socket.
  ///
  /// @param name what others are shown; null: what the token says
  /// @param token that lets the client in (JWT), or null
  /// @param resume token of an earlier `welcome`, or null
  /// @param media what to do with the session that `resume` names
  record Hello(
      int version,
      List<String> features,
      RoomId room,
      @Nullable String name,
      @Nullable String token,
      @Nullable String resume,
      Media media)
      implements ClientMessage {
    /// What becomes of the media of a session that is resumed.
    public enum Media {
      /// It goes on.
      KEEP,
      /// It is gone (a reload): a new session takes the place of the old one.
      NEW
    }

    /// The feature of a client that does what `layers` says.
    private static final String LAYERS = "layers";

    /// The feature of a client that does what `direct` says.
    private static final String DIRECT = "direct";

    /// The feature of a client that does what `handOver` says.
    private static final String HAND_OVER = "handOver";

    static final int MAX_FEATURES = 64;
    static final int MAX_TOKEN = 128;

    public Hello {
      features = List.copyOf(features);
      if (name == null && token == null) {
        throw new InvalidMessageException("name", "is missing");
      }
      if (name != null) {
        name = shown("name", name, ShownText::name);
      }
      for (String feature : features) {
        requireLength("features", feature, 1, 64);
      }
      if (resume != null) {
        requireLength("resume", resume, 1, MAX_TOKEN);
      }
    }

    /// The same of somebody who is known by another name by now.
    public Hello named(String other) {
      return new Hello(version, features, room, other, token, resume, media);
    }

    /// Whether the client stops and starts encodings when it is told to.
    public boolean switchesLayers() {
      return features.contains(LAYERS);
    }

    /// Whether the client talks directly to another when it is told to.
    public boolean talksDirectly() {
      return features.contains(DIRECT);
    }

    /// Whether the client goes to another node while this one still plays.
    public boolean takesHandOver() {
      return features.contains(HAND_OVER);
    }

    /// Without the token: it must never get into a log.
    @Override
    public String toString() {
      return "Hello[version=" + version + ", room=" + room + ", media=" + media + "]";
    }
  }

  /// An SDP offer with what SDP cannot say.
  ///
  /// @param id chosen by the client, carried by the answer
  record Offer(long id, String sdp, List<Track> tracks, List<SeatParameters> seats)
      implements ClientMessage {
    /// What a section carries in which the client sends.
    public record Track(Mid mid, TrackSource source, boolean muted) {}

    static final int MAX_SDP = 384 * 1024;
    static final int MAX_TRACKS = 64;
    static final int MAX_SEATS = 256;

    public Offer {
      tracks = List.copyOf(tracks);
      seats = List.copyOf(seats);
      requireLength("sdp", sdp, 1, MAX_SDP);
      requireUnique("tracks", tracks.stream().map(Track::mid).toList());
      requireUnique("seats", seats.stream().map(SeatParameters::seat).toList());
    }

    @Override
    public String toString() {
      return "Offer[id=" + id + "]";
    }
  }

  /// What each seat shows; seats not listed become empty.
  record View(List<SeatView> seats) implements ClientMessage {
    public View {
      seats = List.copyOf(seats);
      requireUnique("seats", seats.stream().map(SeatView::seat).toList());
    }
  }

  /// Asks to be shown under another name.
  record Rename(String name) implements ClientMessage {
    public Rename {
      name = shown("name", name, ShownText::name);
    }
  }

  /// Tells the others that a track is muted or not.
  record Mute(Mid mid, boolean muted) implements ClientMessage {}

  /// How the client sees the call, since its connection began.
  record Report(Playback playback) implements ClientMessage {}

  /// A message to others.
  ///
  /// @param to null: everyone
  /// @param topic what it is about, for programs
  /// @param text as [#text] leaves it
  record Message(@Nullable ParticipantId to, String topic, String text) implements ClientMessage {
    /// In UTF-16 units.
    public static final int MAX_TOPIC = 64;

    /// In UTF-16 units.
    public static final int MAX_TEXT = 4096;

    /// The topics of what people read; all others are programs' own.
    private static final Set<String> FOR_PEOPLE = Set.of("", "chat", "caption");

    private static final Set<String> KEPT = Set.of("", "chat", "file");

    public Message {
      requireLength("topic", topic, 0, MAX_TOPIC);
      text = text(topic, text);
    }

    /// Whether those who come later are sent it too, if it is for everybody.
    public boolean isKept() {
      return KEPT.contains(topic);
    }

    /// Whether people read it; programs' own messages have topics of their own.
    public boolean isForPeople() {
      return FOR_PEOPLE.contains(topic);
    }

    /// What is passed on of a text: whole if it is a program's, as [ShownText#lines] leaves it if
    /// people read it. Throws InvalidMessageException.
    public static String text(String topic, String text) {
      requireLength("text", text, 1, MAX_TEXT);
      return FOR_PEOPLE.contains(topic)
          ? shown("text", text, each -> ShownText.lines("text", each, MAX_TEXT))
          : text;
    }

    /// Without what it says: it must never get into a log.
    @Override
    public String toString() {
      return "Message[to=" + to + "]";
    }
  }

  /// What the client tells the one of the other participant to whom it talks directly.
  record Peer(ParticipantId to, PeerMessage message) implements ClientMessage {
    /// In UTF-16 units: a browser's of four sections has a quarter of it.
    static final int MAX_SDP = 64 * 1024;

    /// In one message.
    static final int MAX_CANDIDATES = 32;

    /// In UTF-16 units.
    static final int MAX_CANDIDATE = 1024;

    public Peer {
      PeerMessage.Description description = message.description();
      if (description != null) {
        requireLength("description.sdp", description.sdp(), 1, MAX_SDP);
      } else if (message.candidates().isEmpty()) {
        throw new InvalidMessageException("description", "is missing, and candidates too");
      }
      for (int i = 0; i < message.candidates().size(); i++) {
        String candidate = message.candidates().get(i).candidate();
        requireLength("candidates[" + i + "].candidate", candidate, 0, MAX_CANDIDATE);
      }
    }
  }

  /// Whether the client agrees to talk directly from now on.
  record AgreeDirect(boolean agrees) implements ClientMessage {}

  /// How the client's direct call goes.
  ///
  /// @param failure null: it is connected
  record Direct(long call, @Nullable DirectEnd failure) implements ClientMessage {
    public Direct {
      if (failure != null && !failure.isOfPath()) {
        throw new InvalidMessageException("reason", "must be not-connected, lost or loss");
      }
    }
  }

  /// Asks what the server has counted of the client's own tracks and slots.
  ///
  /// @param id chosen by the client, carried by the answer
  record Stats(long id) implements ClientMessage {}

  /// The client asks to be in another room of those that belong together: the main room, or one of
  /// its breakout rooms.
  record Move(RoomId room) implements ClientMessage {}

  /// Asks whether the server is there.
  ///
  /// @param id chosen by the client, carried by the answer
  record Ping(long id) implements ClientMessage {}

  /// What the client shows comes from another node now; it needs this one for nothing.
  record HandedOver() implements ClientMessage {}

  /// The client leaves for good.
  record Leave() implements ClientMessage {}

  private static String shown(String field, String value, UnaryOperator<String> check) {
    try {
      return check.apply(value);
    } catch (IllegalArgumentException e) {
      throw InvalidMessageException.of(field, e);
    }
  }

  private static void requireLength(String field, String value, int least, int most) {
    if (value.length() < least || value.length() > most) {
      throw new InvalidMessageException(
          field, "must have " + least + " to " + most + " characters, not " + value.length());
    }
  }

  private static void requireUnique(String field, List<?> keys) {
    Set<Object> seen = new HashSet<>();
    for (int i = 0; i < keys.size(); i++) {
      if (!seen.add(keys.get(i))) {
        throw new InvalidMessageException(
            field + "[" + i + "]", "names " + keys.get(i) + " a second time");
      }
    }
  }
}
