package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;

/// What the parsers that look for a picture's size have in common, and what must hold of them.
interface SizeReader {
  /// Returns false, with `size` as it was, if it finds none.
  boolean parse(MemorySegment slab, long offset, int length, PictureSize size);

  /// "640x360", or "none".
  default String read(byte[] bytes) {
    var size = new PictureSize();
    boolean found = parse(MemorySegment.ofArray(bytes), 0, bytes.length, size);
    assertEquals(found, size.width() > 0);
    return found ? size.width() + "x" + size.height() : "none";
  }

  /// What must hold of any bytes at all: the size is in range, and one that was there before stays
  /// if there is none.
  default void check(byte[] bytes) {
    var size = new PictureSize();
    assertTrue(size.set(7, 5));
    boolean found = parse(MemorySegment.ofArray(bytes), 0, bytes.length, size);
    assertTrue(size.width() >= 1 && size.width() <= 65_536);
    assertTrue(size.height() >= 1 && size.height() <= 65_536);
    assertTrue(found || size.width() == 7 && size.height() == 5);
  }

  /// Cuts `whole`, flips its bits and reads noise. A part of it tells the right size or none.
  default void survivesHostileBytes(byte[] whole) {
    String size = read(whole);
    int[] found = new int[2];
    HostileBytes.truncations(
        whole,
        part -> {
          String said = read(part);
          assertTrue(said.equals(size) || said.equals("none"), said);
          found[said.equals(size) ? 1 : 0]++;
        });
    assertTrue(found[0] > 0, "nothing can be told from no byte");
    HostileBytes.flippedBits(whole, this::check);
    HostileBytes.noise(this::check);
  }
}
