package org.plenum.sfu.room;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.Codec;
import org.plenum.sfu.Identity;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantInfo;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.Playback;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomListener;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.Silence;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportState;
import org.plenum.sfu.forward.PublisherClock;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.relay.RelayEnd;
import org.plenum.sfu.transport.Transport;
import org.plenum.sfu.transport.TransportListener;

/// A participant as its room holds it: what it publishes, what it receives, and whom it wants
/// to see. Worker's thread only.
final class Participant implements TransportListener {
  private final ParticipantId id;
  private final JoinRequest request;
  private final RoomListener listener;

  /// By which the part of the room is reached where its media comes and goes; null if that is here.
  private final @Nullable RelayEnd home;

  private final PublisherClock clock = new PublisherClock();
  private final Map<Mid, Track> tracks = new LinkedHashMap<>();
  private final Map<Mid, Slot> slots = new LinkedHashMap<>();
  private final List<Seat> seats = new ArrayList<>();
  private final Map<Slot, Seating.Told> told = new HashMap<>();
  private final Shares shares = new Shares(this);
  private final PlayoutDelay playoutDelay = new PlayoutDelay();
  private final ReceivedSeconds received = new ReceivedSeconds(this);
  private final Ratings ratings = new Ratings();
  private final Map<Mid, Codec> wanted = new HashMap<>();
  private @Nullable Transport transport;

  /// By which it is looked at; null while it is in no room.
  private @Nullable Agenda agenda;

  private int agendaPlace;
  private @Nullable Playback playback;
  private long playbackNanos;

  /// What the viewer asked to see; null while the room fills its seats by itself.
  private @Nullable List<SeatView> view;

  /// When it will be removed because no media path came up.
  long removeAtNanos = NanoTime.NEVER;

  /// What a client says of how its slots run holds for so long: it says so every two seconds.
  private static final long SHOWN_NANOS = 3_000_000_000L;

  private int tracksMade;
  private int slotsMade;

  private final long admission;
  private String name;
  private Permissions permissions;

  private boolean direct;
  private boolean agreesDirect = true;

  /// What moderators muted, whether it is published or not.
  private Set<TrackSource> silenced = Set.of();

  Participant(JoinRequest request, RoomListener listener) {
    this(request, listener, null, 0);
  }

  /// @param home by which the part of the room is reached where it is at home; null: here
  /// @param admission which of the admissions to that part it was; 0 if it was none
  Participant(JoinRequest request, RoomListener listener, @Nullable RelayEnd home, long admission) {
    this.id = request.id();
    this.request = request;
    this.home = home;
    this.admission = admission;
    this.name = request.name();
    this.permissions = request.permissions();
    this.listener = listener;
  }

  ParticipantId id() {
    return id;
  }

  /// As it asked to be let in.
  JoinRequest request() {
    return request;
  }

  /// By which the part of the room is reached where it is at home; null if that is here. A
  /// participant of another part has neither transport nor slots.
  @Nullable RelayEnd home() {
    return home;
  }

  boolean isRemote() {
    return home != null;
  }

  /// Which of the admissions to its part it was; 0 if it was none.
  long admission() {
    return admission;
  }

  boolean hidden() {
    return request.hidden();
  }

  String name() {
    return name;
  }

  void name(String shown) {
    name = shown;
  }

  @Nullable Identity identity() {
    return request.identity();
  }

  @Nullable String metadata() {
    return request.metadata();
  }

  Permissions permissions() {
    return permissions;
  }

  void permissions(Permissions granted) {
    permissions = granted;
  }

  /// As [Silence#person] names it.
  String person() {
    return Silence.person(identity(), id);
  }

  Set<TrackSource> silenced() {
    return silenced;
  }

  /// Its tracks follow.
  void silenced(Set<TrackSource> sources) {
    silenced = Set.copyOf(sources);
    tracks.values().forEach(track -> track.silenced(silenced.contains(track.source())));
  }

  /// Whether it is to be sent what the other publishes: nobody is what they publish themselves, and
  /// by default not what they publish as another participant of the same identity.
  boolean views(Participant other) {
    Identity mine = identity();
    boolean samePerson = mine != null && mine.equals(other.identity());
    return other != this && (request.seesOwnTracks() || !samePerson);
  }

  /// Whether it may talk to the other one directly as far as it is concerned: both see and hear
  /// each other, and it sends something.
  boolean mayTalkDirectlyTo(Participant other) {
    return request.talksDirectly()
        && agreesDirect
        && home == null
        && !hidden()
        && permissions.subscribe()
        && mayPublishWhatItSends()
        && views(other);
  }

  /// Whether it sends anything, and nothing that others may not see or hear: what goes directly
  /// nobody holds back here.
  private boolean mayPublishWhatItSends() {
    for (Track track : tracks.values()) {
      if (!permissions.publish().contains(track.source())) {
        return false;
      }
    }
    return !tracks.isEmpty();
  }

  /// Whether its client agrees to it now.
  void agreesDirect(boolean yes) {
    agreesDirect = yes;
  }

  /// Whether its pictures go directly to the other one, and come from there.
  boolean talksDirectly() {
    return direct;
  }

