package org.plenum.sfu.simulation;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SfuConfig;
import org.plenum.sfu.TrackInfo;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.dtls.DtlsCertificate;
import org.plenum.sfu.dtls.DtlsServer;
import org.plenum.sfu.receive.PacketRing;
import org.plenum.sfu.relay.LineTerms;
import org.plenum.sfu.relay.Lines;
import org.plenum.sfu.relay.PacketLine;
import org.plenum.sfu.relay.RelayEnd;
import org.plenum.sfu.relay.RelayMessage;
import org.plenum.sfu.room.Negotiation;
import org.plenum.sfu.room.Room;
import org.plenum.sfu.room.RoomCommand;
import org.plenum.sfu.srtp.SrtpFactory;
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.transport.Egress;
import org.plenum.sfu.transport.TransportContext;
import org.plenum.sfu.transport.WallClock;

/// A room with all that is behind it, SRTP included, and clients behind simulated links, on virtual
/// time: everything of a worker but its sockets, its thread and its clock.
final class SimulatedCall implements AutoCloseable {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000_000_000L;
  static final DtlsCertificate CERTIFICATE = DtlsCertificate.generate();
  static final SrtpFactory SRTP = SrtpFactory.selfTested();

  /// As the worker's, unless it is short of CPU.
  private long tickMillis = 10;

  /// The clock wraps around in the course of a call.
  private static final long START = Long.MAX_VALUE - 7 * SECOND;

  final WorkerCounters counters = new WorkerCounters();
  final NetworkPort port = new NetworkPort();
  final TransportContext context;
  final Room room;
  final MemorySegment slab = Arena.ofAuto().allocate(4096, 64);
  private final List<SimulatedPeer> peers = new ArrayList<>();
  private final @Nullable SimulatedCall owner;
  private @Nullable RelayEnd ownersEnd;
  private final List<SimulatedCall> branches = new ArrayList<>();
  private final ArrayDeque<RoomCommand> mailbox = new ArrayDeque<>();

  /// What other nodes say and has not come yet, in order.
  private final ArrayDeque<Underway> fromNodes = new ArrayDeque<>();

  private final Lines lines;
  private final List<NetworkLink> fromLines = new ArrayList<>();
  private final int numbersFrom;

  /// What has come to a worker that does nothing at present, as its socket's buffer keeps it.
  private final ArrayDeque<Runnable> socket = new ArrayDeque<>();

  private record Underway(long atMillis, RoomCommand command) {}

  private Runnable beforePackets = () -> {};
  private boolean stalled;
  private long millis;

  /// Varies what publishers send.
  private final int seed;

  SimulatedCall() {
    this(RoomSettings.DEFAULT);
  }

  SimulatedCall(int seed) {
    this(RoomSettings.DEFAULT, seed);
  }

  int seed() {
    return seed;
  }

  SimulatedCall(RoomSettings settings) {
    this(settings, 0);
  }

  private SimulatedCall(RoomSettings settings, int seed) {
    this(settings, seed, null, null);
  }

  /// @param owner of whose room this is a branch, on a worker of its own; null: it is one's own
  private SimulatedCall(
      RoomSettings settings, int seed, @Nullable SimulatedCall owner, @Nullable RelayEnd toOwner) {
    this.seed = seed;
    this.owner = owner;
    this.millis = owner == null ? 0 : owner.millis;
    this.numbersFrom = owner == null ? 0 : 50 * (1 + owner.branches.size());
    context =
        new TransportContext(
            new Egress(port, counters),
            counters,
            new DtlsServer(CERTIFICATE),
            SRTP,
            (_, _) -> {},
            new WallClock(1_700_000_000 * SECOND, START),
            new Random(7));
    lines = new Lines(context.egress(), SRTP);
    if (toOwner != null) {
      toOwner.settle(home());
    }
    var negotiation =
        new Negotiation(
            context, CERTIFICATE.fingerprint(), List.of(), SfuConfig.Bitrates.DEFAULT, counters);
    room =
        new Room(new RoomId("r"), settings, negotiation, counters, _ -> {}, NOBODY, toOwner, now());
  }

  /// A branch of the room, on a worker of its own whose time passes with this one's.
  SimulatedCall branch() {
    return branch(new PacketRing(), new PacketRing());
  }

