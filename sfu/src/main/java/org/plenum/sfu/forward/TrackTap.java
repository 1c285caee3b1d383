package org.plenum.sfu.forward;

import java.util.ArrayList;
import java.util.List;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.RoomTap;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.TappedStream;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.receive.FrameLayers;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.ReceiveStream;

/// Hands the packets of one track to a [RoomTap]: of the layers that its observer wants, and of a
/// stream with spatial layers within it the lowest only. Worker's thread only.
public final class TrackTap implements TrackSink {
  /// The lowest spatial layer, with all its pictures.
  private static final int LOWEST_SPATIAL = FrameLayers.target(0, FrameLayers.MOST_TEMPORAL);

  private final Track track;
  private final RoomTap tap;
  private final WorkerCounters counters;

  // In step: the layers and what the tap shows of them.
  private final List<Layer> layers = new ArrayList<>();
  private final List<TappedStream> streams = new ArrayList<>();
  private boolean changed;

  /// Begins to hand over the track's packets.
  public TrackTap(Track track, RoomTap tap, WorkerCounters counters) {
    this.track = track;
    this.tap = tap;
    this.counters = counters;
    track.attach(this);
    onLayersChanged(track);
  }

  public Track track() {
    return track;
  }

  /// What the tap is to show of this track.
  public List<TappedStream> streams() {
    return streams;
  }

  /// Whether [#streams] has changed since the last call.
  public boolean takeChanged() {
    boolean result = changed;
    changed = false;
    return result;
  }

  @Override
  public void onPacket(Layer layer, long sequenceNumber, int entry) {
    int i = layers.indexOf(layer);
    if (i < 0 || !streams.get(i).isWanted()) {
      return;
    }
    TappedStream stream = streams.get(i);
    PacketCache cache = layer.cache();
    boolean isLowest = FrameLayers.isIn(cache.layers(entry), LOWEST_SPATIAL);
    boolean taken =
        tap.offer(
            stream,
            cache.codec(entry).name(),
            sequenceNumber,
            cache.timestamp(entry),
            cache.marker(entry),
            cache.bytes(),
            cache.payloadOffset(entry),
            isLowest ? cache.payloadLength(entry) : 0,
            cache.arrivalNanos(entry));
    if (!taken) {
      counters.add(SfuCounter.TAP_PACKETS_DROPPED, 1);
      stream.countDropped();
      if (track.source().kind() == MediaKind.VIDEO) {
        layer.keyFrames().want();
      }
    }
  }

  /// Does what the observer asked for, and tells it what has changed. To be called every 10 ms.
  public void onTimeout() {
    for (int i = 0; i < layers.size(); i++) {
      TappedStream stream = streams.get(i);
      if (!isAsTold(layers.get(i), stream.state())) {
        stream.state(state(layers.get(i)));
      }
      tellCaptured(stream, layers.get(i).stream());
      if (stream.takeKeyFrameAsked() && track.source().kind() == MediaKind.VIDEO) {
        layers.get(i).keyFrames().want();
      }
    }
  }

  private void tellCaptured(TappedStream stream, ReceiveStream from) {
    if (from.hasSenderReport() && track.clock().isKnown()) {
      TappedStream.Captured told = stream.captured();
      long nanos = track.clock().toOurNanos(from.senderReportNtp());
      if (told == null
          || told.timestamp() != from.senderReportRtpTimestamp()
          || told.nanos() != nanos) {
        stream.captured(new TappedStream.Captured(from.senderReportRtpTimestamp(), nanos));
      }
    }
  }

  /// Lets go of the track.
  public void detach() {
    track.detach(this);
    layers.clear();
    streams.clear();
  }

  @Override
  public void onLayersChanged(Track of) {
    List<Layer> all = of.layers();
    for (int i = 0; i < all.size(); i++) {
      if (!layers.contains(all.get(i))) {
        Layer layer = all.get(i);
        layers.add(layer);
        streams.add(
            new TappedStream(
                track.publisher(), track.id(), track.source(), layer.rid(), state(layer)));
        changed = true;
      }
    }
  }

  @Override
  public void onLayerGone(Layer layer) {
    int i = layers.indexOf(layer);
    if (i >= 0) {
      layers.remove(i);
      streams.remove(i);
      changed = true;
    }
  }

  @Override
  public void onTrackEnded(Track ended) {
    layers.clear();
    streams.clear();
    changed = true;
  }

  @Override
  public boolean wants(Layer layer) {
    int i = layers.indexOf(layer);
    return i >= 0 && streams.get(i).isWanted();
  }

  private TappedStream.State state(Layer layer) {
    return new TappedStream.State(
        track.activeCodec().name(), track.muted(), layer.isStalled(), layer.height());
  }

  private boolean isAsTold(Layer layer, TappedStream.State told) {
    return told.codec() == track.activeCodec().name()
        && told.muted() == track.muted()
        && told.stalled() == layer.isStalled()
        && told.height() == layer.height();
  }
}
