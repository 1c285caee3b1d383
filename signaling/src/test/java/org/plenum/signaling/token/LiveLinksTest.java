package org.plenum.signaling.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.config.ApiKey;

class LiveLinksTest {
  private static final RoomId BLUE = new RoomId("blue");
  private static final ApiKey KEY = new ApiKey("one", Forge.SECRET);

  private Instant now = Instant.parse("2026-11-29T08:59:59Z");
  private final KeyRing keys = new KeyRing(List.of(KEY));
  private final LiveLinks links = new LiveLinks(keys, true, () -> now);

  @Test
  void aLinkIsGoodUntilItExpiresAndForItsRoomOnly() {
    Instant expiry = Objects.requireNonNull(links.expiry());
    assertEquals(Instant.parse("2026-11-29T21:00:00Z"), expiry);
    String folder = links.folder(BLUE, expiry);
    assertTrue(links.allows(BLUE, folder));
    assertFalse(links.allows(new RoomId("red"), folder));
    now = expiry.minusSeconds(1);
    assertTrue(links.allows(BLUE, folder));
    now = expiry;
    assertFalse(links.allows(BLUE, folder));
  }

  @Test
  void allThatAreGivenOutWithinAnHourAreTheSame() {
    now = Instant.parse("2026-11-29T08:00:00Z");
    Instant first = links.expiry();
    now = now.plus(Duration.ofMinutes(59));
    assertEquals(first, links.expiry());
  }

  /// So that others can make them.
  @Test
  void theSignatureIsThatOfTheProtocol() {
    assertEquals(
        "1795986000-KRuwjT84pnBdIaHt3nPSFWjyLYDd6D59C5xv5NCTDqU",
        links.folder(BLUE, Instant.ofEpochSecond(1_795_986_000)));
  }

  @Test
  void linksOfTheFormerKeyAreGoodWhileItIsThere() {
    String folder = links.folder(BLUE, Objects.requireNonNull(links.expiry()));
    ApiKey other = new ApiKey("another", "x".repeat(32));
    keys.take(List.of(other, KEY));
    assertTrue(links.allows(BLUE, folder));
    keys.take(List.of(other));
    assertFalse(links.allows(BLUE, folder));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "index.m3u8",
        "1795986000-",
        "1795986000-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "999999999999-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "-1-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      })
  void nothingElseIsALink(String folder) {
    assertFalse(links.allows(BLUE, folder));
  }

  @Test
  void openOnesNeverExpire() {
    assertNull(new LiveLinks(new KeyRing(List.of()), false, () -> now).expiry());
  }
}
