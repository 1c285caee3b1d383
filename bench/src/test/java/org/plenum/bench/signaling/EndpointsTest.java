package org.plenum.bench.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.bench.client.ClientPlan;

class EndpointsTest {
  private static ClientPlan plan(boolean publishes) {
    return new ClientPlan("blue", "blue/3", 3, "x", publishes, publishes ? 0 : 1, 0);
  }

  @Test
  void roomAndPublisherAreFilledIn() {
    var endpoints =
        new Endpoints("http://a:1/{room}-{publisher}/whip", "https://a/{room}/{publisher}");

    assertEquals(URI.create("http://a:1/blue-3/whip"), endpoints.of(plan(true)));
    assertEquals(URI.create("https://a/blue/3"), endpoints.of(plan(false)));
    assertEquals(URI.create("http://a:1/"), endpoints.server());
  }

  @Test
  void oursAreBesideThePage() {
    Endpoints ours = Endpoints.of(URI.create("http://127.0.0.1:8080"));

    assertEquals(URI.create("http://127.0.0.1:8080/whip/blue"), ours.of(plan(true)));
    assertEquals(URI.create("http://127.0.0.1:8080/whep/blue"), ours.of(plan(false)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://a/{stream}", "/whip/{room}", "ftp://a/{room}", "http://a/{publisher}"})
  void whatIsNoSuchUrlIsRefused(String whip) {
    assertThrows(IllegalArgumentException.class, () -> new Endpoints(whip, "http://a/{room}"));
  }
}
