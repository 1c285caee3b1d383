package org.plenum.sfu.worker;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.AddressText;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunQuery;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.ReceiveBatch;
import org.plenum.ice.port.SendBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks STUN servers what a NAT maps the workers' ports to: from these very ports, before the
/// workers take them over. All ports and servers at once, on the caller's thread.
public final class MappedAddresses {
  static final int TRIES = 3;
  private static final Logger log = LoggerFactory.getLogger(MappedAddresses.class);
  private static final long TRY_NANOS = 1_000_000_000L;

  private final List<Asked> asked = new ArrayList<>();
  private final SendBatch batch = new SendBatch();

  /// What was learnt about one port.
  ///
  /// @param addresses what it is mapped to, in the order of the servers; empty if nobody told
  /// @param servers the ways to those who told: a datagram now and then keeps the mapping open
  /// @param datagrams how many came meanwhile, answers included
  public record Mapping(
      List<InetSocketAddress> addresses, List<NetworkPath> servers, int datagrams) {
    /// Of a port that no server was asked about.
    public static final Mapping NONE = new Mapping(List.of(), List.of(), 0);

    public Mapping {
      addresses = List.copyOf(addresses);
      servers = List.copyOf(servers);
    }
  }

  private MappedAddresses() {}

  /// Asks about each port; takes three seconds at the most.
  ///
  /// @param servers HOST:PORT or [ADDRESS]:PORT
  /// @param bound the addresses the ports listen on; empty: all
  /// @return one for each port, in their order
  public static List<Mapping> find(
      List<MediaPort> ports,
      List<String> servers,
      List<InetAddress> bound,
      RandomGenerator random) {
    if (servers.isEmpty()) {
      return ports.stream().map(_ -> Mapping.NONE).toList();
    }
    var search = new MappedAddresses();
    List<NetworkPath> paths = new ArrayList<>();
    for (String server : servers) {
      resolve(server).forEach(to -> paths.add(NetworkPath.to(to, localFor(to, bound))));
    }
    ports.forEach(port -> search.asked.add(new Asked(port, paths, random)));
    for (int i = 0; i < TRIES && !search.isDone(); i++) {
      search.tryOnce();
    }
    return search.asked.stream().map(Asked::mapping).toList();
  }

  private boolean isDone() {
    return asked.stream().allMatch(Asked::isDone);
  }

  private void tryOnce() {
    asked.forEach(one -> one.ask(batch));
    long until = NanoTime.after(System.nanoTime(), TRY_NANOS);
    for (Asked one : asked) {
      do {
        one.receive();
      } while (!one.isDone() && one.awaitUntil(until));
    }
  }

  /// The first address of each family.
  private static List<InetSocketAddress> resolve(String server) {
    int colon = server.lastIndexOf(':');
    String host = server.substring(0, colon);
    int port = Integer.parseInt(server.substring(colon + 1));
    List<InetSocketAddress> addresses = new ArrayList<>();
    try {
      Set<Boolean> families = new LinkedHashSet<>();
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (families.add(address instanceof Inet4Address)) {
          addresses.add(new InetSocketAddress(address, port));
        }
      }
    } catch (UnknownHostException e) {
      log.warn("media.stun-mapping: the name {} is not known", host);
    }
    return addresses;
  }

  /// Which of our addresses the system would send from, so that every kind of port does the same.
  private static @Nullable InetAddress localFor(InetSocketAddress to, List<InetAddress> bound) {
    try (DatagramSocket probe = new DatagramSocket()) {
      probe.connect(to);
      InetAddress local = probe.getLocalAddress();
      boolean listening =
          bound.isEmpty()
              || bound.contains(local)
              || bound.stream().anyMatch(InetAddress::isAnyLocalAddress);
      return local.isAnyLocalAddress() || !listening ? null : local;
    } catch (SocketException | java.io.UncheckedIOException e) {
      return null; // no way there: the port will find out itself
    }
  }

  /// One port and what it asks.
  private static final class Asked {
    private final MediaPort port;
    private final List<NetworkPath> paths;
    private final List<StunQuery> queries;
    private final @Nullable InetSocketAddress[] answers;
    private int datagrams;

    Asked(MediaPort port, List<NetworkPath> paths, RandomGenerator random) {
      this.port = port;
      this.paths = paths;
      queries = paths.stream().map(_ -> new StunQuery(random)).toList();
      answers = new @Nullable InetSocketAddress[paths.size()];
    }

    boolean isDone() {
      for (InetSocketAddress answer : answers) {
        if (answer == null) {
          return false;
        }
      }
      return true;
    }

    void ask(SendBatch batch) {
      for (int i = 0; i < answers.length; i++) {
        if (answers[i] == null) {
          byte[] request = queries.get(i).request();
          MemorySegment.copy(
              request, 0, batch.slab(), ValueLayout.JAVA_BYTE, batch.nextOffset(), request.length);
          batch.commit(request.length, paths.get(i), 0);
          port.flush(batch);
          batch.clear();
        }
      }
    }

    /// Returns false if the time is over.
    boolean awaitUntil(long untilNanos) {
      long left = untilNanos - System.nanoTime();
      port.await(left);
      return left > 0;
    }

    void receive() {
      for (int count = port.receive(); count > 0; count = port.receive()) {
        datagrams += count;
        ReceiveBatch received = port.received();
        for (int i = 0; i < count; i++) {
          onDatagram(received.slab(), received.offset(i), received.length(i));
        }
      }
    }

    private void onDatagram(MemorySegment slab, long offset, int length) {
      for (int i = 0; i < answers.length; i++) {
        if (answers[i] == null) {
          answers[i] = queries.get(i).mappedAddress(slab, offset, length);
        }
      }
    }

    Mapping mapping() {
      Set<InetSocketAddress> addresses = new LinkedHashSet<>();
      List<NetworkPath> servers = new ArrayList<>();
      for (int i = 0; i < answers.length; i++) {
        InetSocketAddress answer = answers[i];
        if (answer == null) {
          log.warn(
              "UDP port {}: STUN server {} does not answer",
              port.port(),
              AddressText.of(paths.get(i).remote()));
        } else {
          addresses.add(answer);
          servers.add(paths.get(i));
          log.info("UDP port {} is mapped to {}", port.port(), AddressText.of(answer));
        }
      }
      return new Mapping(List.copyOf(addresses), servers, datagrams);
    }
  }
}
