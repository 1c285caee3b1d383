package org.plenum.signaling.relay;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.plenum.signaling.protocol.IceServer;
import org.plenum.signaling.protocol.TurnServer;
import org.plenum.signaling.session.Timers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the TURN server of the settings for a relay once a minute at each of its URLs, so that an
/// operator learns before the clients do that it gives none: it is gone, its secret is another one,
/// its ports or its quota are used up.
public final class TurnProbe {
  private static final Logger LOG = LoggerFactory.getLogger(TurnProbe.class);
  private static final long PERIOD_NANOS = 60_000_000_000L;

  /// Counted by coturn as one of its users, and no participant's id.
  private static final String USER = "plenum-probe";

  private final LongAdder asked = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Set<String> failing = ConcurrentHashMap.newKeySet();

  /// From now on.
  public void watch(TurnServer server, Timers timers, InstantSource clock) {
    List<String> urls = server.urls().stream().filter(url -> TurnUrl.parse(url) != null).toList();
    // Not on the timers' thread: it blocks.
    Thread.ofVirtual()
        .name("turn-probe")
        .start(
            () -> {
              urls.forEach(url -> ask(url, server.issue(clock.instant(), USER)));
              timers.after(PERIOD_NANOS, () -> watch(server, timers, clock));
            });
  }

  /// How often it was asked.
  public long asked() {
    return asked.sum();
  }

  /// How often there was no relay.
  public long failed() {
    return failed.sum();
  }

  private void ask(String url, IceServer credential) {
    asked.increment();
    try {
      TurnClient.allocate(url, credential);
      if (failing.remove(url)) {
        LOG.info("{} gives relays again", url);
      }
    } catch (IOException e) {
      failed.increment();
      if (failing.add(url)) {
        LOG.warn("{} gives no relay: {}", url, e.getMessage());
      }
    }
  }
}
