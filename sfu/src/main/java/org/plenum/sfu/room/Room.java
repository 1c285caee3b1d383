package org.plenum.sfu.room;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.Codec;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.Observation;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantInfo;
import org.plenum.sfu.Playback;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RefusedException.Reason;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomListener;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.TrackInfo;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportState;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.counters.WorkerCounters.Gauge;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.transport.Faults;
import org.plenum.sfu.transport.Transport;

/// A room: who is in it, and what each is told. Lives on one worker's thread, has no lock, clock or
/// socket.
public final class Room {
  /// A participant whose DTLS ended, but who may come back by a new session.
  private static final long CLOSED_GRACE_NANOS = 20_000_000_000L;

  /// How often tracks are looked at, and the number of hidden viewers is told.
  private static final long SAMPLE_NANOS = 250_000_000L;

  /// How soon a publisher is told that a layer which it does not send is needed.
  private static final long LAYERS_NANOS = 20_000_000L;

  private final RoomId id;
  private final RoomSettings settings;
  private final Negotiation negotiation;
  private final WorkerCounters counters;
  private final Consumer<Room> onClosed;
  private final RoomObserver observer;
  private final Map<ParticipantId, Participant> participants = new LinkedHashMap<>();

  /// Those of [#participants], to go through while some of them leave.
  private List<Participant> inOrder = List.of();
  private final Silences silences = new Silences();
  private final Speakers speakers;
  private final Taps taps;
  private final QualityReview quality;
  private final Introductions introductions;
  private List<ParticipantId> speakersTold = List.of();
  private Observation observationTold = Observation.NONE;
  private int hidden;
  private int hiddenTold;
  private long closeAtNanos;
  private long sampleAtNanos;
  private long layersAtNanos;
  private boolean locked;
  private boolean closed;

  /// @param onClosed called once, when the room has closed
  /// @param observer told of everything but the closing
  public Room(
      RoomId id,
      RoomSettings settings,
      Negotiation negotiation,
      WorkerCounters counters,
      Consumer<Room> onClosed,
      RoomObserver observer,
      long nowNanos) {
    this.id = id;
    this.settings = settings;
    this.negotiation = negotiation;
    this.counters = counters;
    this.onClosed = onClosed;
    this.observer = observer;
    this.closeAtNanos = nowNanos + settings.unusedNanos();
    this.sampleAtNanos = nowNanos;
    this.layersAtNanos = nowNanos;
    this.speakers = new Speakers(nowNanos);
    this.taps = new Taps(counters);
    this.quality = new QualityReview(counters, nowNanos);
    this.introductions = new Introductions(settings.direct(), negotiation, counters);
    counters.add(Gauge.ROOMS, 1);
  }

  public RoomId id() {
    return id;
  }

  /// Carries out a command; a refusal completes its future.
  public void handle(RoomCommand command, long nowNanos) {
    if (closed) {
      refuse(command, new RefusedException(Reason.ROOM_CLOSED, "room " + id + " is closed"));
      return;
    }
    try {
      switch (command) {
        case RoomCommand.Join join ->
            join.result().complete(join(join.request(), join.listener(), nowNanos));
        case RoomCommand.Negotiate negotiate -> negotiate(negotiate, nowNanos);
        case RoomCommand.RestartIce restart -> restartIce(restart, nowNanos);
        case RoomCommand.View view -> view(view, nowNanos);
        case RoomCommand.Mute mute -> mute(mute);
        case RoomCommand.Rename(var participant, var name) -> rename(participant, name);
        case RoomCommand.Report(var viewer, var playback) -> report(viewer, playback, nowNanos);
        case RoomCommand.Snapshot snapshot -> returned(snapshot);
        case RoomCommand.Statistics asked ->
            asked.result().complete(Details.statistics(participant(asked.participant()), nowNanos));
        case RoomCommand.Lock lock -> locked = lock.locked();
        case RoomCommand.Participants all ->
            all.result().complete(participants.values().stream().map(Details::of).toList());
        case RoomCommand.SilenceTrack silence -> silence(silence, nowNanos);
        case RoomCommand.SilenceSources silence -> silence(silence, nowNanos);
        case RoomCommand.Silences asked -> asked.result().complete(silences.all());
        case RoomCommand.RestoreSilences(var kept) -> silences.restore(kept);
        case RoomCommand.Permit permit -> permit(permit, nowNanos);
        case RoomCommand.Send send -> send(send);
        case RoomCommand.Tap tap -> tap(tap);
        case RoomCommand.AllowDirect(boolean allowed) -> introductions.allow(allowed);
        case RoomCommand.AgreeDirect agree -> agree(agree);
        case RoomCommand.Peer peer -> pass(peer);
        case RoomCommand.DirectConnected(var who, long call) ->
            hold(introductions.connected(who, call, participants, nowNanos), nowNanos);
        case RoomCommand.DirectFailed failed ->
            hold(introductions.failed(failed, participants, nowNanos), nowNanos);
        case RoomCommand.Leave leave -> leave(leave.participant(), leave.reason(), nowNanos);
        case RoomCommand.Close _ -> close();
      }
    } catch (RefusedException e) {
      refuse(command, e);
    }
    introduce(nowNanos);
  }

