package org.plenum.bench.client;

import java.util.List;

/// What the plan of a client came to: when it counts, what it sends and with whom it receives.
public final class Part {
  private final Presence presence = new Presence();
  private final Audience audience;
  private final List<MediaSource> sources;

  /// @param audience of the client's room
  Part(ClientPlan plan, Audience audience, ClientFactory factory) {
    this.audience = audience;
    this.sources = factory.sources(plan, presence, audience);
    if (plan.seats() > 0) {
      audience.add(presence);
    }
  }

  public Presence presence() {
    return presence;
  }

  /// Empty if it does not publish.
  public List<MediaSource> sources() {
    return sources;
  }

  /// It is over: nobody sends to this client anymore.
  void gone() {
    audience.remove(presence);
  }
}
