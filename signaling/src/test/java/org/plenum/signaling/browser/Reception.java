package org.plenum.signaling.browser;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.plenum.signaling.browser.Sight.Tile;

/// Watches the counters of tiles rise from the moment it was made.
final class Reception {
  /// Enough to tell a stream from a last frame that was under way.
  private static final int FRAMES = 5;

  private static final int AUDIO_PACKETS = 20;

  private final Map<String, Long> before = new HashMap<>();

  /// Whether each of these people, and nobody else, is shown, moves and is heard.
  boolean isWholeFor(Sight sight, List<String> names) {
    boolean whole = sight.names().equals(names.stream().sorted().toList());
    for (Tile tile : sight.tiles()) {
      // Not short-circuit: every tile's first reading counts from now.
      whole &= moves(tile) & isHeard(tile);
    }
    return whole;
  }

  boolean moves(Tile tile) {
    return tile.withPicture() & risen(tile.videoSlot(), tile.framesDecoded(), FRAMES);
  }

  boolean isHeard(Tile tile) {
    return risen(tile.audioSlot(), tile.audioPackets(), AUDIO_PACKETS);
  }

  private boolean risen(String slot, long counter, int least) {
    Long first = before.putIfAbsent(slot, counter);
    return first != null && counter - first >= least;
  }
}