  SimulatedCall branch(PacketRing down, PacketRing up) {
    var ends = new RelayEnd[2];
    var made = new SimulatedCall[1];
    ends[0] = new RelayEnd(down, up, m -> made[0].post(ends[1], m), () -> {});
    ends[1] = new RelayEnd(up, down, m -> post(ends[0], m), () -> {});
    ends[0].settle(home());
    var branch = new SimulatedCall(RoomSettings.DEFAULT, seed, this, ends[1]);
    made[0] = branch;
    branch.ownersEnd = ends[0];
    branches.add(branch);
    room.handle(new RoomCommand.Attach(ends[0]), now());
    return branch;
  }

  /// A branch of the room on another node: packets cross by a [PacketLine] over these links, and
  /// what is said comes when the first packet of its time may.
  SimulatedCall branch(NetworkLink down, NetworkLink up) {
    var made = new SimulatedCall[1];
    var ends = new RelayEnd[2];
    int line = 2 * branches.size() + 2;
    var far = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), line);
    var near = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), line);
    Consumer<RelayMessage> toBranch = m -> made[0].say(ends[1], m, down);
    Consumer<RelayMessage> toOwner = m -> say(ends[0], m, up);
    ends[0] = end(new LineTerms(far, line, line + 1, lineKeys(2, 1)), toBranch);
    ends[1] = end(new LineTerms(near, line + 1, line, lineKeys(1, 2)), toOwner);
    ends[0].settle(home());
    var branch = new SimulatedCall(RoomSettings.DEFAULT, seed, this, ends[1]);
    made[0] = branch;
    branch.ownersEnd = ends[0];
    branches.add(branch);
    port.connect(NetworkPath.to(far, null), (Sent) down::send);
    branch.port.connect(NetworkPath.to(near, null), (Sent) up::send);
    branch.fromLines.add(down);
    fromLines.add(up);
    room.handle(new RoomCommand.Attach(ends[0]), now());
    return branch;
  }

  private static RelayEnd end(LineTerms terms, Consumer<RelayMessage> messages) {
    var out = new PacketRing();
    var in = new PacketRing();
    return new RelayEnd(out, in, messages, new PacketLine(terms, out, in, messages, UNWATCHED));
  }

  /// @param theirs of what the other end sends
  private static SrtpKeys lineKeys(int theirs, int mine) {
    return new SrtpKeys(
        LineTerms.PROFILE, bytes(16, theirs), bytes(12, theirs), bytes(16, mine), bytes(12, mine));
  }

  private static byte[] bytes(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private void say(RelayEnd to, RelayMessage message, NetworkLink by) {
    long millis = Math.max(by.delayNanos() / MILLI, 1);
    fromNodes.add(new Underway(top().millis + millis, new RoomCommand.Relayed(to, message)));
  }

  private SimulatedCall top() {
    return owner == null ? this : owner;
  }

  /// Something comes by a line, and goes where a worker would have it go.
  private void receiveByLine(byte[] datagram) {
    MemorySegment.copy(datagram, 0, slab, ValueLayout.JAVA_BYTE, 0, datagram.length);
    IngressVerdict verdict =
        lines.receive(slab, 0, datagram.length, SimulatedPeer.isRtcp(datagram), now());
    counters.count(verdict == null ? IngressVerdict.UNVALIDATED_PATH : verdict);
  }

  /// Time does not pass any more in a branch that has closed.
  void remove(SimulatedCall branch) {
    branches.remove(branch);
  }

  private RelayEnd.Home home() {
    return new RelayEnd.Home(counters, new WallClock(1_700_000_000 * SECOND, START), lines);
  }

  /// A message of another part lies in the mailbox.
  private void post(RelayEnd to, RelayMessage message) {
    mailbox.add(new RoomCommand.Relayed(to, message));
  }

  /// Carries out what lies in the mailboxes of all parts, what is on its way to them, and what
  /// comes of that.
  void deliver() {
    deliver(Long.MAX_VALUE);
  }

  private void deliver(long untilMillis) {
    SimulatedCall top = top();
    boolean again = true;
    while (again) {
      again = top.obey(untilMillis);
      for (SimulatedCall branch : top.branches) {
        again |= branch.obey(untilMillis);
      }
    }
  }

  private boolean obey(long untilMillis) {
    while (!fromNodes.isEmpty() && fromNodes.peek().atMillis <= untilMillis) {
      mailbox.add(fromNodes.remove().command);
    }
    boolean obeyed = !stalled && !mailbox.isEmpty();
    while (!stalled && !mailbox.isEmpty()) {
      room.handle(mailbox.remove(), now());
    }
    return obeyed;
  }

  /// Monotonic.
  long now() {
    return START + millis * MILLI;
  }

  /// Nanoseconds since the start of the call.
  long elapsed() {
    return millis * MILLI;
  }

  double seconds() {
    return millis / 1e3;
  }

  SimulatedPublisher publisher(String name) {
    var publisher = new SimulatedPublisher(this, name, numbersFrom + peers.size());
    peers.add(publisher);
    return publisher;
  }

  SimulatedViewer viewer(String name) {
    var viewer = new SimulatedViewer(this, name, numbersFrom + peers.size());
    peers.add(viewer);
    return viewer;
  }

  <T> T ask(Function<CompletableFuture<T>, RoomCommand> question) {
    var result = new CompletableFuture<T>();
    RoomCommand command = question.apply(result);
    if (owner != null && command instanceof RoomCommand.Join join) {
      // Everybody is let in by the owner.
      owner.room.handle(
          new RoomCommand.Join(join.request(), join.listener(), join.result(), ownersEnd), now());
    } else {
      room.handle(command, now());
    }
    deliver();
    if (!result.isDone()) {
      throw new AssertionError("a command was left waiting");
    }
    return result.join();
  }

  /// The worker looks at its timers so seldom.
  void tickMillis(long every) {
    tickMillis = every;
  }

  /// Lets time pass until so many seconds after the start.
  void runUntil(double seconds) {
    while (millis < seconds * 1e3) {
      step();
    }
  }

  /// Its worker does nothing, as if it had no CPU, or goes on. What comes meanwhile waits.
  void stalls(boolean yes) {
    stalled = yes;
  }

  boolean isStalled() {
    return stalled;
  }

  /// Something looks at the room each time before packets go through it.
  void beforePackets(Runnable look) {
    beforePackets = look;
  }

  private void step() {
    millis++;
    if (stalled) {
      idle();
    } else {
      work();
    }
    branches.forEach(SimulatedCall::step);
  }

  private void idle() {
    for (NetworkLink link : fromLines) {
      link.step(elapsed(), datagram -> socket.add(() -> receiveByLine(datagram)));
    }
    for (SimulatedPeer peer : peers) {
      peer.step();
      peer.up.step(elapsed(), datagram -> socket.add(() -> peer.deliver(datagram)));
      peer.down.step(elapsed(), peer::receive);
    }
  }

  private void work() {
    deliver(top().millis);
    beforePackets.run();
    for (NetworkLink link : fromLines) {
      link.step(elapsed(), this::receiveByLine);
    }
    room.receiveRelayed(now());
    while (!socket.isEmpty()) {
      socket.remove().run();
    }
    for (SimulatedPeer peer : peers) {
      peer.step();
      peer.up.step(elapsed(), peer::deliver);
    }
    if (millis % tickMillis == 0) {
      room.onTimeout(now());
    }
    room.flushRelayed(now());
    context.egress().flush();
    context
        .schedule()
        .sendAll(
            now(),
            (_, fault) -> {
              throw fault;
            });
    for (SimulatedPeer peer : peers) {
      peer.down.step(elapsed(), peer::receive);
    }
  }

  @Override
  public void close() {
    room.close();
    deliver();
  }

  /// The other end of a line.
  private interface Sent extends NetworkPort.End {
    @Override
    default void onBuilt(byte[] datagram) {}
  }

  private static final PacketLine.Watcher UNWATCHED =
      new PacketLine.Watcher() {
        @Override
        public void onHeard() {}

        @Override
        public void onSilent() {}
      };

  private static final RoomObserver NOBODY =
      new RoomObserver() {
        @Override
        public void onClosed(RoomId id) {}

        @Override
        public void onJoined(RoomId id, ParticipantDetails participant) {}

        @Override
        public void onLeft(RoomId id, ParticipantDetails participant, LeaveReason reason) {}

        @Override
        public void onPublished(RoomId id, ParticipantDetails publisher, TrackInfo track) {}

        @Override
        public void onUnpublished(RoomId id, ParticipantDetails publisher, TrackInfo track) {}
      };
}
