package org.plenum.sfu.worker;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunQuery;
import org.plenum.ice.agent.StunServer;
import org.plenum.ice.candidate.Candidate;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.MediaPortCounters;
import org.plenum.ice.port.ReceiveBatch;
import org.plenum.ice.turn.OwnAddresses;
import org.plenum.ice.turn.TurnSecret;
import org.plenum.ice.turn.TurnServer;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.LoadStep;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SfuConfig;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.SfuHistogram;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.counters.WorkerCounters.Gauge;
import org.plenum.sfu.dtls.DtlsServer;
import org.plenum.sfu.relay.Lines;
import org.plenum.sfu.relay.RelayEnd;
import org.plenum.sfu.relay.RelayMessage;
import org.plenum.sfu.room.Negotiation;
import org.plenum.sfu.room.Room;
import org.plenum.sfu.room.RoomCommand;
import org.plenum.sfu.srtp.SrtpFactory;
import org.plenum.sfu.transport.Egress;
import org.plenum.sfu.transport.Transport;
import org.plenum.sfu.transport.TransportContext;
import org.plenum.sfu.transport.TransportEvent;
import org.plenum.sfu.transport.WallClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// One thread, one port, one loop: everything that its rooms, transports and tracks do happens
/// here. A turn reads all commands and datagrams that are ready (in phase), then sends, one
/// receiver after the other (out phase).
public final class Worker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /// How long a closing worker waits for DTLS sessions to say so to their peers.
  private static final long GOODBYE_NANOS = 200_000_000L;

  private static final long IDLE_NANOS = 1_000_000_000L;

  /// Over how long it is found out whether there is much to do.
  private static final long LOAD_NANOS = 1_000_000_000L;

  /// Working for so much of the time, it takes no more people of rooms that can go elsewhere.
  private static final double BUSY = 0.7;

  /// Reads in a turn before sending, so that a flood cannot keep the out phase waiting.
  private static final int READS_PER_TURN = 4;

  /// NATs keep a mapping for 30 s after the last datagram out, or longer (RFC 4787 §4.3 wants 2
  /// minutes).
  private static final long KEEP_ALIVE_NANOS = 15_000_000_000L;

  private final MediaPort port;
  private final List<NetworkPath> stunServers;
  private final SecureRandom random = new SecureRandom();
  private final WorkerCounters counters = new WorkerCounters();
  private final Mailbox<WorkerCommand> mailbox;
  private final TransportContext context;
  private final @Nullable TurnServer turn;
  private final @Nullable LentRelays lent;
  private final Ingress ingress;
  private final Negotiation negotiation;
  private final List<WorkerRoom> rooms = new ArrayList<>();

  /// Those of [#rooms] that have parts on other workers.
  private final List<WorkerRoom> relayed = new ArrayList<>();

  private final int number;
  private final RelayEnd.Home relayHome;
  private final LoadWatch load;
  private final Thread thread;
  private final BiConsumer<Transport, RuntimeException> onFault = this::fail;
  private boolean stopped;
  private boolean faultLogged;
  private int goodbyes;
  private volatile boolean gone;
  private volatile List<Candidate> places;
  private volatile boolean busy;
  private boolean relayedWaits;
  private long nextKeepAliveNanos;
  private long loadSinceNanos;
  private long busyBefore;

  /// Takes over the port; [#start] begins the loop.
  ///
  /// @param bitrates what is taken of publishers at the most
  /// @param sheds whether it leaves something undone when it has too much to do
  public Worker(
      int number,
      WorkerNetwork network,
      DtlsServer dtls,
      SrtpFactory srtp,
      SfuConfig.Bitrates bitrates,
      boolean sheds) {
    this.number = number;
    this.load = new LoadWatch(counters, sheds);
    this.port = network.port();
    this.stunServers = network.mapping().servers();
    for (int i = 0; i < network.mapping().datagrams(); i++) {
      counters.count(IngressVerdict.BEFORE_START);
    }
    this.mailbox = new Mailbox<>(Mailbox.CAPACITY, port::wakeUp);
    Instant wall = Instant.now();
    long epochNanos = wall.getEpochSecond() * 1_000_000_000L + wall.getNano();
    this.turn = turnServer(network);
    this.lent = turn == null ? null : new LentRelays(turn);
    this.places = List.copyOf(network.candidates());
    var wallClock = new WallClock(epochNanos, System.nanoTime());
    var egress = new Egress(port, counters, turn);
    var lines = new Lines(egress, srtp);
    this.relayHome = new RelayEnd.Home(counters, wallClock, lines);
    this.context =
        new TransportContext(egress, counters, dtls, srtp, this::post, wallClock, random);
    StunServer stunServer =
        network.stunServer()
            ? new StunServer(random.nextLong(), System.nanoTime(), context.credit())
            : null;
    this.ingress =
        new Ingress(port, context, stunServer, turn, lines, counters, onFault, this::failed);
    this.negotiation =
        new Negotiation(
            context, dtls.certificate().fingerprint(), network.candidates(), bitrates, counters);
    this.thread = Thread.ofPlatform().name("plenum-worker-" + number).unstarted(this::run);
  }

  private @Nullable TurnServer turnServer(WorkerNetwork network) {
    TurnSecret secret = network.turn();
    return secret == null
        ? null
        : new TurnServer(
            secret,
            ownAddresses(network.candidates()),
            port,
            network.relayPorts(),
            random.nextLong(),
            System.nanoTime(),
            Instant.now().getEpochSecond());
  }

  private static OwnAddresses ownAddresses(List<Candidate> candidates) {
    return new OwnAddresses(
        candidates.stream()
            .filter(each -> each.transport() == Candidate.Transport.UDP)
            .map(each -> new InetSocketAddress(each.address(), each.port()))
            .toList());
  }

  public void start() {
    thread.start();
  }

  public int port() {
    return port.port();
  }

  /// Whether its loop has ended, by order or by a fault.
  public boolean isGone() {
    return gone;
  }

  /// Where it is reached, best first. Any thread.
  List<Candidate> places() {
    return places;
  }

  /// Lets somebody who is in no room have relays for half a minute. Any thread.
  ///
  /// @param identity of nobody else, now or later
  /// @return where clients reach this worker, best first; empty if it gives no relays
  List<Candidate> lendRelay(String identity) {
    return turn != null && !gone && mailbox.offer(new WorkerCommand.LendRelay(identity))
        ? places
        : List.of();
  }

  public WorkerCounters counters() {
    return counters;
  }

  public MediaPortCounters portCounters() {
    return port.counters();
  }

  /// Opens a room here. Any thread.
  ///
  /// @param observer called on this worker's thread
  WorkerRoom openRoom(RoomId id, RoomSettings settings, RoomObserver observer) {
    var handle = new WorkerRoom(id, this, observer);
    if (gone || !mailbox.offer(new WorkerCommand.OpenRoom(handle, id, settings, null))) {
      throw new RefusedException(
          RefusedException.Reason.OVERLOADED, "the worker has too much to do");
    }
    return handle;
  }

  /// Opens a branch here of a room that another worker owns. Any thread.
  ///
  /// @return false if there is too much to do
  boolean openBranch(WorkerRoom handle, RoomSettings settings, RelayEnd toOwner) {
    return !gone
        && mailbox.offer(new WorkerCommand.OpenRoom(handle, handle.id(), settings, toOwner));
  }

  /// Counts from 0.
  int number() {
    return number;
  }

  /// Whether it works most of the time. Any thread.
  boolean isBusy() {
    return busy;
  }

  /// Whether it leaves that much undone, for it has too much to do. Any thread.
  boolean sheds(LoadStep step) {
    return counters.loadStep().includes(step);
  }

  /// How many there are here. Any thread.
  long participants() {
    return counters.value(Gauge.PARTICIPANTS);
  }

  /// Makes it look at what others handed over to it. Any thread.
  void wakeUp() {
    port.wakeUp();
  }

  /// Offers clients other candidates from now on; those who are connected stay so. Any thread.
  public void offer(List<Candidate> candidates) {
    places = List.copyOf(candidates);
    mailbox.add(new WorkerCommand.Offer(candidates));
  }

  /// Closes all rooms and the port, and waits for the thread to end. Any thread; idempotent.
  @Override
  public void close() {
    mailbox.add(new WorkerCommand.Stop());
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean offer(WorkerRoom room, RoomCommand command) {
    boolean accepted = !gone && mailbox.offer(new WorkerCommand.ForRoom(room, command));
    if (!accepted) {
      log.atWarn().addKeyValue("room", room.id()).log("refused a command: too much to do");
    }
    if (gone) {
      refuseLeft();
    }
    return accepted;
  }

  void add(WorkerRoom room, RoomCommand command) {
    mailbox.add(new WorkerCommand.ForRoom(room, command));
    if (gone) {
      refuseLeft();
    }
  }

  private void post(Transport transport, TransportEvent event) {
    // Bounded by the DTLS sessions, which wait for answers after each flight.
    mailbox.add(new WorkerCommand.ForTransport(transport, event));
  }

  private void run() {
    loadSinceNanos = System.nanoTime();
    nextKeepAliveNanos = loadSinceNanos + KEEP_ALIVE_NANOS;
    context.rounds().start(loadSinceNanos);
    try {
      while (!stopped) {
        turn();
      }
    } catch (RuntimeException | Error e) {
      log.error("worker stopped by a fault outside of any room", e);
      throw e;
    } finally {
      gone = true;
      try {
        closeAll();
      } finally {
        port.close();
      }
    }
  }

  private void turn() {
    boolean idle = rooms.isEmpty();
    port.await(idle ? IDLE_NANOS : nextTurnNanos() - System.nanoTime());
    long begun = System.nanoTime();
    obey(begun);
    // Read after the commands are done with, so that arrival times are true.
    long now = System.nanoTime();
    for (int i = 0; i < READS_PER_TURN; i++) {
      int count = port.receive();
      ingress.receive(port.received(), count, now);
      // While its first packet was handed to the slots, the rest of a picture has come: a viewer
      // who gets all of it in one message costs half as much as one who gets it in two.
      boolean more = count == ReceiveBatch.CAPACITY || count > 0 && context.schedule().awaitsRest();
      if (!more) {
        break;
      }
      now = System.nanoTime();
    }
    relay(now);
    if (context.rounds().isDue(now)) {
      long late = context.rounds().begin(begun, now);
      if (!idle) {
        counters.record(SfuHistogram.WORKER_LAG, late);
        load.late(late);
      }
      makeRound(now);
      noteLoad(now);
      shed(now);
    }
    for (int i = relayed.size() - 1; i >= 0; i--) {
      flush(relayed.get(i), now);
    }
    context.schedule().sendAll(now, onFault);
    counters.addBusy(System.nanoTime() - begun);
  }

  /// Takes over what other workers have for our parts of rooms.
  private void relay(long now) {
    relayedWaits = false;
    for (int i = relayed.size() - 1; i >= 0; i--) {
      Room room = relayed.get(i).room;
      if (room != null) {
        try {
          relayedWaits |= room.receiveRelayed(now);
        } catch (RuntimeException e) {
          fail(room, null, e);
        }
      }
    }
  }

  private void flush(WorkerRoom handle, long now) {
    Room room = handle.room;
    if (room != null) {
      try {
        room.flushRelayed(now);
      } catch (RuntimeException e) {
        fail(room, null, e);
      }
    }
  }

  private void noteLoad(long now) {
    long passed = now - loadSinceNanos;
    if (passed >= LOAD_NANOS) {
      long busyNow = counters.busyNanos();
      busy = busyNow - busyBefore > BUSY * passed;
      busyBefore = busyNow;
      loadSinceNanos = now;
    }
  }

  /// Leaves more or less undone than before, if that is needed.
  private void shed(long now) {
    if (!load.look(now)) {
      return;
    }
    log.atWarn()
        .addKeyValue("worker", number)
        .addKeyValue("step", load.step())
        .log("the worker's load: what is left undone has changed");
    for (WorkerRoom handle : List.copyOf(rooms)) {
      Room room = handle.room;
      if (room != null) {
        try {
          room.load(load.step(), now);
        } catch (RuntimeException e) {
          fail(room, null, e);
        }
      }
    }
  }

  /// When there is something to do, unless something comes in before.
  private long nextTurnNanos() {
    return relayedWaits
        ? System.nanoTime()
        : NanoTime.earlier(context.rounds().nextNanos(), context.schedule().nextNanos());
  }

  private void obey(long now) {
    for (int i = 0; i < Mailbox.CAPACITY; i++) {
      WorkerCommand command = mailbox.poll();
      if (command == null) {
        return;
      }
      context.rounds().hurry();
      switch (command) {
        case WorkerCommand.OpenRoom open -> open(open, now);
        case WorkerCommand.ForRoom(var handle, var what) -> handle(handle, what, now);
        case WorkerCommand.ForTransport(var transport, var event) -> handle(transport, event);
        case WorkerCommand.Offer(var candidates) -> offerNow(candidates);
        case WorkerCommand.LendRelay(var identity) -> {
          if (lent != null) {
            lent.lend(identity, now);
          }
        }
        case WorkerCommand.Stop _ -> stopped = true;
      }
    }
  }

  private void offerNow(List<Candidate> candidates) {
    negotiation.offer(candidates);
    if (turn != null) {
      turn.own(ownAddresses(candidates));
    }
  }

  private void open(WorkerCommand.OpenRoom command, long now) {
    WorkerRoom handle = command.handle();
    handle.room =
        new Room(
            command.id(),
            command.settings(),
            negotiation,
            counters,
            _ -> {
              rooms.remove(handle);
              relayed.remove(handle);
              handle.markClosed();
            },
            handle.observer,
            command.toOwner(),
            now);
    handle.room.load(load.step(), now);
    rooms.add(handle);
    if (command.toOwner() != null) {
      if (command.toOwner().settle(relayHome)) {
        relayed.add(handle);
      } else {
        close(handle.room);
      }
    }
  }

  private void handle(WorkerRoom handle, RoomCommand command, long now) {
    Room room = handle.room;
    if (room == null) {
      throw new IllegalStateException("command before the room was opened");
    }
    try {
      if (command instanceof RoomCommand.Attach(var branch) && !room.isClosed()) {
        if (!branch.settle(relayHome)) {
          return;
        }
        if (!relayed.contains(handle)) {
          relayed.add(handle);
        }
      }
      room.handle(command, now);
    } catch (RuntimeException e) {
      command.waiting().forEach(future -> future.completeExceptionally(e));
      fail(room, command.participant(), e);
    }
  }

  private void handle(Transport transport, TransportEvent event) {
    try {
      transport.onEvent(event);
    } catch (RuntimeException e) {
      fail(transport, e);
    }
  }

  /// Keeps what a NAT maps our port to.
  private void keepMappingAlive(long now) {
    if (!stunServers.isEmpty() && NanoTime.isDue(nextKeepAliveNanos, now)) {
      nextKeepAliveNanos = now + KEEP_ALIVE_NANOS;
      stunServers.forEach(to -> context.egress().send(StunQuery.keepAlive(random), to));
    }
  }

  private void makeRound(long now) {
    keepMappingAlive(now);
    port.onTimeout(now);
    if (lent != null) {
      lent.onTimeout(now);
    }
    if (turn != null) {
      turn.onTimeout(now, System.currentTimeMillis() / 1_000);
      counters.add(Gauge.TURN_RELAYS, turn.allocations() - counters.value(Gauge.TURN_RELAYS));
    }
    for (WorkerRoom handle : List.copyOf(rooms)) {
      Room room = handle.room;
      if (room != null) {
        try {
          room.onTimeout(now);
          if (room.isUrgent()) {
            context.rounds().hurry();
          }
        } catch (RuntimeException e) {
          fail(room, null, e);
        }
      }
    }
    if (!relayed.isEmpty()) {
      context.rounds().hurry();
    }
  }

  private void fail(Transport transport, RuntimeException fault) {
    for (WorkerRoom handle : List.copyOf(rooms)) {
      Room room = handle.room;
      ParticipantId participant = room == null ? null : room.participantOf(transport);
      if (room != null && participant != null) {
        fail(room, participant, fault);
        return;
      }
    }
    log.error("a fault of our own in a transport that has no room", fault);
  }

  /// Our own bug in what is of no room: costs the datagram. Logged with its place once, for
  /// somebody may make it happen with each.
  private void failed(RuntimeException fault) {
    if (!faultLogged) {
      faultLogged = true;
      log.error(
          "a fault of our own with a datagram of no room; further ones are counted only", fault);
    }
  }

  /// Our own bug: closes the room it happened in, and keeps the others.
  ///
  /// @param participant whom it was about, or null
  private void fail(Room room, @Nullable ParticipantId participant, RuntimeException fault) {
    logFault(room, participant, fault).log("the room is closed because of a fault of our own");
    counters.add(SfuCounter.ROOMS_FAILED, 1);
    close(room);
  }

  private static void close(Room room) {
    try {
      room.close();
    } catch (RuntimeException e) {
      logFault(room, null, e).log("the room could not be closed cleanly");
    }
  }

  private static LoggingEventBuilder logFault(
      Room room, @Nullable ParticipantId participant, RuntimeException fault) {
    LoggingEventBuilder line = log.atError().addKeyValue("room", room.id()).setCause(fault);
    return participant == null ? line : line.addKeyValue("participant", participant);
  }

  private void closeAll() {
    goodbyes = context.registry().count();
    for (WorkerRoom handle : List.copyOf(rooms)) {
      Room room = handle.room;
      if (room != null) {
        close(room);
      }
    }
    sayGoodbye();
    refuseLeft();
  }

  /// Lets the DTLS sessions' last words go out, which their threads are saying now.
  private void sayGoodbye() {
    long until = System.nanoTime() + GOODBYE_NANOS;
    while (goodbyes > 0 && !NanoTime.isDue(until, System.nanoTime())) {
      WorkerCommand command = mailbox.poll();
      if (command instanceof WorkerCommand.ForTransport(var transport, var event)) {
        handle(transport, event);
        goodbyes -= event instanceof TransportEvent.DtlsClosed ? 1 : 0;
      } else if (command != null) {
        refuse(command);
      } else {
        port.await(GOODBYE_NANOS / 20);
      }
    }
    context.schedule().sendAll(System.nanoTime(), onFault);
  }

  /// Whoever still waits for an answer gets one. Any thread, once the worker is gone.
  private void refuseLeft() {
    for (WorkerCommand left = mailbox.poll(); left != null; left = mailbox.poll()) {
      refuse(left);
    }
  }

  private static void refuse(WorkerCommand command) {
    if (command instanceof WorkerCommand.OpenRoom open) {
      if (open.toOwner() != null) {
        open.toOwner().send(new RelayMessage.Closed());
      }
      open.handle().markClosed();
    } else if (command instanceof WorkerCommand.ForRoom(_, var what)) {
      var reason =
          new RefusedException(RefusedException.Reason.ROOM_CLOSED, "the server is closing");
      what.waiting().forEach(future -> future.completeExceptionally(reason));
    }
  }
}
