package org.plenum.signaling.session;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.RoomDirectory;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.Silence;
import org.plenum.signaling.protocol.RoomRules;
import org.plenum.signaling.token.Token;

/// A room as the server knows it beside what its worker knows. Any thread.
public final class OpenRoom {
  private final RoomInstance instance;
  private final RoomHandle handle;

  /// With what each participant was let in; as many as there are participants.
  private final ConcurrentMap<ParticipantId, Token> tokens = new ConcurrentHashMap<>();

  private final ChatBudget chat;
  private final RoomDirectory.Claim claim;

  /// Whose breakout room it is; null: nobody's.
  private final @Nullable OpenRoom main;

  private final ChatHistory history = new ChatHistory();
  private volatile RoomSpec spec;
  private volatile boolean locked;
  private volatile Set<Silence> silences = Set.of();

  /// What participants may do with media, where that is not what their token says.
  private final ConcurrentMap<ParticipantId, Permissions> permitted = new ConcurrentHashMap<>();

  private final RoomRules usual;
  private final long openedMillis;

  /// Null: nobody has decided anything.
  private volatile @Nullable RoomRules rules;

  /// Identities that hosts have made hosts too.
  private volatile Set<String> hosts = Set.of();

  /// Whose microphones a rule keeps off, as [Silence#person] names them.
  private volatile Set<String> quieted = Set.of();

  private volatile RoomEgress egress = RoomEgress.NONE;

  /// Identities that have been in, and need not wait to come again; the latest.
  private final Set<String> known = new LinkedHashSet<>();

  /// One life of a room: a room of the same name that is opened later is another one.
  ///
  /// In a cluster it goes on where another node takes the room over.
  ///
  /// @param sid never the same twice
  /// @param created when it began, wherever that was
  /// @param metadata of the application, may be empty
  /// @param owner how many nodes have had it by now, this one included: 1 where it began
  public record RoomInstance(RoomId id, String sid, Instant created, String metadata, long owner) {
    /// Where it began.
    public RoomInstance(RoomId id, String sid, Instant created, String metadata) {
      this(id, sid, created, metadata, 1);
    }
  }

  /// Identities that need not wait again: more are forgotten, the oldest first.
  private static final int MOST_KNOWN = 1000;

  /// @param usual the rules while nobody has decided anything
  /// @param openedMillis when this server opened it, since 1970
  /// @param main whose breakout room it is; null: nobody's
  OpenRoom(
      RoomInstance instance,
      RoomSpec spec,
      RoomHandle handle,
      ChatBudget chat,
      RoomRules usual,
      RoomDirectory.Claim claim,
      long openedMillis,
      @Nullable OpenRoom main) {
    this.main = main;
    this.usual = usual;
    this.instance = instance;
    this.spec = spec;
    this.handle = handle;
    this.chat = chat;
    this.claim = claim;
    this.openedMillis = openedMillis;
  }

  public RoomInstance instance() {
    return instance;
  }

  /// The room to which it belongs: of a breakout room the main one, else itself. That one's rules,
  /// hosts and lock are this one's.
  public OpenRoom home() {
    OpenRoom of = main;
    return of == null ? this : of;
  }

  /// Whether it is a breakout room.
  public boolean isBreakout() {
    return main != null;
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

  /// When this server opened it, in milliseconds since 1970.
  long openedMillis() {
    return openedMillis;
  }

  /// This server's time with it, by name: a room that went to another node and came back is in
  /// another one.
  String tenure() {
    return instance.sid() + "/" + instance.owner();
  }

  public RoomHandle handle() {
    return handle;
  }

  public boolean isLocked() {
    return home().locked;
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

  public RoomRules rules() {
    RoomRules decided = home().rules;
    return decided == null ? usual : decided;
  }

  /// Null while nobody has decided anything.
  @Nullable RoomRules decidedRules() {
    return home().rules;
  }

  /// Not kept: see [Rooms#rule].
  void rules(@Nullable RoomRules wanted) {
    home().rules = wanted;
  }

  /// Identities that hosts have made hosts too.
  public Set<String> hosts() {
    return home().hosts;
  }

  void hosts(Set<String> identities) {
    home().hosts = Set.copyOf(identities);
  }

  /// What leaves it for other places.
  public RoomEgress egress() {
    return egress;
  }

  /// Not kept: see [Rooms#egress].
  void egress(RoomEgress wanted) {
    egress = wanted;
  }

  Set<String> quieted() {
    return home().quieted;
  }

  void quieted(Set<String> persons) {
    home().quieted = Set.copyOf(persons);
  }

  /// Whether somebody of this identity has been in.
  boolean knows(String identity) {
    OpenRoom of = main;
    if (of != null) {
      return of.knows(identity);
    }
    synchronized (known) {
      return known.contains(identity);
    }
  }

  void know(String identity, boolean welcome) {
    OpenRoom of = main;
    if (of != null) {
      of.know(identity, welcome);
      return;
    }
    synchronized (known) {
      known.remove(identity);
      if (welcome) {
        known.add(identity);
        if (known.size() > MOST_KNOWN) {
          known.remove(known.iterator().next());
        }
      }
    }
  }

  /// What somebody may do with media by what let them in, and by what was changed for them; the
  /// room's rules may allow less.
  Permissions permitted(ParticipantId participant, Token token) {
    Permissions changed = permitted.get(participant);
    return changed == null ? token.grants().permissions() : changed;
  }

  void permit(ParticipantId participant, Permissions permissions) {
    if (tokens.containsKey(participant)) {
      permitted.put(participant, permissions);
    }
  }

  /// Everybody who is in, with what let them in.
  Map<ParticipantId, Token> tokens() {
    return Map.copyOf(tokens);
  }

  /// What was written to everybody.
  ChatHistory history() {
    return history;
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
    permitted.remove(participant);
  }
}