  /// @return whether it was otherwise
  boolean talksDirectly(boolean yes, long nowNanos) {
    if (direct == yes) {
      return false;
    }
    direct = yes;
    // While nothing was sent, nobody needed anything.
    tracks.values().forEach(track -> track.needed(nowNanos));
    return true;
  }

  /// Whether its client stops and starts encodings when it is told to.
  boolean switchesLayers() {
    return request.switchesLayers();
  }

  /// What its client says of what it sees; null if it has said nothing.
  @Nullable Playback playback() {
    return playback;
  }

  /// What its client says of how a slot runs; null if that runs smoothly, or if it says nothing.
  Playback.@Nullable Shown shown(Mid mid, long nowNanos) {
    if (playback != null && nowNanos - playbackNanos <= SHOWN_NANOS) {
      for (Playback.Shown shown : playback.slots()) {
        if (shown.mid().equals(mid)) {
          return shown;
        }
      }
    }
    return null;
  }

  void playback(Playback said, long nowNanos) {
    playback = said;
    playbackNanos = nowNanos;
    if (transport != null) {
      transport.relayed(said.relayed());
    }
  }

  PublisherClock clock() {
    return clock;
  }

  ParticipantInfo info() {
    return new ParticipantInfo(
        id, name(), tracks.values().stream().map(Track::info).toList(), silenced);
  }

  /// Published tracks by their section.
  Map<Mid, Track> tracks() {
    return tracks;
  }

  /// Its first track from this source that others may see or hear, or null.
  @Nullable Track track(TrackSource source) {
    if (tracks.isEmpty() || !permissions.publish().contains(source)) {
      return null;
    }
    for (Track track : tracks.values()) {
      if (track.source() == source && !track.silenced()) {
        return track;
      }
    }
    return null;
  }

  /// Slots by their section.
  Map<Mid, Slot> slots() {
    return slots;
  }

  List<Seat> seats() {
    return seats;
  }

  /// The seat a slot belongs to, or null for an extra audio slot.
  @Nullable Seat seatOf(Slot slot) {
    for (Seat seat : seats) {
      if (seat.owns(slot)) {
        return seat;
      }
    }
    return null;
  }

  /// The track of this id, or null.
  @Nullable Track track(TrackId track) {
    for (Track candidate : tracks.values()) {
      if (candidate.id().equals(track)) {
        return candidate;
      }
    }
    return null;
  }

  /// The codecs that one of its slots takes; all its slots together.
  Set<Codec> decoder() {
    Set<Codec> decoder = new LinkedHashSet<>();
    slots.values().forEach(slot -> decoder.addAll(slot.codecs()));
    return decoder;
  }

  /// Whether it can show a track of this codec; true if it has no slot of that kind.
  boolean decodes(Codec codec) {
    boolean hasSlot = false;
    for (Slot slot : slots.values()) {
      if (slot.kind() == codec.name().kind()) {
        hasSlot = true;
        if (slot.codec(codec) != null) {
          return true;
        }
      }
    }
    return !hasSlot;
  }

  /// The codec that it was asked to send in a section.
  Map<Mid, Codec> wanted() {
    return wanted;
  }

  /// What it was told of its slots' layers.
  Map<Slot, Seating.Told> told() {
    return told;
  }

  /// How long it holds back what it receives.
  PlayoutDelay playoutDelay() {
    return playoutDelay;
  }

  /// How its bandwidth is shared out.
  Shares shares() {
    return shares;
  }

  /// How good what it receives has been.
  ReceivedSeconds received() {
    return received;
  }

  /// How good its sections are, and what it was told of that.
  Ratings ratings() {
    return ratings;
  }

  @Nullable List<SeatView> view() {
    return view;
  }

  void view(List<SeatView> wanted) {
    view = wanted;
  }

  @Nullable Transport transport() {
    return transport;
  }

  void transport(Transport opened) {
    transport = opened;
    onUrgent();
  }

  int nextTrackNumber() {
    return ++tracksMade;
  }

  /// How many slots it has had in all.
  int slotsMade() {
    return slotsMade;
  }

  void countSlot() {
    slotsMade++;
  }

  void tell(RoomEvent event) {
    listener.onEvent(event);
  }

  /// It is looked at by this agenda from now on; null: by none.
  void agenda(@Nullable Agenda in, int place) {
    agenda = in;
    agendaPlace = place;
  }

  /// It is looked at with the next turn of its room.
  @Override
  public void onUrgent() {
    if (agenda != null) {
      agenda.due(agendaPlace);
    }
  }

  /// What is due soon is done while its state is at hand.
  @Override
  public void onReport(long nowNanos) {
    if (agenda != null) {
      agenda.atHand(agendaPlace, nowNanos);
    }
  }

  @Override
  public void onStateChanged(TransportState state) {
    onUrgent();
    tell(new RoomEvent.TransportStateChanged(state));
  }

  @Override
  public void onBitrateExceeded(Mid mid, long bitrateBps) {
    tell(new RoomEvent.BitrateExceeded(mid, bitrateBps));
  }

  @Override
  public void onSsrcChanged(Mid mid, int former, int ssrc) {
    tell(new RoomEvent.SsrcChanged(mid, former, ssrc));
  }
}
