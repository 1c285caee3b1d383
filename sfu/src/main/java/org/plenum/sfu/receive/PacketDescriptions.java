package org.plenum.sfu.receive;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec;

/// What is known of packets beside their bytes, by their places in a cache or a ring. No thread of
/// its own: whoever holds it says who may touch which place.
final class PacketDescriptions {
  final int[] timestamps;
  final short[] extensionLengths;
  final short[] payloadLengths;
  final @Nullable Codec[] codecs;
  final byte[] flags;

  // What is renumbered on the way to a viewer, and where it stands.
  final short[] pictureIds;
  final byte[] pictureIdBits;
  final byte[] pictureIdOffsets;
  final short[] tl0PicIdxs;
  final byte[] tl0PicIdxOffsets;
  final short[] frameNumberOffsets;
  final long[] layers;

  PacketDescriptions(int places) {
    timestamps = new int[places];
    extensionLengths = new short[places];
    payloadLengths = new short[places];
    codecs = new @Nullable Codec[places];
    flags = new byte[places];
    pictureIds = new short[places];
    pictureIdBits = new byte[places];
    pictureIdOffsets = new byte[places];
    tl0PicIdxs = new short[places];
    tl0PicIdxOffsets = new byte[places];
    frameNumberOffsets = new short[places];
    layers = new long[places];
  }

  /// Extensions and payload together, in bytes.
  int length(int place) {
    return extensionLengths[place] + payloadLengths[place];
  }

  /// Writes down in a place what others say of a packet in a place of theirs.
  void copy(PacketDescriptions from, int theirs, int place) {
    timestamps[place] = from.timestamps[theirs];
    extensionLengths[place] = from.extensionLengths[theirs];
    payloadLengths[place] = from.payloadLengths[theirs];
    codecs[place] = from.codecs[theirs];
    flags[place] = from.flags[theirs];
    pictureIds[place] = from.pictureIds[theirs];
    pictureIdBits[place] = from.pictureIdBits[theirs];
    pictureIdOffsets[place] = from.pictureIdOffsets[theirs];
    tl0PicIdxs[place] = from.tl0PicIdxs[theirs];
    tl0PicIdxOffsets[place] = from.tl0PicIdxOffsets[theirs];
    frameNumberOffsets[place] = from.frameNumberOffsets[theirs];
    layers[place] = from.layers[theirs];
  }
}
