package org.plenum.broadcast.frame;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.TappedPacket;

/// Makes frames of the packets of one video stream. A frame that it hands on can be decoded after
/// those before it: where something is lost for good, nothing comes until the next key frame.
public final class StreamReader {
  /// A picture of more packets is none that anybody sends.
  private static final int MOST_PACKETS = 2_000;

  private final Set<CodecName> codecs;
  private final ReorderBuffer packets = new ReorderBuffer();
  private final List<byte[]> payloads = new ArrayList<>();
  private @Nullable CodecName codec;
  private @Nullable Joiner joiner;

  /// Of the picture whose packets are coming.
  private int timestamp;

  private boolean open;
  private long unwrapped;
  private long arrivalNanos;

  /// Nothing can be decoded until a key frame.
  private boolean broken = true;

  private long brokenPictures;

  /// @param codecs of which it makes frames; nothing comes of others
  public StreamReader(Set<CodecName> codecs) {
    this.codecs = codecs;
  }

  /// A packet came.
  public void onPacket(TappedPacket packet, long nowNanos, Consumer<Frame> frames) {
    packets.put(packet);
    onTimeout(nowNanos, frames);
  }

  /// Hands on what is complete by now, or is not waited for any longer.
  public void onTimeout(long nowNanos, Consumer<Frame> frames) {
    for (TappedPacket next = packets.poll(nowNanos); next != null; next = packets.poll(nowNanos)) {
      take(next, packets.takeLost(), frames);
    }
  }

  /// Whether nothing comes any more until there is a key frame.
  public boolean needsKeyFrame() {
    return broken;
  }

  /// Pictures that could not be put together.
  public long brokenPictures() {
    return brokenPictures;
  }

  private void take(TappedPacket packet, boolean afterLoss, Consumer<Frame> frames) {
    if (afterLoss) {
      drop();
    }
    if (packet.codec() != codec) {
      drop();
      codec = packet.codec();
      joiner = codecs.contains(codec) ? Joiner.of(codec) : null;
    }
    if (open && packet.timestamp() != timestamp) {
      complete(frames);
    }
    if (packet.payload().length > 0) {
      begin(packet);
      payloads.add(packet.payload());
      if (payloads.size() > MOST_PACKETS) {
        drop();
      }
    }
    if (open && packet.marker()) {
      complete(frames);
    }
  }

  private void begin(TappedPacket packet) {
    if (!open) {
      open = true;
      unwrapped += packet.timestamp() - timestamp;
      timestamp = packet.timestamp();
      arrivalNanos = packet.arrivalNanos();
    }
  }

  private void complete(Consumer<Frame> frames) {
    Picture picture = joiner == null || payloads.isEmpty() ? null : joiner.join(payloads);
    open = false;
    payloads.clear();
    if (picture == null) {
      drop();
    } else if (!broken || picture.format() != null) {
      broken = false;
      frames.accept(new Frame(unwrapped, picture.data(), picture.format(), arrivalNanos));
    }
  }

  /// Something is missing, or cannot be read.
  private void drop() {
    brokenPictures += broken ? 0 : 1;
    broken = true;
    open = false;
    payloads.clear();
  }
}
