package org.plenum.signaling;

import org.plenum.signaling.config.InvalidConfigException;
import org.plenum.signaling.config.KeySource;
import org.plenum.signaling.session.Timers;
import org.plenum.signaling.token.KeyRing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the keys of tokens anew when a file that they come from changes. Keys that cannot be read,
/// as while they are being written, leave the old ones in force.
final class KeyWatch {
  private static final Logger LOG = LoggerFactory.getLogger(KeyWatch.class);

  /// How soon new keys are taken.
  static final long CHECK_NANOS = 10_000_000_000L;

  private final KeySource source;
  private final KeyRing ring;
  private final Timers timers;

  private KeyWatch(KeySource source, KeyRing ring, Timers timers) {
    this.source = source;
    this.ring = ring;
    this.timers = timers;
  }

  /// Looks from now on.
  static void start(KeySource source, KeyRing ring, Timers timers) {
    new KeyWatch(source, ring, timers).lookLater();
  }

  private void lookLater() {
    timers.after(CHECK_NANOS, this::look);
  }

  private void look() {
    if (source.hasChanged()) {
      try {
        ring.take(source.read());
      } catch (InvalidConfigException e) {
        LOG.warn("the changed auth.keys are not taken, the last ones serve: {}", e.getMessage());
      }
    }
    lookLater();
  }
}
