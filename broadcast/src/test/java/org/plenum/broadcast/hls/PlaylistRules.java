package org.plenum.broadcast.hls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a client may rely on from one reload of a media playlist to the next (RFC 8216 §4.3, §6.2).
public final class PlaylistRules {
  private static final int TARGET_SECONDS = 2;

  /// A segment as the playlist has it.
  ///
  /// @param discontinuity its discontinuity sequence number
  public record Item(
      long number, String uri, double seconds, Instant date, String map, int discontinuity) {}

  private final Map<Long, Item> seen = new HashMap<>();
  private long first = -1;
  private boolean ended;

  /// A client loads it again. Fails if a rule is broken.
  ///
  /// @return what is listed
  public List<Item> load(String playlist) {
    List<Item> items = parse(playlist);
    assertFalse(ended && !playlist.endsWith("#EXT-X-ENDLIST\n"), "nothing follows the end");
    ended = playlist.endsWith("#EXT-X-ENDLIST\n");
    if (items.isEmpty()) {
      return items;
    }
    assertTrue(items.getFirst().number() >= first, "media sequence goes up only (§6.2.2)");
    first = items.getFirst().number();
    double seconds = items.stream().mapToDouble(Item::seconds).sum();
    assertTrue(first == 0 || seconds >= 3 * TARGET_SECONDS, "§6.2.2: removed too early");
    Item before = null;
    for (Item item : items) {
      assertTrue(Math.round(item.seconds()) <= TARGET_SECONDS, "§4.3.3.1: " + item);
      Item same = seen.putIfAbsent(item.number(), item);
      assertTrue(same == null || same.equals(item), "§6.2.1: " + same + " became " + item);
      if (before != null) {
        long gap = Duration.between(before.date(), item.date()).toMillis();
        long millis = Math.round(1000 * before.seconds());
        assertTrue(gap >= millis - 2, "§4.3.2.6: " + item + " overlaps " + before);
        if (before.discontinuity() == item.discontinuity()) {
          assertEquals(before.map(), item.map(), "§4.3.2.3: other parameters, no discontinuity");
          assertTrue(gap <= millis + 2, "a hole before " + item);
        }
      }
      before = item;
    }
    return items;
  }

  private static List<Item> parse(String playlist) {
    List<String> lines = playlist.lines().toList();
    assertEquals("#EXTM3U", lines.getFirst());
    assertTrue(lines.contains("#EXT-X-TARGETDURATION:" + TARGET_SECONDS), "it never changes");
    List<Item> items = new ArrayList<>();
    long number = 0;
    int discontinuity = 0;
    double seconds = 0;
    @Nullable Instant date = null;
    @Nullable String map = null;
    for (String line : lines) {
      String value = line.substring(line.indexOf(':') + 1);
      if (line.startsWith("#EXT-X-MEDIA-SEQUENCE:")) {
        number = Long.parseLong(value);
      } else if (line.startsWith("#EXT-X-DISCONTINUITY-SEQUENCE:")) {
        discontinuity = Integer.parseInt(value);
      } else if (line.equals("#EXT-X-DISCONTINUITY")) {
        discontinuity++;
      } else if (line.startsWith("#EXT-X-MAP:")) {
        map = value;
      } else if (line.startsWith("#EXT-X-PROGRAM-DATE-TIME:")) {
        date = Instant.parse(value);
      } else if (line.startsWith("#EXTINF:")) {
        seconds = Double.parseDouble(value.replace(",", ""));
      } else if (!line.startsWith("#")) {
        items.add(
            new Item(
                number++,
                line,
                seconds,
                Objects.requireNonNull(date),
                Objects.requireNonNull(map),
                discontinuity));
      }
    }
    return items;
  }
}
