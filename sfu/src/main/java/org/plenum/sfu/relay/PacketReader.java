package org.plenum.sfu.relay;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.receive.LayerReader;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.PacketRing;
import org.plenum.sfu.receive.PayloadView;
import org.plenum.sfu.rtp.DependencyDescriptor;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.speaker.SoundGate;

/// Reads of relayed packets what is not handed over with them: how loud sound is, and the structure
/// of layers that viewers' descriptors are written by. Worker's thread only.
final class PacketReader {
  /// Of an extension in a cache: its ordinal and its length.
  private static final int EXTENSION_HEADER = 2;

  private final DependencyDescriptor descriptor = new DependencyDescriptor();
  private final PayloadView payload = new PayloadView();

  /// Notes how loud the packet that the ring is at is, and whether that is worth sending.
  void listen(Layer layer, PacketRing ring, long nowNanos) {
    Track track = layer.track();
    int level = ring.extension(HeaderExtension.AUDIO_LEVEL.ordinal());
    int loudness = level < 0 ? SoundGate.NO_LEVEL : level & 0x7F;
    if (loudness != SoundGate.NO_LEVEL) {
      track.speech().onLevel(loudness, nowNanos);
    }
    boolean worthSending =
        track.soundGate().onPacket(loudness, ring.payloadLength(), track.muted(), nowNanos);
    layer.sound().decide(ring.number(), worthSending);
  }

  /// Notes what a packet that was entered says of its stream.
  void read(Layer layer, long number, int entry) {
    PacketCache cache = layer.cache();
    if (layer.sound().beginsTalkspurt(number)) {
      cache.mark(entry);
    }
    LayerReader reader = layer.reader();
    MemorySegment bytes = cache.bytes();
    if (cache.frameNumberOffset(entry) >= 0) {
      long at =
          cache.extensionsOffset(entry)
              + cache.frameNumberOffset(entry)
              - DependencyDescriptor.FRAME_NUMBER_OFFSET;
      int length = bytes.get(ValueLayout.JAVA_BYTE, at + 1 - EXTENSION_HEADER) & 0xFF;
      reader.read(descriptor, bytes, at, length);
    } else if (cache.keyFrameStart(entry) && cache.codec(entry).name() == CodecName.VP9) {
      payload.parse(
          CodecName.VP9, bytes, cache.payloadOffset(entry), cache.payloadLength(entry), reader);
    }
  }
}
