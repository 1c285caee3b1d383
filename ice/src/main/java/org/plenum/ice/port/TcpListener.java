package org.plenum.ice.port;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.BindException;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunUsername;
import org.plenum.ice.port.MediaPortCounters.Counter;
import org.plenum.ice.tcp.Admission;
import org.plenum.ice.tcp.FrameBuffer;
import org.plenum.ice.tcp.FrameQueue;
import org.plenum.ice.tcp.Framing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The TCP port of all workers (ICE-TCP, passive: RFC 6544). A thread of its own accepts
/// connections, adopts those that somebody else accepted ([ByteStream]), and waits for the first
/// frame of each; the local ufrag in it tells which media port takes over, and of clients of the
/// TURN server ([TurnDoor]) the user name in the first message that has one. Media never passes
/// this thread.
public final class TcpListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TcpListener.class);

  private static final long IDLE_NANOS = 1_000_000_000L;

  /// How long nothing is accepted after the system ran out of descriptors.
  private static final long PAUSE_NANOS = 100_000_000L;

  /// How often a client of the TURN server may be asked who it is: browsers need it once.
  private static final int MAX_CHALLENGES = 2;

  /// Connections accepted in a row, before those that wait are looked at.
  private static final int ACCEPTS_PER_TURN = 64;

  private final MediaPortKind kind;
  private final TcpIo io;
  private final TcpPoller poller;
  private final int port;
  private final List<TcpServer> servers;
  private final MediaPortCounters counters = new MediaPortCounters();

  /// The ports that take connections over, by local ufrag: one entry for each transport; and by the
  /// name of a user of the TURN server: one for each participant.
  private final Map<String, TcpConnections> owners = new ConcurrentHashMap<>();

  private final @Nullable TurnDoor turn;
  private final Queue<ByteStream> adopted = new ConcurrentLinkedQueue<>();
  private final Admission<Waiting> admission = new Admission<>();
  private final List<@Nullable Waiting> table = new ArrayList<>();
  private final ArrayDeque<Integer> freePlaces = new ArrayDeque<>();
  private final Thread thread;
  private long acceptAgainNanos = NanoTime.NEVER; // NEVER: not paused
  private volatile boolean closed;

  /// A connection that waits for the frame that tells whose it is.
  private static final class Waiting {
    final TcpSocket socket;
    final FrameBuffer buffer;
    final int place;

    /// How often its client was asked who it is.
    int challenges;

    Waiting(TcpSocket socket, FrameBuffer buffer, int place) {
      this.socket = socket;
      this.buffer = buffer;
      this.place = place;
    }
  }

  private TcpListener(
      MediaPortKind kind, TcpIo io, int port, List<TcpServer> servers, @Nullable TurnDoor turn)
      throws IOException {
    this.kind = kind;
    this.turn = turn;
    this.io = io;
    this.poller = new StreamPoller(io.poller(), io::wakeUp);
    this.port = port;
    this.servers = List.copyOf(servers);
    for (int i = 0; i < servers.size(); i++) {
      poller.add(servers.get(i), tokenOfServer(i));
    }
    thread = Thread.ofPlatform().name("plenum-ice-tcp").daemon().unstarted(this::run);
    thread.start();
  }

  /// Opens the port.
  ///
  /// @param kind that of the media ports
  /// @param port 0 for any free one
  /// @param addresses as for [MediaPorts#open]
  /// @throws BindException if the port is in use or an address is not ours
  public static TcpListener open(MediaPortKind kind, int port, List<InetAddress> addresses)
      throws IOException {
    return open(kind, port, addresses, null);
  }

  /// Opens the port.
  ///
  /// @param kind that of the media ports
  /// @param port 0 for any free one
  /// @param addresses as for [MediaPorts#open]
  /// @param turn null: there is ICE-TCP only
  /// @throws BindException if the port is in use or an address is not ours
  public static TcpListener open(
      MediaPortKind kind, int port, List<InetAddress> addresses, @Nullable TurnDoor turn)
      throws IOException {
    MediaPortKind chosen = choose(kind);
    TcpIo io = newIo(chosen);
    List<InetAddress> locals = MediaPorts.withoutOverlap(addresses);
    int attempts = port == 0 ? MediaPorts.ANY_PORT_ATTEMPTS : 1;
    while (true) {
      List<TcpServer> servers = new ArrayList<>();
      try {
        listenOnAll(io, servers, port, locals);
        var listener = new TcpListener(chosen, io, servers.getFirst().port(), servers, turn);
        log.info("TCP port {}: ICE-TCP by {}", listener.port(), chosen);
        return listener;
      } catch (IOException | RuntimeException e) {
        servers.forEach(TcpServer::close);
        // A port that is free on the first address may be taken on the next one.
        boolean again = e instanceof BindException && !servers.isEmpty() && --attempts > 0;
        if (!again) {
          io.close();
          throw e;
        }
      }
    }
  }

  /// Opens nothing: all connections are adopted, from whoever has this port.
  ///
  /// @param kind that of the media ports
  /// @param turn null: there is ICE-TCP only
  public static TcpListener behind(MediaPortKind kind, int port, @Nullable TurnDoor turn)
      throws IOException {
    MediaPortKind chosen = choose(kind);
    return new TcpListener(chosen, newIo(chosen), port, List.of(), turn);
  }

  private static TcpIo newIo(MediaPortKind chosen) throws IOException {
    return chosen == MediaPortKind.LINUX ? new LinuxTcpIo() : new NioTcpIo();
  }

  private static MediaPortKind choose(MediaPortKind kind) throws IOException {
    if (kind == MediaPortKind.LINUX) {
      MediaPorts.requireLinux();
    }
    return kind == MediaPortKind.NIO || !LinuxCalls.areAvailable()
        ? MediaPortKind.NIO
        : MediaPortKind.LINUX;
  }

  private static void listenOnAll(
      TcpIo io, List<TcpServer> servers, int port, List<InetAddress> addresses) throws IOException {
    if (addresses.isEmpty()) {
      servers.add(io.listen(null, port));
    }
    int bound = port;
    for (InetAddress address : addresses) {
      TcpServer server = io.listen(address, bound);
      servers.add(server);
      bound = server.port();
    }
  }

  /// The bound TCP port number.
  public int port() {
    return port;
  }

  /// Takes a connection over as if it had been accepted here. Any thread.
  public void adopt(ByteStream stream) {
    adopted.add(stream);
    if (closed) {
      closeAdopted();
    } else {
      io.wakeUp();
    }
  }

  /// LINUX or NIO; ports that take its connections must be of the same kind.
  MediaPortKind kind() {
    return kind;
  }

  /// What happened to connections before they were handed over. Any thread.
  public MediaPortCounters counters() {
    return counters;
  }

  /// Connections that name this ufrag go there. Any thread.
  void expect(String ufrag, TcpConnections owner) {
    owners.put(ufrag, owner);
  }

  /// Any thread.
  void forget(String ufrag, TcpConnections owner) {
    owners.remove(ufrag, owner);
  }

  private void run() {
    try {
      while (!closed) {
        turn();
      }
    } catch (RuntimeException | Error e) {
      log.error("ICE-TCP stopped by a fault of our own", e);
    } finally {
      closeAll();
    }
  }

  private void turn() {
    long now = System.nanoTime();
    long next = NanoTime.earlier(admission.nextTimeoutNanos(), acceptAgainNanos);
    io.await(next == NanoTime.NEVER ? IDLE_NANOS : Math.clamp(next - now, 0, IDLE_NANOS));
    now = System.nanoTime();
    enterAdopted(now);
    int ready = poller.poll();
    for (int i = 0; i < ready; i++) {
      int token = poller.token(i);
      if (token < 0) {
        acceptFrom(servers.get(serverOf(token)), now);
      } else {
        Waiting waiting = token < table.size() ? table.get(token) : null;
        if (waiting != null) {
          read(waiting);
        }
      }
    }
    for (Waiting late = admission.expired(now); late != null; late = admission.expired(now)) {
      close(late, Counter.TCP_TIMED_OUT);
    }
    if (NanoTime.isDue(acceptAgainNanos, now)) {
      resume();
    }
  }

  private void enterAdopted(long now) {
    for (ByteStream next = adopted.poll(); next != null; next = adopted.poll()) {
      counters.add(Counter.TCP_ACCEPTED, 1);
      enter(next, next.newBuffer(), now);
    }
  }

  private void acceptFrom(TcpServer server, long now) {
    try {
      for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        TcpSocket socket = server.accept();
        if (socket == null) {
          return;
        }
        counters.add(Counter.TCP_ACCEPTED, 1);
        enter(socket, newBuffer(), now);
      }
    } catch (IOException e) {
      log.warn("TCP port {} accepts nothing for a moment: {}", port(), e.getMessage());
      servers.forEach(poller::remove);
      acceptAgainNanos = NanoTime.after(now, PAUSE_NANOS);
    }
  }

  private void resume() {
    acceptAgainNanos = NanoTime.NEVER;
    try {
      for (int i = 0; i < servers.size(); i++) {
        poller.add(servers.get(i), tokenOfServer(i));
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot accept connections any more", e);
    }
  }

  private FrameBuffer newBuffer() {
    return turn == null ? new FrameBuffer(Framing.RFC_4571) : new FrameBuffer();
  }

  private void enter(TcpSocket socket, FrameBuffer buffer, long now) {
    Integer free = freePlaces.poll();
    int place = free != null ? free : table.size();
    var waiting = new Waiting(socket, buffer, place);
    if (free == null) {
      table.add(waiting);
    } else {
      table.set(place, waiting);
    }
    if (!admission.admit(waiting, socket.remoteHigh, socket.remoteLow, now)) {
      close(waiting, Counter.TCP_REFUSED);
      return;
    }
    Waiting surplus = admission.surplus();
    if (surplus != null) {
      close(surplus, Counter.TCP_REFUSED);
    }
    try {
      poller.add(socket, place);
    } catch (IOException e) {
      admission.remove(waiting);
      close(waiting, Counter.TCP_REFUSED);
    }
  }

  private void read(Waiting waiting) {
    boolean ended = waiting.socket.read(waiting.buffer) == TcpSocket.ENDED;
    int length = waiting.buffer.next();
    while (length > 0) {
      if (!challenge(waiting, length)) {
        handOver(waiting, length);
        return;
      }
      waiting.buffer.take();
      length = waiting.buffer.next();
    }
    if (length == FrameBuffer.TOO_LONG) {
      admission.remove(waiting);
      close(waiting, Counter.TCP_UNKNOWN);
    } else if (ended) {
      admission.remove(waiting);
      close(waiting, Counter.TCP_ABANDONED);
    }
  }

  /// Asks a client of the TURN server who it is, if it has not said so.
  ///
  /// @return false if it has, or is none: the frame stays
  private boolean challenge(Waiting waiting, int length) {
    FrameBuffer buffer = waiting.buffer;
    if (turn == null
        || buffer.framing() != Framing.STUN
        || turn.user(buffer.bytes(), buffer.offset(), length) != null
        || waiting.challenges++ == MAX_CHALLENGES) {
      return false;
    }
    TcpSocket socket = waiting.socket;
    var path =
        new NetworkPath(
            socket.remoteHigh,
            socket.remoteLow,
            socket.remotePort,
            socket.localHigh,
            socket.localLow);
    byte[] answer =
        turn.challenge(buffer.bytes(), buffer.offset(), length, path, System.nanoTime());
    if (answer == null) {
      return false;
    }
    var out = new FrameQueue(Framing.STUN);
    out.append(MemorySegment.ofArray(answer), 0, answer.length);
    return socket.write(out) && out.isEmpty(); // the kernel has room for that, or it is no client
  }

  private @Nullable String nameIn(FrameBuffer buffer, int length) {
    if (buffer.framing() == Framing.RFC_4571) {
      return StunUsername.localUfrag(buffer.bytes(), buffer.offset(), length);
    }
    return turn == null ? null : turn.user(buffer.bytes(), buffer.offset(), length);
  }

  private void handOver(Waiting waiting, int length) {
    long deadlineNanos = admission.remove(waiting);
    String name = nameIn(waiting.buffer, length);
    TcpConnections owner = name == null ? null : owners.get(name);
    if (owner == null) {
      close(waiting, Counter.TCP_UNKNOWN);
      return;
    }
    poller.remove(waiting.socket);
    var connection = new TcpConnection(waiting.socket, waiting.buffer, deadlineNanos);
    if (owner.offer(connection)) {
      leave(waiting);
    } else {
      close(waiting, Counter.TCP_REFUSED);
    }
  }

  private void close(Waiting waiting, Counter why) {
    counters.add(why, 1);
    waiting.socket.close();
    leave(waiting);
  }

  private void leave(Waiting waiting) {
    table.set(waiting.place, null);
    freePlaces.add(waiting.place);
  }

  private static int tokenOfServer(int i) {
    return -1 - i;
  }

  private static int serverOf(int token) {
    return -1 - token;
  }

  private void closeAdopted() {
    for (ByteStream next = adopted.poll(); next != null; next = adopted.poll()) {
      next.close();
    }
  }

  private void closeAll() {
    closed = true;
    closeAdopted();
    servers.forEach(TcpServer::close);
    for (Waiting waiting : table) {
      if (waiting != null) {
        waiting.socket.close();
      }
    }
    io.close();
  }

  /// Closes the port and the connections that nobody has taken over. Any thread; idempotent.
  @Override
  public void close() {
    closed = true;
    io.wakeUp();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
