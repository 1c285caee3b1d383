package org.plenum.sfu;

import org.jspecify.annotations.Nullable;

/// A request to join a room.
///
/// @param name what others are shown, as [ShownText#name] leaves it
/// @param hidden takes no place in the roster, is only counted
/// @param replaces the session of the same client that ends with this join (a reload), or null
/// @param identity shared by all participants of one person, who is not sent their own tracks; or
/// null
/// @param metadata of the application, or null; the room only repeats it
/// @param mayEnterLocked whether a locked room lets it in
/// @param seesOwnTracks whether it is sent what others of the same identity publish
/// @param switchesLayers whether its client stops and starts encodings when it is told to
///     ([RoomEvent.LayersWanted])
/// @param talksDirectly whether it may talk directly to another, and its client can
///     ([RoomEvent.DirectChanged])
public record JoinRequest(
    ParticipantId id,
    String name,
    boolean hidden,
    @Nullable ParticipantId replaces,
    @Nullable Identity identity,
    @Nullable String metadata,
    Permissions permissions,
    boolean mayEnterLocked,
    boolean seesOwnTracks,
    boolean switchesLayers,
    boolean talksDirectly) {
  public JoinRequest {
    name = ShownText.name(name);
  }

  /// Somebody who talks through the SFU only.
  public JoinRequest(
      ParticipantId id,
      String name,
      boolean hidden,
      @Nullable ParticipantId replaces,
      @Nullable Identity identity,
      @Nullable String metadata,
      Permissions permissions,
      boolean mayEnterLocked,
      boolean seesOwnTracks,
      boolean switchesLayers) {
    this(
        id,
        name,
        hidden,
        replaces,
        identity,
        metadata,
        permissions,
        mayEnterLocked,
        seesOwnTracks,
        switchesLayers,
        false);
  }

  /// The same with other permissions.
  public JoinRequest with(Permissions other) {
    return new JoinRequest(
        id,
        name,
        hidden,
        replaces,
        identity,
        metadata,
        other,
        mayEnterLocked,
        seesOwnTracks,
        switchesLayers,
        talksDirectly);
  }

  /// Somebody whose client sends all its encodings always.
  public JoinRequest(
      ParticipantId id,
      String name,
      boolean hidden,
      @Nullable ParticipantId replaces,
      @Nullable Identity identity,
      @Nullable String metadata,
      Permissions permissions,
      boolean mayEnterLocked,
      boolean seesOwnTracks) {
    this(
        id,
        name,
        hidden,
        replaces,
        identity,
        metadata,
        permissions,
        mayEnterLocked,
        seesOwnTracks,
        false);
  }

  /// Somebody who is not sent what others of the same identity publish.
  public JoinRequest(
      ParticipantId id,
      String name,
      boolean hidden,
      @Nullable ParticipantId replaces,
      @Nullable Identity identity,
      @Nullable String metadata,
      Permissions permissions,
      boolean mayEnterLocked) {
    this(id, name, hidden, replaces, identity, metadata, permissions, mayEnterLocked, false);
  }

  /// Somebody who is one participant only, and may do everything.
  public JoinRequest(
      ParticipantId id, String name, boolean hidden, @Nullable ParticipantId replaces) {
    this(id, name, hidden, replaces, null);
  }

  /// Somebody who may do everything.
  public JoinRequest(
      ParticipantId id,
      String name,
      boolean hidden,
      @Nullable ParticipantId replaces,
      @Nullable Identity identity) {
    this(id, name, hidden, replaces, identity, null, Permissions.ALL, false);
  }
}
