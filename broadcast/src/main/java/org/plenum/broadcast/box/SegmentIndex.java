package org.plenum.broadcast.box;

import java.util.ArrayList;
import java.util.List;

/// Room for a segment index (ISO/IEC 14496-12 §8.16.3) behind a file's head, and the index that is
/// written into it once all fragments are there: with it players seek without reading everything.
public final class SegmentIndex {
  /// Entries for which there is room: where there are more fragments, each stands for several.
  private static final int MOST = 2_048;

  private static final int HEAD_BYTES = 40;
  private static final int ENTRY_BYTES = 12;
  private static final int BOX_HEAD_BYTES = 8;

  /// What is reserved.
  private static final int BYTES = HEAD_BYTES + MOST * ENTRY_BYTES + BOX_HEAD_BYTES;

  /// Begins with SAP type 1: the first picture can be decoded, and all after it.
  private static final int STARTS_WITH_SAP = 0x9000_0000;

  /// Bits of a reference's size.
  private static final long MOST_BYTES = 0x7FFF_FFFF;

  private record Entry(long bytes, long startTicks, boolean sync) {}

  private final List<Entry> entries = new ArrayList<>();

  /// An empty box that keeps the place.
  public static byte[] placeholder() {
    var out = new BoxWriter(BYTES);
    int free = out.start("free");
    out.zeros(BYTES - BOX_HEAD_BYTES);
    out.end(free);
    return out.toBytes();
  }

  /// A fragment was appended.
  ///
  /// @param sync whether a decoder can start with it
  public void add(long bytes, long startTicks, boolean sync) {
    Entry last = entries.isEmpty() ? null : entries.getLast();
    if (last != null && !sync && last.bytes() + bytes <= MOST_BYTES) {
      entries.set(
          entries.size() - 1, new Entry(last.bytes() + bytes, last.startTicks(), last.sync()));
    } else {
      entries.add(new Entry(bytes, startTicks, sync));
      if (entries.size() >= 2 * MOST) {
        halve();
      }
    }
  }

  /// Takes the place of [#placeholder].
  ///
  /// @param endTicks where the last fragment ends
  public byte[] write(int scale, long endTicks) {
    while (entries.size() > MOST) {
      halve();
    }
    var out = new BoxWriter(BYTES);
    int sidx = out.start("sidx", 1, 0);
    out.u32(1); // track
    out.u32(scale);
    out.u64(entries.isEmpty() ? 0 : entries.getFirst().startTicks());
    long rest = BYTES - HEAD_BYTES - (long) entries.size() * ENTRY_BYTES;
    out.u64(rest); // from here to the first fragment
    out.u16(0);
    out.u16(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      long end = i + 1 < entries.size() ? entries.get(i + 1).startTicks() : endTicks;
      out.u32((int) entry.bytes());
      out.u32((int) Math.min(end - entry.startTicks(), 0xFFFF_FFFFL));
      out.u32(entry.sync() ? STARTS_WITH_SAP : 0);
    }
    out.end(sidx);
    out.u32((int) rest);
    out.u32(0x6672_6565); // free
    return out.toBytes();
  }

  /// Joins each two, if they do not become too large together.
  private void halve() {
    List<Entry> joined = new ArrayList<>();
    for (int i = 0; i < entries.size(); i += 2) {
      Entry first = entries.get(i);
      Entry second = i + 1 < entries.size() ? entries.get(i + 1) : null;
      if (second == null) {
        joined.add(first);
      } else if (first.bytes() + second.bytes() <= MOST_BYTES) {
        joined.add(new Entry(first.bytes() + second.bytes(), first.startTicks(), first.sync()));
      } else {
        joined.add(first);
        joined.add(second);
      }
    }
    entries.clear();
    entries.addAll(joined);
  }
}
