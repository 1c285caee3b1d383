package org.plenum.sfu.testclient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.candidate.Candidate;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportState;
import org.plenum.sfu.embed.Sfu;
import org.plenum.sfu.embed.SfuCounters;

/// A room of a running SFU with its clients, all driven by the test's thread while it waits.
public final class Call implements AutoCloseable {
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final long PAUSE_MILLIS = 2;

  public final RoomHandle room;
  private final SfuCounters counters;
  private final List<SfuClient> clients = new ArrayList<>();
  private final Selector selector;

  public Call(Sfu sfu) {
    this(sfu, RoomSettings.DEFAULT);
  }

  public Call(Sfu sfu, RoomSettings settings) {
    this(sfu.openRoom(anyId(), settings, _ -> {}), sfu.counters());
  }

  /// @param counters of the SFU that has the room
  public Call(RoomHandle room, SfuCounters counters) {
    this.room = room;
    this.counters = counters;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RoomId anyId() {
    return new RoomId("r" + Long.toUnsignedString(ThreadLocalRandom.current().nextLong()));
  }

  /// Joins, negotiates and waits until media can flow.
  public SfuClient join(String name, ClientSetup setup) {
    SfuClient client = enter(name, setup);
    negotiate(client);
    await(
        name + " is connected",
        () -> client.hasKeys() && client.state() == TransportState.CONNECTED);
    return client;
  }

  /// Joins without a transport.
  public SfuClient enter(String name, ClientSetup setup) {
    var client = new SfuClient(name, setup, selector, name.hashCode());
    var request = new JoinRequest(new ParticipantId(name), name, false, null);
    get(room.join(request, client.events::add));
    clients.add(client);
    return client;
  }

  /// One offer and its answer.
  public void negotiate(SfuClient client) {
    TransportAnswer answer = get(room.negotiate(client.id, client.offer()));
    Candidate host =
        answer.candidates().stream()
            .filter(candidate -> candidate.transport() == Candidate.Transport.UDP)
            .findFirst()
            .orElseThrow();
    client.accept(answer, host.port());
  }

  /// Lets the call go on until something is the case.
  public void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (deadline - System.nanoTime() < 0) {
        throw new AssertionError("not in time: " + what + "\n" + state());
      }
      turn();
    }
  }

  /// Lets the call go on until a source has sent so many frames more.
  public void awaitFrames(MediaSource source, int more) {
    int enough = source.frames().size() + more;
    await(more + " frames sent", () -> source.frames().size() >= enough);
  }

  /// The result of a future that the SFU completes.
  public <T> T get(CompletableFuture<T> future) {
    await("an answer of the room", future::isDone);
    return future.join();
  }

  private void turn() {
    try {
      selector.select(PAUSE_MILLIS);
      selector.selectedKeys().clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long now = System.nanoTime();
    for (SfuClient client : clients) {
      client.turn(now);
    }
  }

  private String state() {
    var text = new StringBuilder();
    for (IngressVerdict verdict : IngressVerdict.values()) {
      append(text, verdict, counters.value(verdict));
    }
    for (EgressVerdict verdict : EgressVerdict.values()) {
      append(text, verdict, counters.value(verdict));
    }
    for (SfuCounter counter : SfuCounter.values()) {
      append(text, counter, counters.value(counter));
    }
    for (SfuClient client : clients) {
      text.append(client.id).append(": ").append(client.events).append('\n');
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Enum<?> what, long value) {
    if (value != 0) {
      text.append(what).append(' ').append(value).append('\n');
    }
  }

  /// The first event of a kind that a client was told, or null.
  public static <E extends RoomEvent> @Nullable E first(SfuClient client, Class<E> kind) {
    return client.events.stream().filter(kind::isInstance).map(kind::cast).findFirst().orElse(null);
  }

  @Override
  public void close() {
    room.close();
    clients.forEach(SfuClient::close);
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
