package org.plenum.metrics;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What must be true before the server takes calls. Any thread.
public final class Readiness {
  /// One condition; they are reported by their text.
  public enum Condition {
    CRYPTO_TESTED("the crypto is not self-tested"),
    CERTIFICATE_MADE("the certificate is not made"),
    MEDIA_PORTS_BOUND("the media ports are not bound"),
    HTTP_BOUND("the HTTP port is not bound"),
    HEAP_FREE("the heap is nearly full"),
    NODES_SEEN("this node sees too few of the others to open rooms"),
    NOT_STOPPING("the server is stopping");

    private final String otherwise;

    Condition(String otherwise) {
      this.otherwise = otherwise;
    }
  }

  private final Set<Condition> missing =
      Collections.synchronizedSet(
          new LinkedHashSet<>(
              List.of(
                  Condition.CRYPTO_TESTED,
                  Condition.CERTIFICATE_MADE,
                  Condition.MEDIA_PORTS_BOUND,
                  Condition.HTTP_BOUND)));

  public void met(Condition condition) {
    missing.remove(condition);
  }

  public void lost(Condition condition) {
    missing.add(condition);
  }

  public boolean isReady() {
    return missing.isEmpty();
  }

  /// What is missing, a sentence each; empty if ready.
  public List<String> reasons() {
    synchronized (missing) {
      return missing.stream().map(condition -> condition.otherwise).toList();
    }
  }
}
