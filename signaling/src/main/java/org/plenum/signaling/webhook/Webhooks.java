package org.plenum.signaling.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.RoomWatch;
import org.plenum.signaling.session.Timers;
import org.plenum.signaling.token.KeyRing;
import org.plenum.signaling.token.TokenMaker;

/// Journal, events and the deliveries to all receivers.
public final class Webhooks implements AutoCloseable {
  /// How often it is written down how far receivers have come; what was told since is told again
  /// after a crash.
  private static final long SAVE_NANOS = 10_000_000_000L;

  private final Journal journal;
  private final Events events;
  private final Cursors cursors;
  private final List<Delivery> deliveries;
  private final Timers timers;
  private volatile boolean closed;

  private Webhooks(
      ServerConfig config, KeyRing keys, WebhookSender sender, Timers timers, InstantSource clock) {
    this.timers = timers;
    this.journal = Journal.open(config.events().directory());
    this.cursors = new Cursors(config.events().directory());
    this.deliveries =
        config.events().webhooks().stream()
            .map(
                url ->
                    new Delivery(
                        url,
                        cursors.cursor(url, journal.newest()),
                        journal,
                        sender,
                        new TokenMaker(keys::first),
                        timers,
                        clock,
                        config.events()::tells))
            .toList();
    this.events = new Events(journal, clock, () -> deliveries.forEach(Delivery::wake));
  }

  /// Throws IllegalStateException with one sentence if the journal cannot be opened.
  ///
  /// @param keys of which the first signs
  public static Webhooks start(
      ServerConfig config, KeyRing keys, WebhookSender sender, Timers timers, InstantSource clock) {
    var webhooks = new Webhooks(config, keys, sender, timers, clock);
    webhooks.deliveries.forEach(Delivery::wake);
    timers.after(SAVE_NANOS, webhooks::save);
    return webhooks;
  }

  /// Sees every room.
  public RoomWatch watch() {
    return events;
  }

  /// See [Events#egress].
  public @Nullable BiConsumer<String, ObjectNode> egress(String sid) {
    return events.egress(sid);
  }

  public Journal journal() {
    return journal;
  }

  /// Events that did not get into the journal.
  public long dropped() {
    return events.dropped();
  }

  /// Events that are known but not on the disk.
  public int unwritten() {
    return journal.unwritten();
  }

  /// Of all receivers.
  public long sum(ToLongFunction<Delivery> counter) {
    return deliveries.stream().mapToLong(counter).sum();
  }

  @Override
  public void close() {
    closed = true;
    events.close();
    deliveries.forEach(Delivery::stop);
    cursors.save(deliveries);
    journal.close();
  }

  private void save() {
    if (closed) {
      return;
    }
    cursors.save(deliveries);
    timers.after(SAVE_NANOS, this::save);
  }
}
