package org.plenum.sfu.room;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomListener;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.SeatParameters;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.SfuConfig;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.SlotParameters;
import org.plenum.sfu.TrackInfo;
import org.plenum.sfu.TrackParameters;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.dtls.DtlsCertificate;
import org.plenum.sfu.dtls.DtlsServer;
import org.plenum.sfu.receive.PacketRing;
import org.plenum.sfu.relay.RelayEnd;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.srtp.SrtpFactory;
import org.plenum.sfu.transport.Egress;
import org.plenum.sfu.transport.TransportContext;
import org.plenum.sfu.transport.WallClock;

/// A room on virtual time, with commands as calls and events in lists.
final class RoomDriver {
  static final long SECOND = 1_000_000_000L;
  static final Mid CAMERA_MID = new Mid("t" + TrackSource.CAMERA.ordinal());

  /// The video slot of seat 0.
  static final Mid SEAT_VIDEO = new Mid("v0");

  private static final DtlsCertificate CERTIFICATE = DtlsCertificate.generate();
  private static final SrtpFactory SRTP = SrtpFactory.selfTested();

  final WorkerCounters counters = new WorkerCounters();
  final Room room;
  final List<Room> closed = new ArrayList<>();

  /// What the room's observer heard, in words.
  final List<String> observed = new ArrayList<>();

  private final ArrayDeque<RoomCommand> mail = new ArrayDeque<>();
  private final List<RoomDriver> branches = new ArrayList<>();
  private @Nullable RelayEnd ownersEnd;
  private final Map<String, List<RoomEvent>> events = new HashMap<>();
  private final Map<String, IceCredentials> credentials = new HashMap<>();

  /// Near the wrap-around of the clock.
  private long now = Long.MAX_VALUE - 5 * SECOND;

  private final RoomObserver observer =
      new RoomObserver() {
        @Override
        public void onClosed(RoomId id) {
          throw new AssertionError("the room's worker says that");
        }

        @Override
        public void onJoined(RoomId id, ParticipantDetails participant) {
          observed.add("joined " + participant.id());
        }

        @Override
        public void onLeft(RoomId id, ParticipantDetails participant, LeaveReason reason) {
          observed.add("left " + participant.id() + " " + reason);
        }

        @Override
        public void onPublished(RoomId id, ParticipantDetails publisher, TrackInfo track) {
          observed.add("published " + publisher.id() + " " + track.source());
        }

        @Override
        public void onUnpublished(RoomId id, ParticipantDetails publisher, TrackInfo track) {
          observed.add("unpublished " + publisher.id() + " " + track.source());
        }
      };

  RoomDriver(RoomSettings settings) {
    this(settings, null);
  }

  /// A branch of another one's room.
  RoomDriver branch() {
    var ends = new RelayEnd[2];
    var made = new RoomDriver[1];
    var down = new PacketRing();
    var up = new PacketRing();
    ends[0] =
        new RelayEnd(
            down, up, m -> made[0].mail.add(new RoomCommand.Relayed(ends[1], m)), () -> {});
    ends[1] = new RelayEnd(up, down, m -> mail.add(new RoomCommand.Relayed(ends[0], m)), () -> {});
    var branch = new RoomDriver(RoomSettings.DEFAULT, ends[1]);
    made[0] = branch;
    branch.ownersEnd = ends[0];
    for (RoomDriver each : List.of(this, branch)) {
      RelayEnd end = each == this ? ends[0] : ends[1];
      end.settle(new RelayEnd.Home(each.counters, new WallClock(0, now)));
    }
    branches.add(branch);
    room.handle(new RoomCommand.Attach(ends[0]), now);
    return branch;
  }

  /// Lets somebody join who is at home in a branch.
  void join(RoomDriver home, String name) {
    join(home, new JoinRequest(id(name), name, false, null));
  }

  /// Lets somebody join so who is at home in a branch.
  void join(RoomDriver home, JoinRequest request) {
    List<RoomEvent> told = new ArrayList<>();
    home.events.put(request.id().value(), told);
    var result = new CompletableFuture<RoomSnapshot>();
    room.handle(new RoomCommand.Join(request, told::add, result, home.ownersEnd), now);
    passWithBranches(SECOND / 50);
    result(result);
  }

  /// Lets time pass here and in the branches, and delivers what they tell each other.
  void passWithBranches(long nanos) {
    for (long passed = 0; passed < nanos; passed += SECOND / 50) {
      pass(SECOND / 50);
      branches.forEach(branch -> branch.pass(SECOND / 50));
      boolean again = true;
      while (again) {
        again = obey();
        for (RoomDriver branch : branches) {
          again |= branch.obey();
        }
      }
    }
  }

