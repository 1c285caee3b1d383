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

/// What a client may rely on from one reload of a media playlist to the next (RFC 8216 §4.3, §6.2,
/// and draft-pantos-hls-rfc8216bis for parts).
public final class PlaylistRules {
  private static final int TARGET_SECONDS = 2;

  /// Of durations that are written with five places.
  private static final double EXACT = 2e-5;

  /// A part as the playlist has it.
  public record PartItem(String uri, double seconds, boolean independent) {}

  /// A segment as the playlist has it.
  ///
  /// @param uri null while it is not complete
  /// @param seconds of a segment that is not complete, of its parts
  /// @param discontinuity its discontinuity sequence number
  public record Item(
      long number,
      @Nullable String uri,
      double seconds,
      Instant date,
      String map,
      int discontinuity,
      List<PartItem> parts) {
    boolean isComplete() {
      return uri != null;
    }

    Item withoutParts() {
      return new Item(number, uri, seconds, date, map, discontinuity, List.of());
    }
  }

  private final Map<Long, Item> seen = new HashMap<>();

  /// What was ever announced of a segment's parts.
  private final Map<Long, List<PartItem>> parts = new HashMap<>();

  private List<Item> latest = List.of();
  private @Nullable String hinted;

  /// What a playlist says before its first segment.
  private List<String> head = List.of();
  private long first = -1;
  private boolean ended;

