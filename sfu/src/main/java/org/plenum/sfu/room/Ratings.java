package org.plenum.sfu.room;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Mid;
import org.plenum.sfu.SectionQuality;
import org.plenum.sfu.quality.Quality;

/// How good a participant's sections are, and what it was told of that: another grade or cause when
/// it has lasted for two seconds, so that nothing flickers; the end of a rating at once. As many
/// entries as it has sections. Worker's thread only.
final class Ratings {
  /// Seconds in a row that differ from what was told.
  private static final int LASTING = 2;

  private final Map<Mid, Quality> latest = new LinkedHashMap<>();
  private final Map<Mid, Told> told = new HashMap<>();

  private static final class Told {
    @Nullable Quality quality;
    int unlike;

    /// @return whether it is time to tell it
    boolean note(Quality next) {
      Quality known = quality;
      boolean isSame =
          known != null && known.grade() == next.grade() && known.cause() == next.cause();
      unlike = isSame ? 0 : unlike + 1;
      if (unlike < LASTING) {
        return false;
      }
      unlike = 0;
      quality = next;
      return true;
    }
  }

  /// The latest second of each section that is rated.
  Map<Mid, Quality> latest() {
    return latest;
  }

  /// A second has passed.
  ///
  /// @param seconds of all sections that are rated now
  /// @return what the participant is to be told; empty if nothing
  List<SectionQuality> second(Map<Mid, Quality> seconds) {
    latest.clear();
    latest.putAll(seconds);
    List<SectionQuality> news = new ArrayList<>();
    for (Iterator<Map.Entry<Mid, Told>> each = told.entrySet().iterator(); each.hasNext(); ) {
      Map.Entry<Mid, Told> known = each.next();
      if (!seconds.containsKey(known.getKey())) {
        if (known.getValue().quality != null) {
          news.add(new SectionQuality(known.getKey(), null));
        }
        each.remove();
      }
    }
    seconds.forEach(
        (mid, quality) -> {
          if (told.computeIfAbsent(mid, _ -> new Told()).note(quality)) {
            news.add(new SectionQuality(mid, quality));
          }
        });
    return news;
  }

  /// The participant may have missed what it was told: it is told anew.
  void repeat() {
    told.clear();
  }
}