  private boolean obey() {
    boolean obeyed = !mail.isEmpty();
    while (!mail.isEmpty()) {
      room.handle(mail.remove(), now);
    }
    return obeyed;
  }

  private RoomDriver(RoomSettings settings, @Nullable RelayEnd toOwner) {
    var context =
        new TransportContext(
            new Egress(new SilentPort(), counters),
            counters,
            new DtlsServer(CERTIFICATE),
            SRTP,
            (_, _) -> {},
            new WallClock(0, now),
            new Random(7));
    var negotiation =
        new Negotiation(
            context, CERTIFICATE.fingerprint(), List.of(), SfuConfig.Bitrates.DEFAULT, counters);
    room =
        new Room(
            new RoomId("r"), settings, negotiation, counters, closed::add, observer, toOwner, now);
  }

  static ParticipantId id(String name) {
    return new ParticipantId(name);
  }

  RoomSnapshot join(String name) {
    return join(new JoinRequest(id(name), name, false, null));
  }

  RoomSnapshot join(JoinRequest request) {
    List<RoomEvent> told = new ArrayList<>();
    RoomSnapshot snapshot = join(request, told::add);
    events.put(request.id().value(), told);
    return snapshot;
  }

  RoomSnapshot join(JoinRequest request, RoomListener listener) {
    var result = new CompletableFuture<RoomSnapshot>();
    room.handle(new RoomCommand.Join(request, listener, result), now);
    return result(result);
  }

  /// Publishes from these sources and has seats 0 to `seats` - 1 and `extra` further audio slots.
  <T> T ask(Function<CompletableFuture<T>, RoomCommand> question) {
    var result = new CompletableFuture<T>();
    room.handle(question.apply(result), now);
    return result(result);
  }

  TransportAnswer negotiate(String name, int seats, int extra, TrackSource... sources) {
    return negotiate(name, offer(name, seats, extra, sources));
  }

  /// Receives in audio sections a0, a1, … and video sections v0, v1, …; the k-th of each are seat
  /// k.
  TransportAnswer receive(String name, int audio, int video) {
    List<SlotParameters> slots = new ArrayList<>();
    List<SeatParameters> places = new ArrayList<>();
    for (int i = 0; i < Math.max(audio, video); i++) {
      if (i < audio) {
        slots.add(slot("a" + i, MediaKind.AUDIO));
      }
      if (i < video) {
        slots.add(slot("v" + i, MediaKind.VIDEO));
      }
      places.add(
          new SeatParameters(
              i, i < audio ? new Mid("a" + i) : null, i < video ? new Mid("v" + i) : null));
    }
    return negotiate(name, offer(name, List.of(), slots, places));
  }

  TransportAnswer restartIce(String name, IceCredentials remote) {
    var result = new CompletableFuture<TransportAnswer>();
    room.handle(new RoomCommand.RestartIce(id(name), remote, result), now);
    return result(result);
  }

  TransportAnswer negotiate(String name, TransportOffer offer) {
    var result = new CompletableFuture<TransportAnswer>();
    room.handle(new RoomCommand.Negotiate(id(name), offer, result), now);
    return result(result);
  }

  TransportOffer offer(String name, int seats, int extra, TrackSource... sources) {
    List<TrackParameters> tracks = new ArrayList<>();
    for (TrackSource source : sources) {
      var mid = new Mid("t" + source.ordinal());
      tracks.add(
          new TrackParameters(
              mid, source, List.of(codec(source.kind())), List.of(), List.of(), false));
    }
    List<SlotParameters> slots = new ArrayList<>();
    List<SeatParameters> places = new ArrayList<>();
    for (int i = 0; i < seats; i++) {
      slots.add(slot("a" + i, MediaKind.AUDIO));
      slots.add(slot("v" + i, MediaKind.VIDEO));
      places.add(new SeatParameters(i, new Mid("a" + i), new Mid("v" + i)));
    }
    for (int i = 0; i < extra; i++) {
      slots.add(slot("x" + i, MediaKind.AUDIO));
    }
    return offer(name, tracks, slots, places);
  }

  /// Publishes a camera in these codecs, and receives nothing.
  TransportOffer publishing(String name, List<Codec> codecs) {
    var camera =
        new TrackParameters(CAMERA_MID, TrackSource.CAMERA, codecs, List.of(), List.of(), false);
    return offer(name, List.of(camera), List.of(), List.of());
  }

