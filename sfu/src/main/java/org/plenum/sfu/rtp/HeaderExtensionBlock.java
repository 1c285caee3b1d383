package org.plenum.sfu.rtp;

import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Where each extension of one packet's block lies (RFC 8285 §4.2 and §4.3), by id.
///
/// Look-up is one array read. An entry carries the number of the packet it belongs to, so that
/// moving to the next packet costs one increment instead of clearing 256 entries.
final class HeaderExtensionBlock {
  /// RFC 8285 §4.2.
  static final int ONE_BYTE_PROFILE = 0xBEDE;

  /// RFC 8285 §4.3; its lower four bits are application bits, ignored here.
  static final int TWO_BYTE_PROFILE = 0x1000;

  private static final int PADDING_ID = 0;
  private static final int STOP_ID = 15;

  /// Packet number (32 bits), offset (24 bits: at most 76 + 4 × 65 535), length (8 bits).
  private final long[] entries = new long[256];

  private int packetNumber;

  HeaderExtensionBlock() {
    this(1);
  }

  /// For the test of the wrap-around. `packetNumber` must not be 0, the number of no packet.
  HeaderExtensionBlock(int packetNumber) {
    this.packetNumber = packetNumber;
  }

  /// Forgets the extensions of the packet before.
  void clear() {
    packetNumber++;
    if (packetNumber == 0) { // all numbers were used: an old entry must not come back to life
      Arrays.fill(entries, 0);
      packetNumber = 1;
    }
  }

  /// Takes in the block between `start` and `end`, both in bytes from the packet's start.
  void parse(int profile, MemorySegment slab, long packetOffset, int start, int end) {
    if (profile == ONE_BYTE_PROFILE) {
      parseOneByteForm(slab, packetOffset, start, end);
    } else if ((profile & 0xFFF0) == TWO_BYTE_PROFILE) {
      parseTwoByteForm(slab, packetOffset, start, end);
    }
  }

  private void parseOneByteForm(MemorySegment slab, long packetOffset, int start, int end) {
    int at = start;
    while (at < end) {
      int head = u8(slab, packetOffset + at++);
      if (head == 0) {
        continue;
      }
      int id = head >> 4;
      int length = (head & 0xF) + 1;
      // Id 15, and id 0 with a length, end the processing: RFC 8285 §4.2.
      if (id == STOP_ID || id == PADDING_ID || length > end - at) {
        return;
      }
      put(id, at, length);
      at += length;
    }
  }

  private void parseTwoByteForm(MemorySegment slab, long packetOffset, int start, int end) {
    int at = start;
    while (at < end) {
      int id = u8(slab, packetOffset + at++);
      if (id == PADDING_ID) {
        continue;
      }
      if (at == end) {
        return;
      }
      int length = u8(slab, packetOffset + at++);
      if (length > end - at) {
        return;
      }
      put(id, at, length);
      at += length;
    }
  }

  private void put(int id, int offset, int length) {
    entries[id] = (long) packetNumber << 32 | (long) offset << 8 | length;
  }

  /// Bytes from the packet's start to the data, or -1.
  int offset(int id) {
    long entry = entries[id];
    return (int) (entry >>> 32) == packetNumber ? (int) entry >>> 8 : -1;
  }

  /// Bytes of data; only after [#offset] found it.
  int length(int id) {
    return (int) entries[id] & 0xFF;
  }
}
