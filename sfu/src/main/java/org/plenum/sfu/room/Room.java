package org.plenum.sfu.room;

import java.util.ArrayList;
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
import org.plenum.sfu.LoadStep;
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
import org.plenum.sfu.Silence;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportState;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.counters.WorkerCounters.Gauge;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.relay.RelayEnd;
import org.plenum.sfu.relay.RelayMessage;
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

  /// A participant of another part is told what there is to tell there.
  private static final RoomListener NOBODY = _ -> {};

  private final RoomId id;
  private final RoomSettings settings;
  private final Negotiation negotiation;
  private final WorkerCounters counters;
  private final Consumer<Room> onClosed;
  private final RoomObserver observer;
  private final Map<ParticipantId, Participant> participants = new LinkedHashMap<>();

  /// Those of [#participants], to go through while some of them leave.
  private List<Participant> inOrder = List.of();
  private final Speakers speakers;
  private final Taps taps;
  private final Relays relays;
  private final Audience audience;
  private final QualityReview quality;
  private final Agenda agenda;

  /// Whose transport was closed when they were looked at.
  private final List<Participant> withoutMedia = new ArrayList<>();

  private final Introductions introductions;
  private final Moderation moderation;

  /// Who speaks now, as the owner says it, the dominant speaker first.
  private List<ParticipantId> speakersTold = List.of();

  private Observation observationTold = Observation.NONE;

  /// What the worker leaves undone.
  private LoadStep load = LoadStep.NONE;

  /// Whether anybody was ever told of that.
  private boolean loadTold;
  private int hidden;
  private int hiddenTold;
  private long closeAtNanos;
  private long sampleAtNanos;
  private long layersAtNanos;
  private boolean locked;
  private boolean keptOpen;
  private boolean closed;

  /// The owner of a room.
  ///
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
    this(id, settings, negotiation, counters, onClosed, observer, null, nowNanos);
  }

  /// @param toOwner the relay to the owner, of a branch of the room: it has its own participants'
  ///     transports and slots, is told of all others, and closes with the owner; null: the owner
  public Room(
      RoomId id,
      RoomSettings settings,
      Negotiation negotiation,
      WorkerCounters counters,
      Consumer<Room> onClosed,
      RoomObserver observer,
      @Nullable RelayEnd toOwner,
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
    this.relays = new Relays(toOwner);
    this.audience = new Audience(participants.values(), taps, relays);
    this.quality = new QualityReview(counters, nowNanos);
    this.agenda = new Agenda(this::lookAt, nowNanos);
    this.introductions =
        new Introductions(settings.direct() && toOwner == null, negotiation, counters);
    this.moderation = new Moderation(participants, relays, this::tellOthers, this::arrangeAll);
    counters.add(relays.isBranch() ? Gauge.BRANCHES : Gauge.ROOMS, 1);
  }

  public RoomId id() {
    return id;
  }

  /// Carries out a command; a refusal completes its future.
  public void handle(RoomCommand command, long nowNanos) {
    if (closed) {
      if (command instanceof RoomCommand.Attach(var branch)) {
        branch.send(new RelayMessage.Closed());
      }
      refuse(command, new RefusedException(Reason.ROOM_CLOSED, "room " + id + " is closed"));
      return;
    }
    try {
      switch (command) {
        case RoomCommand.Join join -> join(join, nowNanos);
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
        case RoomCommand.Silences asked -> asked.result().complete(moderation.silences().all());
        case RoomCommand.RestoreSilences(var kept) -> moderation.silences().restore(kept);
        case RoomCommand.Permit permit -> permit(permit, nowNanos);
        case RoomCommand.Send send -> send(send);
        case RoomCommand.Tap tap -> tap(tap);
        case RoomCommand.AllowDirect(boolean allowed) -> introductions.allow(allowed);
        case RoomCommand.KeepOpen(boolean kept) -> keepOpen(kept, nowNanos);
        case RoomCommand.AgreeDirect agree -> agree(agree);
        case RoomCommand.Peer peer -> pass(peer);
        case RoomCommand.DirectConnected(var who, long call) ->
            hold(introductions.connected(who, call, participants, nowNanos), nowNanos);
        case RoomCommand.DirectFailed failed ->
            hold(introductions.failed(failed, participants, nowNanos), nowNanos);
        case RoomCommand.Leave leave -> leave(leave.participant(), leave.reason(), nowNanos);
        case RoomCommand.Attach(var branch) -> attach(branch);
        case RoomCommand.Relayed(var from, RelayMessage.Media media) -> from.onMessage(media);
        case RoomCommand.Relayed(var from, RelayMessage.News news) -> relayed(from, news, nowNanos);
        case RoomCommand.Close _ -> close();
      }
    } catch (RefusedException e) {
      refuse(command, e);
    }
    introduce(nowNanos);
  }

  /// Does what is due in the room and in its participants' transports.
  public void onTimeout(long nowNanos) {
    agenda.onTimeout(nowNanos);
    removeWithoutMedia(nowNanos);
    relays.onTimeout(nowNanos);
    updateSpeakers(nowNanos);
    if (taps.onTimeout(speakersTold)) {
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
      relays.tellDecoders(participants.values());
    }
    boolean may = !keptOpen && !relays.isBranch();
    if (may && participants.isEmpty() && NanoTime.isDue(closeAtNanos, nowNanos)) {
      close();
    }
  }

  /// Whether somebody came up, in [#onTimeout] or before, who is not to wait for long.
  public boolean isUrgent() {
    return agenda.isUrgent();
  }

  private long lookAt(Participant participant, long nowNanos) {
    Transport transport = participant.transport();
    if (transport == null) {
      return NanoTime.NEVER;
    }
    transport.onTimeout(nowNanos);
    Shares shares = participant.shares();
    if (NanoTime.isDue(shares.nextNanos(transport.sender(), nowNanos), nowNanos)) {
      share(participant, nowNanos);
    }
    if (transport.state() == TransportState.CLOSED) {
      withoutMedia.add(participant);
    }
    return NanoTime.earlier(
        transport.nextTimeoutNanos(nowNanos), shares.nextNanos(transport.sender(), nowNanos));
  }

  /// Whoever is to come when it is not kept any more has as long as after the last has left.
  private void keepOpen(boolean kept, long nowNanos) {
    keptOpen = kept;
    closeAtNanos = nowNanos + settings.emptyNanos();
  }

  /// Ends the room for everyone; idempotent.
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    List<Participant> gone = List.copyOf(participants.values());
    participants.clear();
    listInOrder();
    counters.add(relays.isBranch() ? Gauge.BRANCHES : Gauge.ROOMS, -1);
    // A listener that throws must not keep the rest of the room from ending.
    var faults = new Faults();
    faults.attempt(taps::end);
    faults.attempt(relays::close);
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

  /// The worker leaves more or less undone from now on.
  public void load(LoadStep step, long nowNanos) {
    LoadStep told = noticed(load);
    load = step;
    if (noticed(step) == told) {
      return;
    }
    loadTold = true;
    for (Participant participant : inOrder) {
      if (!participant.isRemote()) {
        participant.tell(new RoomEvent.LoadChanged(noticed(step)));
        share(participant, nowNanos);
      }
    }
  }

  /// As far as somebody who is in the room notices it.
  private static LoadStep noticed(LoadStep step) {
    return step.includes(LoadStep.TOP_LAYERS) ? step : LoadStep.NONE;
  }

  /// Takes over what other parts of the room have handed over. In phase.
  ///
  /// @return whether more waits
  public boolean receiveRelayed(long nowNanos) {
    return relays.receive(nowNanos);
  }

  /// Lets other parts of the room look at what was handed over to them.
  public void flushRelayed(long nowNanos) {
    relays.flush(nowNanos);
  }

  private void join(RoomCommand.Join command, long nowNanos) {
    JoinRequest request = command.request();
    requireAdmissible(request);
    if (command.home() == null && isNew(request) && load.includes(LoadStep.JOINS)) {
      throw new RefusedException(
          Reason.OVERLOADED, "the server has too much to do to let anybody new in");
    }
    if (request.replaces() != null) {
      moderation.silences().replaced(request.replaces(), request.id());
      leave(request.replaces(), LeaveReason.REPLACED, nowNanos);
    }
    if (participants.size() >= settings.maxParticipants()) {
      throw new RefusedException(
          Reason.ROOM_FULL, "room " + id + " has " + settings.maxParticipants() + " participants");
    }
    RelayEnd home = command.home();
    if (home != null && home.isClosed()) {
      throw new RefusedException(Reason.OVERLOADED, "a part of room " + id + " has failed");
    }
    Set<TrackSource> silenced =
        moderation.silences().of(Silence.person(request.identity(), request.id()));
    if (home == null) {
      Participant participant = new Participant(request, command.listener());
      enter(participant, silenced);
      command.result().complete(snapshotFor(participant));
    } else {
      long admission = relays.nextAdmission();
      enter(new Participant(request, NOBODY, home, admission), silenced);
      home.send(
          new RelayMessage.Admitted(
              request, admission, silenced, hidden, command.listener(), command.result()));
    }
  }

  private void listInOrder() {
    inOrder = List.copyOf(participants.values());
    agenda.people(inOrder);
  }

  private void requireAdmissible(JoinRequest request) {
    if (participants.containsKey(request.id())) {
      throw new RefusedException(
          Reason.DUPLICATE_PARTICIPANT, "participant " + request.id() + " is in the room already");
    }
    if (locked && !request.mayEnterLocked() && isNew(request)) {
      throw new RefusedException(Reason.ROOM_LOCKED, "room " + id + " is locked");
    }
  }

  /// Whether they take nobody's place.
  private boolean isNew(JoinRequest request) {
    return request.replaces() == null || !participants.containsKey(request.replaces());
  }

  /// Somebody is in the room from now on.
  private void enter(Participant participant, Set<TrackSource> silenced) {
    participant.silenced(silenced);
    participants.put(participant.id(), participant);
    listInOrder();
    if (!participant.isRemote()) {
      negotiation.admit(participant.id());
      counters.add(Gauge.PARTICIPANTS, 1);
    }
    if (!relays.isBranch()) {
      hidden += participant.hidden() ? 1 : 0;
    }
    if (!participant.hidden()) {
      tellOthers(participant, new RoomEvent.ParticipantJoined(participant.info()));
    }
    if (!relays.isBranch()) {
      relays.joined(participant);
      observer.onJoined(id, Details.of(participant));
    }
    if (!participant.isRemote() && noticed(load) != LoadStep.NONE) {
      participant.tell(new RoomEvent.LoadChanged(noticed(load)));
    }
  }

  private void attach(RelayEnd branch) {
    relays.attach(branch, participants.values());
    branch.send(new RelayMessage.Observed(taps.observation(), taps.codecs()));
    branch.send(new RelayMessage.Speaking(speakersTold));
    branch.send(new RelayMessage.HiddenCounted(hidden));
  }

  /// What another part of the room says.
  private void relayed(RelayEnd from, RelayMessage.News news, long nowNanos) {
    switch (news) {
      case RelayMessage.Admitted admitted -> admit(admitted);
      case RelayMessage.Dismissed(var who, var reason) -> leave(who, reason, null, nowNanos);
      case RelayMessage.Joined joined -> joined(from, joined);
      case RelayMessage.Left(var who, var reason, long admission) -> {
        Participant participant = participants.get(who);
        if (participant != null
            && participant.home() == from
            && (relays.isBranch() || participant.admission() == admission)) {
          leave(who, reason, from, nowNanos);
        }
      }
      case RelayMessage.Published published -> published(from, published, nowNanos);
      case RelayMessage.Unpublished(var publisher, var track) ->
          unpublished(from, publisher, track, nowNanos);
      case RelayMessage.Muted(var publisher, var track, boolean muted) -> {
        Participant participant = participants.get(publisher);
        Track about = participant == null ? null : participant.track(track);
        if (participant != null && about != null && participant.home() == from) {
          mute(participant, about, muted);
        }
      }
      case RelayMessage.Renamed(var who, var name) -> rename(who, name);
      case RelayMessage.Silenced(var person, var sources) ->
          moderation.silenceHere(person, sources, nowNanos);
      case RelayMessage.Permitted(var who, var permissions) -> {
        Participant participant = participants.get(who);
        if (participant != null) {
          moderation.permitHere(participant, permissions, nowNanos);
        }
      }
      case RelayMessage.Sent(var to, var message) -> deliver(to, message);
      case RelayMessage.Observed(var observation, var codecs) -> {
        taps.elsewhere(observation, codecs);
        reviewCodecs();
        tellObservation();
      }
      case RelayMessage.Speaking(var now) -> tellSpeaking(now);
      case RelayMessage.HiddenCounted(int count) -> hidden = count;
      case RelayMessage.Decoding(var decoders) -> {
        from.decoders(decoders);
        relays.decodersChanged();
        reviewCodecs();
      }
      case RelayMessage.Closed _ -> partClosed(from, LeaveReason.CLOSED, nowNanos);
      case RelayMessage.Lost _ -> partClosed(from, LeaveReason.MEDIA_LOST, nowNanos);
    }
  }

  private void admit(RelayMessage.Admitted admitted) {
    hidden = admitted.hidden();
    var participant =
        new Participant(admitted.request(), admitted.listener(), null, admitted.admission());
    enter(participant, admitted.silenced());
    admitted.result().complete(snapshotFor(participant));
  }

  private void joined(RelayEnd from, RelayMessage.Joined joined) {
    var participant = new Participant(joined.request(), NOBODY, from, 0);
    participant.name(joined.name());
    participant.permissions(joined.permissions());
    enter(participant, joined.silenced());
  }

  private void published(RelayEnd from, RelayMessage.Published news, long nowNanos) {
    Participant publisher = participants.get(news.publisher());
    if (publisher == null || publisher.home() != from) {
      return; // it has left meanwhile
    }
    Track present = publisher.track(news.track());
    Track track = present;
    if (track == null) {
      track =
          new Track(
              news.track(),
              news.publisher(),
              news.mid(),
              news.source(),
              news.codecs(),
              publisher.clock());
      track.silenced(publisher.silenced().contains(news.source()));
      publisher.tracks().put(news.mid(), track);
      from.admit(track);
    }
    track.codecs(news.codecs());
    track.rids(news.rids());
    track.muted(news.muted());
    relays.published(publisher, track, present == null);
    if (present == null) {
      tellOthers(publisher, new RoomEvent.TrackPublished(publisher.id(), track.info()));
      if (!relays.isBranch()) {
        observer.onPublished(id, Details.of(publisher), track.info());
      }
    }
    arrangeAll(nowNanos);
    participants.values().forEach(Seating::tellLayers);
  }

  private void unpublished(RelayEnd from, ParticipantId who, TrackId which, long nowNanos) {
    Participant publisher = participants.get(who);
    Track track = publisher == null ? null : publisher.track(which);
    if (publisher == null || track == null || publisher.home() != from) {
      return;
    }
    publisher.tracks().remove(track.mid());
    from.forget(track);
    relays.tell(publisher, new RelayMessage.Unpublished(who, which));
    var faults = new Faults();
    faults.attempt(
        () -> {
          tellOthers(publisher, new RoomEvent.TrackUnpublished(who, which));
          if (!relays.isBranch()) {
            observer.onUnpublished(id, Details.of(publisher), track.info());
          }
          arrangeAll(nowNanos);
        });
    faults.attempt(track::end);
    faults.rethrow();
  }

  /// Without its owner a branch is none; without a branch, those who were there are gone.
  private void partClosed(RelayEnd part, LeaveReason reason, long nowNanos) {
    if (relays.isBranch()) {
      close();
      return;
    }
    relays.detach(part);
    for (Participant participant : inOrder) {
      if (participant.home() == part) {
        leave(participant.id(), reason, part, nowNanos);
      }
    }
  }

  private void negotiate(RoomCommand.Negotiate command, long nowNanos) {
    Participant participant = participant(command.participant());
    Negotiation.Outcome outcome =
        negotiation.apply(participant, command.offer(), settings, audience, nowNanos);
    command.result().complete(outcome.answer());
    participant.onUrgent(); // it may publish something now
    var faults = new Faults();
    faults.attempt(() -> publish(participant, outcome, nowNanos));
    // Not before: slots are unbound, and their viewers told, while the track is still whole.
    outcome.ended().forEach(track -> faults.attempt(track::end));
    faults.rethrow();
  }

  private void publish(Participant participant, Negotiation.Outcome outcome, long nowNanos) {
    List<TrackId> fresh = new ArrayList<>();
    for (RoomEvent event : outcome.news()) {
      tellOthers(participant, event);
      if (!relays.isBranch()) {
        observe(participant, event, outcome.ended());
      }
      if (event instanceof RoomEvent.TrackPublished(_, var track)) {
        fresh.add(track.track());
      } else if (event instanceof RoomEvent.TrackUnpublished(var who, var track)) {
        relays.tell(participant, new RelayMessage.Unpublished(who, track));
      }
    }
    for (Track track : participant.tracks().values()) {
      relays.published(participant, track, fresh.contains(track.id()));
    }
    relays.decodersChanged();
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
    if (publisher != null && track != null) {
      mute(publisher, track, command.muted());
    }
  }

  private void mute(Participant publisher, Track track, boolean muted) {
    if (track.muted() != muted) {
      track.muted(muted);
      relays.tell(publisher, new RelayMessage.Muted(publisher.id(), track.id(), muted));
      tellOthers(publisher, new RoomEvent.TrackPublished(publisher.id(), track.info()));
    }
  }

  private void rename(ParticipantId who, String name) {
    Participant participant = participants.get(who);
    if (participant == null || participant.name().equals(name)) {
      return;
    }
    participant.name(name);
    relays.tell(participant, new RelayMessage.Renamed(who, name));
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
    if (relays.isBranch()) {
      return; // the owner tells of everybody
    }
    gone.tracks()
        .forEach(track -> faults.attempt(() -> observer.onUnpublished(id, gone, track.info())));
    faults.attempt(() -> observer.onLeft(id, gone, reason));
  }

  private void silence(RoomCommand.SilenceTrack command, long nowNanos) {
    Participant publisher = participant(command.publisher());
    command
        .result()
        .complete(moderation.silence(publisher, command.track(), command.silenced(), nowNanos));
  }

  private void silence(RoomCommand.SilenceSources command, long nowNanos) {
    Participant publisher = participant(command.publisher());
    command.result().complete(moderation.silence(publisher, command.sources(), nowNanos));
  }

  private void permit(RoomCommand.Permit command, long nowNanos) {
    Participant participant = participant(command.participant());
    command.result().complete(moderation.permit(participant, command.permissions(), nowNanos));
  }

  private void send(RoomCommand.Send command) {
    ParticipantId from = command.message().from();
    if (command.to() != null) {
      RelayEnd home = participant(command.to()).home();
      if (home != null) {
        home.send(new RelayMessage.Sent(command.to(), command.message()));
      }
      deliver(command.to(), command.message());
      command.result().complete(1);
      return;
    }
    relays.tellAll(new RelayMessage.Sent(null, command.message()));
    deliver(null, command.message());
    boolean isSenderHere = from != null && participants.containsKey(from);
    command.result().complete(participants.size() - (isSenderHere ? 1 : 0));
  }

  /// @param to null: everybody here but the sender
  private void deliver(@Nullable ParticipantId to, RoomEvent.MessageReceived message) {
    if (to == null) {
      tellOthers(message.from() == null ? null : participants.get(message.from()), message);
    } else if (participants.containsKey(to)) {
      participant(to).tell(message);
    }
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
    if (!relays.isBranch() && !relays.isEmpty()) {
      relays.tellAll(new RelayMessage.Observed(now, taps.codecs()));
    }
    if (!now.equals(observationTold)) {
      observationTold = now;
      tellOthers(null, new RoomEvent.ObservationChanged(now));
    }
  }

  private void leave(ParticipantId who, LeaveReason reason, long nowNanos) {
    Participant participant = participants.get(who);
    if (participant != null && !relays.isBranch()) {
      RelayEnd home = participant.home();
      if (home != null) {
        home.send(new RelayMessage.Dismissed(who, reason));
      }
      leave(who, reason, home, nowNanos);
    } else if (participant != null) {
      relays.tell(participant, new RelayMessage.Left(who, reason, participant.admission()));
      leave(who, reason, null, nowNanos);
    }
  }

  /// @param toldBy the part of the room that knows already; null: this one
  private void leave(
      ParticipantId who, LeaveReason reason, @Nullable RelayEnd toldBy, long nowNanos) {
    Participant participant = participants.remove(who);
    listInOrder();
    if (participant == null) {
      return;
    }
    if (participants.isEmpty()) {
      closeAtNanos = nowNanos + settings.emptyNanos();
    }
    moderation.silences().left(who);
    var faults = new Faults();
    if (!relays.isBranch()) {
      hidden -= participant.hidden() ? 1 : 0;
      if (!participant.hidden()) {
        relays.tell(toldBy, new RelayMessage.Left(who, reason, 0));
      }
    }
    relays.decodersChanged();
    if (!participant.hidden()) {
      faults.attempt(() -> tellOthers(participant, new RoomEvent.ParticipantLeft(who, reason)));
    }
    faults.attempt(() -> arrangeAll(nowNanos));
    faults.attempt(this::reviewCodecs); // who could not decode what an observer wants is gone
    ParticipantDetails details = Details.of(participant);
    dissolve(participant, faults);
    observeLeaving(details, reason, faults);
    faults.attempt(() -> participant.tell(new RoomEvent.Removed(reason)));
    faults.rethrow();
  }

  /// Ends tracks, slots and transport of a participant.
  private void dissolve(Participant participant, Faults faults) {
    RelayEnd home = participant.home();
    if (home != null) {
      participant.tracks().values().forEach(home::forget);
      participant.tracks().values().forEach(track -> faults.attempt(track::end));
      return;
    }
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

  private void removeWithoutMedia(long nowNanos) {
    for (Participant participant : withoutMedia) {
      Transport transport = participant.transport();
      if (participant.removeAtNanos == NanoTime.NEVER) {
        boolean isAbandoned = transport != null && transport.isAbandoned();
        participant.removeAtNanos = nowNanos + (isAbandoned ? 0 : CLOSED_GRACE_NANOS);
      }
      boolean isHere = participants.get(participant.id()) == participant;
      if (isHere && NanoTime.isDue(participant.removeAtNanos, nowNanos)) {
        leave(participant.id(), LeaveReason.MEDIA_LOST, nowNanos);
      }
    }
    withoutMedia.clear();
  }

  /// Viewers are looked at only if the loudest are others: a room costs each viewer the same, be it
  /// large or small.
  private void updateSpeakers(long nowNanos) {
    if (speakers.onTimeout(participants.values(), nowNanos)) {
      for (Participant viewer : participants.values()) {
        Seating.arrangeExtraAudio(viewer, speakers.loudest(), participants);
      }
    }
    if (!relays.isBranch() && !speakers.speaking().equals(speakersTold)) {
      tellSpeaking(speakers.speaking());
    }
  }

  private void tellSpeaking(List<ParticipantId> now) {
    if (!now.equals(speakersTold)) {
      speakersTold = now;
      if (!relays.isBranch()) {
        relays.tellAll(new RelayMessage.Speaking(now));
      }
      tellOthers(null, new RoomEvent.SpeakersChanged(now));
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
      if (publisher.isRemote()) {
        continue; // its own part does that
      }
      for (Track track : publisher.tracks().values()) {
        Codec present = track.codecs().getFirst();
        Codec chosen = CodecPolicy.choose(track.codecs(), present, publisher, audience);
        if (chosen != present && !chosen.equals(publisher.wanted().put(track.mid(), chosen))) {
          publisher.tell(new RoomEvent.PublishWanted(track.mid(), chosen.name()));
        }
      }
    }
  }

  /// Tells publishers which of their layers somebody needs.
  private void reviewLayers(long nowNanos) {
    for (Participant publisher : inOrder) {
      if (publisher.switchesLayers() && !publisher.isRemote() && !publisher.talksDirectly()) {
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
      if (!viewer.isRemote()) {
        arrange(viewer, nowNanos);
      }
    }
    taps.arrange(participants.values());
  }

  private void arrange(Participant viewer, long nowNanos) {
    Seating.arrange(viewer, participants);
    Seating.arrangeExtraAudio(viewer, speakers.loudest(), participants);
    share(viewer, nowNanos);
  }

  private void share(Participant viewer, long nowNanos) {
    if (viewer.shares().allocate(speakersTold, load, nowNanos)) {
      Seating.tellLayers(viewer);
    }
    viewer.playoutDelay().review(viewer);
  }

  /// For a client that was away, and may have missed what no snapshot has.
  private void returned(RoomCommand.Snapshot command) {
    Participant participant = participant(command.participant());
    participant.tracks().values().forEach(Track::repeatLayers);
    participant.ratings().repeat();
    participant.playoutDelay().repeat(participant);
    if (loadTold) {
      participant.tell(new RoomEvent.LoadChanged(noticed(load)));
    }
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
      if (!relays.isBranch()) {
        relays.tellAll(new RelayMessage.HiddenCounted(hidden));
      }
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