  /// Receives in one seat, whose picture may come in these codecs.
  TransportOffer viewing(String name, List<Codec> codecs) {
    return offer(
        name,
        List.of(),
        List.of(
            slot("a0", MediaKind.AUDIO), new SlotParameters(SEAT_VIDEO, MediaKind.VIDEO, codecs)),
        List.of(new SeatParameters(0, new Mid("a0"), SEAT_VIDEO)));
  }

  private TransportOffer offer(
      String name,
      List<TrackParameters> tracks,
      List<SlotParameters> slots,
      List<SeatParameters> seats) {
    return new TransportOffer(
        credentials.computeIfAbsent(name, _ -> IceCredentials.random()),
        List.of(CERTIFICATE.fingerprint()),
        HeaderExtensionMap.EMPTY,
        tracks,
        slots,
        seats);
  }

  static SlotParameters slot(String mid, MediaKind kind) {
    return new SlotParameters(new Mid(mid), kind, List.of(codec(kind)));
  }

  private static Codec codec(MediaKind kind) {
    return kind == MediaKind.AUDIO
        ? new Codec(CodecName.OPUS, 111, Codec.NO_RTX, Set.of(), Map.of())
        : new Codec(CodecName.VP8, 96, 97, Set.of(Codec.Feedback.PLI), Map.of());
  }

  void view(String viewer, SeatView... seats) {
    room.handle(new RoomCommand.View(id(viewer), List.of(seats)), now);
  }

  void mute(String publisher, TrackSource source, boolean muted) {
    var mid = new Mid("t" + source.ordinal());
    room.handle(new RoomCommand.Mute(id(publisher), mid, muted), now);
  }

  void rename(String name, String shown) {
    room.handle(new RoomCommand.Rename(id(name), shown), now);
  }

  void command(RoomCommand command) {
    room.handle(command, now);
  }

  void leave(String name) {
    room.handle(new RoomCommand.Leave(id(name), LeaveReason.LEFT), now);
  }

  RoomSnapshot snapshot(String name) {
    var result = new CompletableFuture<RoomSnapshot>();
    room.handle(new RoomCommand.Snapshot(id(name), result), now);
    return result(result);
  }

  /// Lets time pass in steps of 20 ms; each microphone named is that loud meanwhile, with a quieter
  /// moment in each tenth of a second as there is between syllables.
  ///
  /// @param levels -dBov by participant
  void pass(long nanos, Map<String, Integer> levels) {
    for (long passed = 0; passed < nanos; passed += SECOND / 50) {
      now += SECOND / 50;
      int syllables = now / (SECOND / 50) % 5 == 0 ? 25 : 0;
      levels.forEach(
          (name, level) -> {
            var microphone = room.participant(id(name)).track(TrackSource.MICROPHONE);
            if (microphone != null) {
              microphone.speech().onLevel(Math.min(126, level + syllables), now);
            }
          });
      room.onTimeout(now);
    }
  }

  void pass(long nanos) {
    pass(nanos, Map.of());
  }

  List<RoomEvent> events(String name) {
    return events.get(name);
  }

  /// The latest events of a kind that a participant was told, oldest first.
  <E extends RoomEvent> List<E> events(String name, Class<E> kind) {
    return events(name).stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /// Whom each bound slot carries: "a0=alice", in order of mids.
  List<String> bindings(String viewer) {
    return snapshot(viewer).slots().stream()
        .filter(slot -> slot.participant() != null)
        .map(slot -> slot.mid() + "=" + slot.participant())
        .sorted()
        .toList();
  }

  /// What the events said last about each slot, as [#bindings]; must agree with it.
  List<String> toldBindings(String viewer) {
    Map<Mid, SlotBinding> latest = new HashMap<>();
    events(viewer, RoomEvent.SlotBound.class)
        .forEach(event -> latest.put(event.binding().mid(), event.binding()));
    return latest.values().stream()
        .filter(slot -> slot.participant() != null)
        .map(slot -> slot.mid() + "=" + slot.participant())
        .sorted()
        .toList();
  }

  Map<WorkerCounters.Gauge, Long> gauges() {
    Map<WorkerCounters.Gauge, Long> values = new EnumMap<>(WorkerCounters.Gauge.class);
    for (WorkerCounters.Gauge gauge : WorkerCounters.Gauge.values()) {
      values.put(gauge, counters.value(gauge));
    }
    return values;
  }

  private static <T> T result(CompletableFuture<T> future) {
    if (!future.isDone()) {
      throw new AssertionError("a command was left waiting");
    }
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RefusedException refusal) {
        throw refusal;
      }
      throw e;
    }
  }
}