  /// Does what is due in the room and in its participants' transports.
  public void onTimeout(long nowNanos) {
    for (Participant participant : inOrder) {
      Transport transport = participant.transport();
      if (transport != null) {
        transport.onTimeout(nowNanos);
        if (participant.shares().isDue(transport.sender(), nowNanos)) {
          share(participant, nowNanos);
        }
        removeWithoutMedia(participant, transport, nowNanos);
      }
    }
    updateSpeakers(nowNanos);
    if (taps.onTimeout(speakers.speaking())) {
      reviewCodecs();
      tellObservation();
    }
    introduce(nowNanos);
    quality.onTimeout(inOrder, participants, nowNanos);
    if (NanoTime.isDue(layersAtNanos, nowNanos)) {
      layersAtNanos = NanoTime.after(nowNanos, LAYERS_NANOS);
      reviewLayers(nowNanos);
    }
    if (NanoTime.isDue(sampleAtNanos, nowNanos)) {
      sampleAtNanos = NanoTime.after(nowNanos, SAMPLE_NANOS);
      updateCodecs();
      tellHidden();
    }
    if (participants.isEmpty() && NanoTime.isDue(closeAtNanos, nowNanos)) {
      close();
    }
  }

  /// Ends the room for everyone; idempotent.
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    List<Participant> gone = List.copyOf(participants.values());
    participants.clear();
    inOrder = List.of();
    counters.add(Gauge.ROOMS, -1);
    // A listener that throws must not keep the rest of the room from ending.
    var faults = new Faults();
    faults.attempt(taps::end);
    for (Participant participant : gone) {
      ParticipantDetails details = Details.of(participant);
      dissolve(participant, faults);
      observeLeaving(details, LeaveReason.CLOSED, faults);
      faults.attempt(() -> participant.tell(new RoomEvent.Removed(LeaveReason.CLOSED)));
    }
    faults.attempt(() -> onClosed.accept(this));
    faults.rethrow();
  }

  public boolean isClosed() {
    return closed;
  }

  /// The participant whose transport this is; null if it belongs to nobody here.
  public @Nullable ParticipantId participantOf(Transport transport) {
    for (Participant participant : participants.values()) {
      if (participant.transport() == transport) {
        return participant.id();
      }
    }
    return null;
  }

  private RoomSnapshot join(JoinRequest request, RoomListener listener, long nowNanos) {
    if (participants.containsKey(request.id())) {
      throw new RefusedException(
          Reason.DUPLICATE_PARTICIPANT, "participant " + request.id() + " is in the room already");
    }
    if (locked
        && !request.mayEnterLocked()
        && (request.replaces() == null || !participants.containsKey(request.replaces()))) {
      throw new RefusedException(Reason.ROOM_LOCKED, "room " + id + " is locked");
    }
    if (request.replaces() != null) {
      silences.replaced(request.replaces(), request.id());
      leave(request.replaces(), LeaveReason.REPLACED, nowNanos);
    }
    if (participants.size() >= settings.maxParticipants()) {
      throw new RefusedException(
          Reason.ROOM_FULL, "room " + id + " has " + settings.maxParticipants() + " participants");
    }
    var participant = new Participant(request, listener);
    participant.silenced(silences.of(participant.person()));
    participants.put(request.id(), participant);
    negotiation.admit(request.id());
    inOrder = List.copyOf(participants.values());
    counters.add(Gauge.PARTICIPANTS, 1);
    hidden += participant.hidden() ? 1 : 0;
    if (!participant.hidden()) {
      tellOthers(participant, new RoomEvent.ParticipantJoined(participant.info()));
    }
    observer.onJoined(id, Details.of(participant));
    return snapshotFor(participant);
  }

  private void negotiate(RoomCommand.Negotiate command, long nowNanos) {
    Participant participant = participant(command.participant());
    Negotiation.Outcome outcome =
        negotiation.apply(
            participant, command.offer(), settings, participants.values(), taps, nowNanos);
    command.result().complete(outcome.answer());
    var faults = new Faults();
    faults.attempt(() -> publish(participant, outcome, nowNanos));
    // Not before: slots are unbound, and their viewers told, while the track is still whole.
    outcome.ended().forEach(track -> faults.attempt(track::end));
    faults.rethrow();
  }

  private void publish(Participant participant, Negotiation.Outcome outcome, long nowNanos) {
    for (RoomEvent event : outcome.news()) {
      tellOthers(participant, event);
      observe(participant, event, outcome.ended());
    }
    arrangeAll(nowNanos);
    reviewCodecs();
    participants.values().forEach(Seating::tellLayers);
  }

  private void restartIce(RoomCommand.RestartIce command, long nowNanos) {
    Participant participant = participant(command.participant());
    command.result().complete(negotiation.restartIce(participant, command.remote(), nowNanos));
  }

  private void view(RoomCommand.View command, long nowNanos) {
    Participant viewer = participants.get(command.viewer());
    if (viewer != null) {
      viewer.view(command.seats());
      arrange(viewer, nowNanos);
    }
  }

  private void report(ParticipantId viewer, Playback playback, long nowNanos) {
    Participant participant = participants.get(viewer);
    if (participant != null) {
      participant.playback(playback, nowNanos);
    }
  }

  private void mute(RoomCommand.Mute command) {
    Participant publisher = participants.get(command.publisher());
    Track track = publisher == null ? null : publisher.tracks().get(command.mid());
    if (publisher != null && track != null && track.muted() != command.muted()) {
      track.muted(command.muted());
      tellOthers(publisher, new RoomEvent.TrackPublished(publisher.id(), track.info()));
    }
  }

  private void rename(ParticipantId who, String name) {
    Participant participant = participants.get(who);
    if (participant == null || participant.name().equals(name)) {
      return;
    }
    participant.name(name);
    var renamed = new RoomEvent.Renamed(who, name);
    participant.tell(renamed);
    if (!participant.hidden()) {
      tellOthers(participant, renamed);
    }
  }

  private void observe(Participant publisher, RoomEvent event, List<Track> ended) {
    if (event instanceof RoomEvent.TrackPublished(_, var track)) {
      observer.onPublished(id, Details.of(publisher), track);
    } else if (event instanceof RoomEvent.TrackUnpublished(_, var track)) {
      for (Track gone : ended) {
        if (gone.id().equals(track)) {
          observer.onUnpublished(id, Details.of(publisher), gone.info());
        }
      }
    }
  }

  private void observeLeaving(ParticipantDetails gone, LeaveReason reason, Faults faults) {
    gone.tracks()
        .forEach(track -> faults.attempt(() -> observer.onUnpublished(id, gone, track.info())));
    faults.attempt(() -> observer.onLeft(id, gone, reason));
  }

  private void silence(RoomCommand.SilenceTrack command, long nowNanos) {
    Participant publisher = participant(command.publisher());
    Track track =
        publisher.tracks().values().stream()
            .filter(candidate -> candidate.id().equals(command.track()))
            .findFirst()
            .orElseThrow(
                () ->
                    new RefusedException(
                        Reason.UNKNOWN_TRACK, "there is no track " + command.track()));
    Set<TrackSource> sources = EnumSet.noneOf(TrackSource.class);
    sources.addAll(publisher.silenced());
    if (command.silenced()) {
      sources.add(track.source());
    } else {
      sources.remove(track.source());
    }
    silence(publisher, sources, nowNanos);
    command.result().complete(Details.of(publisher));
  }

  private void silence(RoomCommand.SilenceSources command, long nowNanos) {
    Participant publisher = participant(command.publisher());
    silence(publisher, command.sources(), nowNanos);
    command.result().complete(Details.of(publisher));
  }

  /// Mutes these sources of a person, and no others, in all their participants.
  private void silence(Participant one, Set<TrackSource> sources, long nowNanos) {
    if (one.silenced().equals(sources)) {
      return;
    }
    String person = one.person();
    silences.set(person, sources);
    for (Participant each : participants.values()) {
      if (each.person().equals(person)) {
        List<TrackInfo> before = each.tracks().values().stream().map(Track::info).toList();
        each.silenced(sources);
        each.tell(new RoomEvent.Silenced(each.id(), each.silenced()));
        tellChange(each, before);
      }
    }
    arrangeAll(nowNanos);
  }

  private void tellChange(Participant silenced, List<TrackInfo> before) {
    if (silenced.hidden()) {
      return;
    }
    tellOthers(silenced, new RoomEvent.Silenced(silenced.id(), silenced.silenced()));
    for (Track track : silenced.tracks().values()) {
      if (!before.contains(track.info())) {
        tellOthers(silenced, new RoomEvent.TrackPublished(silenced.id(), track.info()));
      }
    }
  }

  private void permit(RoomCommand.Permit command, long nowNanos) {
    Participant participant = participant(command.participant());
    participant.permissions(command.permissions());
    arrangeAll(nowNanos);
    command.result().complete(Details.of(participant));
  }

  private void send(RoomCommand.Send command) {
    ParticipantId from = command.message().from();
    if (command.to() != null) {
      participant(command.to()).tell(command.message());
      command.result().complete(1);
      return;
    }
    Participant sender = from == null ? null : participants.get(from);
    tellOthers(sender, command.message());
    command.result().complete(participants.size() - (sender == null ? 0 : 1));
  }

  private void tap(RoomCommand.Tap command) {
    taps.add(command.tap());
    taps.arrange(participants.values());
    reviewCodecs();
    tellObservation();
    command.result().complete(command.tap());
  }

  private void tellObservation() {
    Observation now = taps.observation();
    if (!now.equals(observationTold)) {
      observationTold = now;
      tellOthers(null, new RoomEvent.ObservationChanged(now));
    }
  }

  private void leave(ParticipantId who, LeaveReason reason, long nowNanos) {
    Participant participant = participants.remove(who);
    inOrder = List.copyOf(participants.values());
    if (participant == null) {
      return;
    }
    if (participants.isEmpty()) {
      closeAtNanos = nowNanos + settings.emptyNanos();
    }
    hidden -= participant.hidden() ? 1 : 0;
    silences.left(who);
    var faults = new Faults();
    if (!participant.hidden()) {
      faults.attempt(() -> tellOthers(participant, new RoomEvent.ParticipantLeft(who, reason)));
    }
    faults.attempt(() -> arrangeAll(nowNanos));
    ParticipantDetails details = Details.of(participant);
    dissolve(participant, faults);
    observeLeaving(details, reason, faults);
    faults.attempt(() -> participant.tell(new RoomEvent.Removed(reason)));
    faults.rethrow();
  }

  /// Ends tracks, slots and transport of a participant.
  private void dissolve(Participant participant, Faults faults) {
    counters.add(Gauge.PARTICIPANTS, -1);
    counters.add(Gauge.TRACKS, -participant.tracks().size());
    counters.add(Gauge.SLOTS, -participant.slots().size());
    participant.tracks().values().forEach(track -> faults.attempt(track::end));
    participant.slots().values().forEach(slot -> faults.attempt(slot::end));
    Transport transport = participant.transport();
    if (transport != null) {
      faults.attempt(transport::close);
    }
    negotiation.revoke(participant.id()); // last: a goodbye may go by a relay
  }

  private void removeWithoutMedia(Participant participant, Transport transport, long nowNanos) {
    if (transport.state() != TransportState.CLOSED) {
      return;
    }
    if (participant.removeAtNanos == NanoTime.NEVER) {
      long grace = transport.isAbandoned() ? 0 : CLOSED_GRACE_NANOS;
      participant.removeAtNanos = nowNanos + grace;
    }
    if (NanoTime.isDue(participant.removeAtNanos, nowNanos)) {
      leave(participant.id(), LeaveReason.MEDIA_LOST, nowNanos);
    }
  }

  /// Viewers are looked at only if the loudest are others: a room costs each viewer the same, be it
  /// large or small.
  private void updateSpeakers(long nowNanos) {
    if (speakers.onTimeout(participants.values(), nowNanos)) {
      for (Participant viewer : participants.values()) {
        Seating.arrangeExtraAudio(viewer, speakers.loudest(), participants);
      }
    }
    if (!speakers.speaking().equals(speakersTold)) {
      speakersTold = speakers.speaking();
      tellOthers(null, new RoomEvent.SpeakersChanged(speakersTold));
    }
  }

  private void updateCodecs() {
    boolean codecChanged = false;
    for (Participant publisher : participants.values()) {
      for (Track track : publisher.tracks().values()) {
        codecChanged |= track.takeCodecChanged();
      }
    }
    if (codecChanged) {
      participants.values().forEach(Seating::tellLayers);
    }
  }

  /// Asks publishers for another codec where somebody cannot decode what they send.
  private void reviewCodecs() {
    for (Participant publisher : participants.values()) {
      for (Track track : publisher.tracks().values()) {
        Codec present = track.codecs().getFirst();
        Codec chosen =
            CodecPolicy.choose(track.codecs(), present, publisher, participants.values(), taps);
        if (chosen != present && !chosen.equals(publisher.wanted().put(track.mid(), chosen))) {
          publisher.tell(new RoomEvent.PublishWanted(track.mid(), chosen.name()));
        }
      }
    }
  }

  /// Tells publishers which of their layers somebody needs.
  private void reviewLayers(long nowNanos) {
    for (Participant publisher : inOrder) {
      if (publisher.switchesLayers() && !publisher.talksDirectly()) {
        for (Track track : publisher.tracks().values()) {
          RoomEvent.LayersWanted wanted = track.reviewLayers(nowNanos);
          if (wanted != null) {
            publisher.tell(wanted);
          }
        }
      }
    }
  }

  private void arrangeAll(long nowNanos) {
    speakers.forgetAbsent(participants);
    for (Participant viewer : participants.values()) {
      arrange(viewer, nowNanos);
    }
    taps.arrange(participants.values());
  }

  private void arrange(Participant viewer, long nowNanos) {
    Seating.arrange(viewer, participants);
    Seating.arrangeExtraAudio(viewer, speakers.loudest(), participants);
    share(viewer, nowNanos);
  }

  private void share(Participant viewer, long nowNanos) {
    if (viewer.shares().allocate(speakers.speaking(), nowNanos)) {
      Seating.tellLayers(viewer);
    }
  }

  /// For a client that was away, and may have missed what no snapshot has.
  private void returned(RoomCommand.Snapshot command) {
    Participant participant = participant(command.participant());
    participant.tracks().values().forEach(Track::repeatLayers);
    participant.ratings().repeat();
    command.result().complete(snapshotFor(participant));
    introductions.repeat(participant);
  }

  private void agree(RoomCommand.AgreeDirect command) {
    Participant participant = participants.get(command.participant());
    if (participant != null) {
      participant.agreesDirect(command.agrees());
    }
  }

  private void pass(RoomCommand.Peer command) {
    introductions.pass(participant(command.from()), participant(command.to()), command);
    command.result().complete(true);
  }

  /// Finds out whether the two who are here could talk directly.
  private void introduce(long nowNanos) {
    if (!closed) {
      hold(introductions.review(inOrder, participants, taps, nowNanos), nowNanos);
    }
  }

  /// Pictures are held back here, or not any more.
  private void hold(boolean changed, long nowNanos) {
    if (changed) {
      arrangeAll(nowNanos);
      participants.values().forEach(Seating::tellLayers);
    }
  }

  private RoomSnapshot snapshotFor(Participant viewer) {
    List<ParticipantInfo> others = new ArrayList<>();
    for (Participant other : participants.values()) {
      if (other != viewer && !other.hidden()) {
        others.add(other.info());
      }
    }
    List<SlotBinding> bindings = new ArrayList<>();
    for (Slot slot : viewer.slots().values()) {
      Seat seat = viewer.seatOf(slot);
      bindings.add(Seating.binding(viewer, slot, seat == null ? -1 : seat.number()));
    }
    return new RoomSnapshot(
        others, bindings, hiddenBeside(viewer), viewer.silenced(), taps.observation());
  }

  /// Not with each join and leave: viewers come and go by the hundred.
  private void tellHidden() {
    if (hidden != hiddenTold) {
      hiddenTold = hidden;
      for (Participant participant : participants.values()) {
        participant.tell(new RoomEvent.HiddenChanged(hiddenBeside(participant)));
      }
    }
  }

  private int hiddenBeside(Participant participant) {
    return participant.hidden() ? hidden - 1 : hidden;
  }

  /// A participant of this room; refuses unknown ones.
  Participant participant(ParticipantId who) {
    Participant participant = participants.get(who);
    if (participant == null) {
      throw new RefusedException(
          Reason.UNKNOWN_PARTICIPANT, "participant " + who + " is not in room " + id);
    }
    return participant;
  }

  private void tellOthers(@Nullable Participant about, RoomEvent event) {
    for (Participant other : participants.values()) {
      if (other != about) {
        other.tell(event);
      }
    }
  }

  private static void refuse(RoomCommand command, RefusedException reason) {
    command.waiting().forEach(future -> future.completeExceptionally(reason));
  }
}
