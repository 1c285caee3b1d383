package org.plenum.signaling.session;

import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.RoomDirectory;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.Silence;
import org.plenum.signaling.token.Token;

/// A room as the server knows it beside what its worker knows. Any thread.
public final class OpenRoom {
  private final RoomInstance instance;
  private final RoomHandle handle;

  /// With what each participant was let in; as many as there are participants.
  private final ConcurrentMap<ParticipantId, Token> tokens = new ConcurrentHashMap<>();

  private final ChatBudget chat;
  private final RoomDirectory.Claim claim;
  private volatile RoomSpec spec;
  private volatile boolean locked;
  private volatile Set<Silence> silences = Set.of();

  /// One life of a room: a room of the same name that is opened later is another one.
  ///
  /// @param sid never the same twice
  /// @param metadata of the application, may be empty
  public record RoomInstance(RoomId id, String sid, Instant created, String metadata) {}

  OpenRoom(
      RoomInstance instance,
      RoomSpec spec,
      RoomHandle handle,
      ChatBudget chat,
      RoomDirectory.Claim claim) {
    this.instance = instance;
    this.spec = spec;
    this.handle = handle;
    this.chat = chat;
    this.claim = claim;
  }

  public RoomInstance instance() {
    return instance;
  }

  public RoomSettings settings() {
    return spec.settings();
  }

  public RoomSpec spec() {
    return spec;
  }

  /// Not kept: see [Rooms#make].
  void make(RoomSpec wish) {
    spec = wish;
  }

  /// By which this server has it.
  public RoomDirectory.Claim claim() {
    return claim;
  }

  public RoomHandle handle() {
    return handle;
  }

  public boolean isLocked() {
    return locked;
  }

  /// Not kept: see [Rooms#lock].
  void lock(boolean wanted) {
    locked = wanted;
    handle.lock(wanted);
  }

  /// What moderators have muted, as far as it is kept.
  Set<Silence> silences() {
    return silences;
  }

  /// Not kept: see [Rooms#silence].
  void silences(Set<Silence> muted) {
    silences = muted;
  }

  /// What participants may still say to one another.
  ChatBudget chat() {
    return chat;
  }

  /// How many participants there are, about.
  public int size() {
    return tokens.size();
  }

  /// With what this participant was let in; null if it is not there.
  public @Nullable Token token(ParticipantId participant) {
    return tokens.get(participant);
  }

  /// Somebody was let in with this token.
  public void admitted(ParticipantId participant, Token token) {
    tokens.put(participant, token);
  }

  /// Somebody left, or did not get in after all.
  public void left(ParticipantId participant) {
    tokens.remove(participant);
  }
}