  /// A client loads it again. Fails if a rule is broken.
  ///
  /// @return what is listed; the last may not be complete
  public List<Item> load(String playlist) {
    List<Item> items = parse(playlist);
    assertFalse(ended && !playlist.endsWith("#EXT-X-ENDLIST\n"), "nothing follows the end");
    ended = playlist.endsWith("#EXT-X-ENDLIST\n");
    if (items.isEmpty()) {
      return items;
    }
    List<String> itsHead = playlist.lines().takeWhile(PlaylistRules::isOfHead).toList();
    assertTrue(head.isEmpty() || head.equals(itsHead), "§6.2.1: " + head + " became " + itsHead);
    head = itsHead;
    assertTrue(items.getFirst().number() >= first, "media sequence goes up only (§6.2.2)");
    first = items.getFirst().number();
    double seconds = items.stream().filter(Item::isComplete).mapToDouble(Item::seconds).sum();
    assertTrue(first == 0 || seconds >= 3 * TARGET_SECONDS, "§6.2.2: removed too early");
    Item before = null;
    for (Item item : items) {
      assertTrue(Math.round(item.seconds()) <= TARGET_SECONDS, "§4.3.3.1: " + item);
      if (item.isComplete()) {
        Item same = seen.putIfAbsent(item.number(), item.withoutParts());
        assertTrue(
            same == null || same.equals(item.withoutParts()),
            "§6.2.1: " + same + " became " + item);
      }
      checkParts(item, playlist);
      if (before != null) {
        assertTrue(before.isComplete(), "only the last may not be complete");
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
    checkHint(playlist, items.getLast());
    latest = items;
    return items;
  }

  /// RFC 8216bis §6.2.5.1: with what a client has of the latest [#load], a delta says the same.
  public void loadDelta(String playlist) {
    long number = -1;
    int skipped = 0;
    for (String line : playlist.lines().toList()) {
      if (line.startsWith("#EXT-X-MEDIA-SEQUENCE:")) {
        number = Long.parseLong(line.substring(line.indexOf(':') + 1));
      } else if (line.startsWith("#EXT-X-SKIP:SKIPPED-SEGMENTS=")) {
        skipped = Integer.parseInt(line.substring(line.indexOf('=') + 1));
      }
    }
    if (skipped == 0) {
      assertEquals(latest, parse(playlist));
      return;
    }
    assertFalse(playlist.contains("#EXT-X-ENDLIST"));
    double after = latest.subList(skipped, latest.size()).stream().mapToDouble(Item::seconds).sum();
    assertTrue(after >= 6 * TARGET_SECONDS - EXACT, "§4.4.3.8: skipped too much: " + playlist);
    assertEquals(latest.getFirst().number(), number);
    List<String> tail = playlist.lines().dropWhile(line -> !line.contains("-SKIP:")).toList();
    List<String> full = new ArrayList<>(tail.subList(1, tail.size()));
    Item known = latest.get(skipped - 1);
    full.add(0, "#EXT-X-MAP:" + known.map());
    full.add(0, "#EXT-X-DISCONTINUITY-SEQUENCE:" + known.discontinuity());
    full.add(0, "#EXT-X-MEDIA-SEQUENCE:" + (number + skipped));
    full.add(0, "#EXT-X-TARGETDURATION:" + TARGET_SECONDS);
    full.add(0, "#EXTM3U");
    assertEquals(latest.subList(skipped, latest.size()), parse(String.join("\n", full) + "\n"));
  }

  private static boolean isOfHead(String line) {
    return !line.startsWith("#EXT-X-MEDIA-SEQUENCE:");
  }

  private void checkParts(Item item, String playlist) {
    if (item.parts().isEmpty()) {
      assertTrue(item.isComplete());
      return;
    }
    double target = partTarget(playlist);
    double sum = 0;
    for (int i = 0; i < item.parts().size(); i++) {
      PartItem part = item.parts().get(i);
      sum += part.seconds();
      boolean last = item.isComplete() && i == item.parts().size() - 1;
      assertTrue(part.seconds() <= target + EXACT, "§4.4.3.7: too long: " + part);
      // One that is not the last yet, but is the latest, may turn out to be the last.
      boolean mayBeLast = last || i == item.parts().size() - 1;
      assertTrue(
          mayBeLast || part.independent() || part.seconds() >= 0.85 * target,
          "§4.4.4.9: too short: " + part);
    }
    assertEquals(item.seconds(), sum, EXACT * (1 + item.parts().size()), "parts of " + item);
    List<PartItem> before = parts.put(item.number(), item.parts());
    if (before != null) {
      assertEquals(before, item.parts().subList(0, before.size()), "§6.2.1: parts changed");
    }
  }

  /// RFC 8216bis §4.4.5.3: what is hinted at comes next, unless its segment ends before.
  private void checkHint(String playlist, Item last) {
    String before = hinted;
    List<String> lines = playlist.lines().filter(line -> line.contains("-HINT:")).toList();
    hinted = lines.isEmpty() ? null : lines.getFirst().replaceAll(".*URI=\"(.*)\".*", "$1");
    assertTrue(ended || lines.size() == 1, "one hint: " + lines);
    if (hinted != null) {
      long number = last.isComplete() ? last.number() + 1 : last.number();
      int part = last.isComplete() ? 0 : last.parts().size();
      assertEquals(number + "." + part + ".m4s", hinted);
    }
    if (before != null && !before.equals(hinted) && !ended) {
      String[] names = before.split("\\.");
      List<PartItem> its = parts.getOrDefault(Long.parseLong(names[0]), List.of());
      boolean came = its.stream().anyMatch(part -> part.uri().equals(before));
      assertTrue(came || seen.containsKey(Long.parseLong(names[0])), before + " never came");
    }
  }

  private static double partTarget(String playlist) {
    String control = line(playlist, "#EXT-X-SERVER-CONTROL:");
    double target = Double.parseDouble(line(playlist, "#EXT-X-PART-INF:PART-TARGET="));
    double back = Double.parseDouble(control.replaceAll(".*PART-HOLD-BACK=([0-9.]+).*", "$1"));
    double skip = Double.parseDouble(control.replaceAll(".*CAN-SKIP-UNTIL=([0-9.]+).*", "$1"));
    assertTrue(back >= 3 * target - EXACT, "§4.4.3.8: PART-HOLD-BACK");
    assertTrue(skip >= 6 * TARGET_SECONDS, "§4.4.3.8: CAN-SKIP-UNTIL");
    assertTrue(control.contains("CAN-BLOCK-RELOAD=YES"), control);
    return target;
  }

  private static String line(String playlist, String start) {
    return playlist
        .lines()
        .filter(line -> line.startsWith(start))
        .findFirst()
        .orElseThrow()
        .substring(start.length());
  }

  private static List<Item> parse(String playlist) {
    List<String> lines = playlist.lines().toList();
    assertEquals("#EXTM3U", lines.getFirst());
    assertTrue(lines.contains("#EXT-X-TARGETDURATION:" + TARGET_SECONDS), "it never changes");
    List<Item> items = new ArrayList<>();
    List<PartItem> its = new ArrayList<>();
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
      } else if (line.startsWith("#EXT-X-PART:")) {
        its.add(
            new PartItem(
                value.substring(value.indexOf('"') + 1, value.lastIndexOf('"')),
                Double.parseDouble(value.substring("DURATION=".length(), value.indexOf(','))),
                value.endsWith("INDEPENDENT=YES")));
      } else if (line.startsWith("#EXTINF:")) {
        seconds = Double.parseDouble(value.replace(",", ""));
      } else if (!line.startsWith("#")) {
        items.add(item(number++, line, seconds, date, map, discontinuity, its));
        its.clear();
      }
    }
    if (!its.isEmpty()) {
      double open = its.stream().mapToDouble(PartItem::seconds).sum();
      items.add(item(number, null, open, date, map, discontinuity, its));
    }
    return items;
  }

  private static Item item(
      long number,
      @Nullable String uri,
      double seconds,
      @Nullable Instant date,
      @Nullable String map,
      int discontinuity,
      List<PartItem> parts) {
    return new Item(
        number,
        uri,
        seconds,
        Objects.requireNonNull(date),
        Objects.requireNonNull(map),
        discontinuity,
        List.copyOf(parts));
  }
}
