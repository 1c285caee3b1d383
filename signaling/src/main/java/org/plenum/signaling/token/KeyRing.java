package org.plenum.signaling.token;

import java.util.List;
import org.plenum.signaling.config.ApiKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys of the configuration as they are now. Any thread.
public final class KeyRing {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);

  private volatile List<ApiKey> keys;

  public KeyRing(List<ApiKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /// By id; the same list until they change.
  List<ApiKey> keys() {
    return keys;
  }

  /// The one to sign with. Throws IllegalStateException if there is none.
  public ApiKey first() {
    List<ApiKey> present = keys;
    if (present.isEmpty()) {
      throw new IllegalStateException("auth.keys has no key");
    }
    return present.getFirst();
  }

  /// Puts others in their place; not the first ones and not none, for a server never opens itself.
  /// One thread at a time.
  public void take(List<ApiKey> present) {
    if (present.equals(keys)) {
      return;
    }
    if (present.isEmpty() != keys.isEmpty()) {
      LOG.warn("auth.keys began or ceased to exist; that takes a restart");
      return;
    }
    keys = List.copyOf(present);
    LOG.info("took the new auth.keys: {}", present.stream().map(ApiKey::id).toList());
  }
}
