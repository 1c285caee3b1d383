package org.plenum.signaling.token;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.protocol.JsonFields;
import org.plenum.signaling.protocol.RoomRules;

/// The claim `video` of a token, by the names of LiveKit, and `p2p`, which is ours. What is missing
/// is not granted, but for publishing, subscribing and data, which are.
///
/// @param room to which roomJoin and roomAdmin apply; null: none
/// @param canPublishSources what may be published if anything may
/// @param p2p whether it may talk to another directly, who then learns its address
/// @param rules what a host brings to a room about which nobody has decided yet; or null
public record Grants(
    @Nullable RoomId room,
    boolean roomJoin,
    boolean roomAdmin,
    boolean roomCreate,
    boolean roomList,
    boolean canPublish,
    Set<TrackSource> canPublishSources,
    boolean canSubscribe,
    boolean canPublishData,
    boolean hidden,
    boolean recorder,
    boolean p2p,
    @Nullable RoomRules rules) {
  private static final Set<TrackSource> ALL_SOURCES = Set.of(TrackSource.values());

  private static final int MAX_SOURCES = 16;

  /// Everything, everywhere: where no tokens are asked for.
  static final Grants OPEN =
      new Grants(null, true, true, true, true, true, ALL_SOURCES, true, true, false, false, true);

  /// Who brings no rules.
  Grants(
      @Nullable RoomId room,
      boolean roomJoin,
      boolean roomAdmin,
      boolean roomCreate,
      boolean roomList,
      boolean canPublish,
      Set<TrackSource> canPublishSources,
      boolean canSubscribe,
      boolean canPublishData,
      boolean hidden,
      boolean recorder,
      boolean p2p) {
    this(
        room,
        roomJoin,
        roomAdmin,
        roomCreate,
        roomList,
        canPublish,
        canPublishSources,
        canSubscribe,
        canPublishData,
        hidden,
        recorder,
        p2p,
        null);
  }

  public Grants {
    canPublishSources = Set.copyOf(canPublishSources);
  }

  /// What the SFU holds a participant to.
  public Permissions permissions() {
    return new Permissions(canPublish ? canPublishSources : Set.of(), canSubscribe);
  }

  /// Throws InvalidMessageException.
  static Grants read(JsonFields video) {
    String room = video.optionalText("room");
    return new Grants(
        room == null || room.isEmpty() ? null : video.parsed("room", RoomId::new),
        video.flag("roomJoin", false),
        video.flag("roomAdmin", false),
        video.flag("roomCreate", false),
        video.flag("roomList", false),
        video.flag("canPublish", true),
        sources(video),
        video.flag("canSubscribe", true),
        video.flag("canPublishData", true),
        video.flag("hidden", false),
        video.flag("recorder", false),
        video.flag("p2p", false),
        rules(video.optionalObject("rules")));
  }

  private static @Nullable RoomRules rules(@Nullable JsonFields rules) {
    return rules == null ? null : RoomRules.USUAL.with(rules);
  }

  /// An empty list is no list, as with LiveKit.
  private static Set<TrackSource> sources(JsonFields video) {
    List<String> names = video.texts("canPublishSources", MAX_SOURCES);
    if (names.isEmpty()) {
      return ALL_SOURCES;
    }
    Set<TrackSource> sources = EnumSet.noneOf(TrackSource.class);
    names.forEach(name -> sources.add(source(name)));
    return sources;
  }

  private static TrackSource source(String name) {
    return Arrays.stream(TrackSource.values())
        .filter(source -> tokenName(source).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidMessageException(
                    "video.canPublishSources",
                    "must name camera, microphone, screen_share or screen_share_audio"));
  }

  /// As LiveKit's tokens spell it.
  public static String tokenName(TrackSource source) {
    return switch (source) {
      case MICROPHONE -> "microphone";
      case CAMERA -> "camera";
      case SCREEN -> "screen_share";
      case SCREEN_AUDIO -> "screen_share_audio";
    };
  }
}
