package org.plenum.broadcast.live;

import java.util.List;
import org.plenum.broadcast.hls.Part;
import org.plenum.broadcast.hls.Rendition;
import org.plenum.broadcast.hls.Segment;

/// How far the playlist of a rendition is: what a request with delivery directives (RFC 8216bis
/// §6.2.5.2) is measured by.
///
/// @param complete media sequence number of the last complete segment, -1 if there is none
/// @param completeParts how many parts that one had
/// @param openParts how many there are of the next
/// @param ended whether nothing follows
record LiveEdge(long complete, int completeParts, int openParts, boolean ended) {
  /// Of a request for a segment as a whole.
  static final int NO_PART = -1;

  /// RFC 8216bis §6.2.5.2: nobody asks for more than two segments after the last.
  private static final int MOST_SEGMENTS_AHEAD = 2;

  /// RFC 8216bis §6.2.5.2: nor for parts more than three seconds ahead, as long as they take less
  /// than one ("Advance Part Limit"). Players guess how far a late playlist would be.
  private static final int MOST_PARTS_AHEAD = (int) (3L * Segment.TICKS / Rendition.PART_TICKS);

  static LiveEdge of(Rendition.Listing listing, boolean ended) {
    List<Rendition.Entry> segments = listing.segments();
    List<Part> last = segments.isEmpty() ? List.of() : segments.getLast().parts();
    Rendition.Open open = listing.open();
    int openParts = open == null ? 0 : open.parts().size();
    return new LiveEdge(listing.nextNumber() - 1, last.size(), openParts, ended);
  }

  /// Whether the playlist has got there, or will never.
  ///
  /// @param part index of a part, or [#NO_PART]
  boolean has(long number, int part) {
    if (ended || number < complete) {
      return true;
    }
    if (number == complete) {
      // One after the last is the first of the next segment.
      return part < completeParts || openParts > 0;
    }
    return number == complete + 1 && part != NO_PART && part < openParts;
  }

  /// Whether nobody who knows the playlist asks for that.
  boolean isAbsurd(long number, int part) {
    if (ended) {
      return false;
    }
    if (number > complete + MOST_SEGMENTS_AHEAD) {
      return true;
    }
    int present = number == complete + 1 ? openParts : number > complete + 1 ? 0 : completeParts;
    return number >= complete && part >= present + MOST_PARTS_AHEAD;
  }

  /// Whether this part is the one that clients were told to expect.
  boolean isHinted(long number, int part) {
    return !ended && number == complete + 1 && part == openParts;
  }

  /// Whether it is settled that this part, which was to be expected, is there or never will be.
  boolean isSettled(long number, int part) {
    return ended || number <= complete || number == complete + 1 && part < openParts;
  }
}
