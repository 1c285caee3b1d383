package org.plenum.sfu.relay;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.forward.TrackSink;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.ReceiveStream;

/// Hands those layers of one track to another part of the room that are needed there, each packet
/// once. Worker's thread only.
final class TrackExport implements TrackSink {
  /// How often the other side is told what layers take.
  private static final long NEWS_NANOS = 250_000_000L;

  /// So much more or less is no news.
  private static final double SAME = 0.15;

  private final RelayEnd relay;
  private final Track track;
  private final List<Exported> layers = new ArrayList<>();
  private long newsAtNanos = NanoTime.NEVER;

  /// One layer, and what the other side knows of it.
  private static final class Exported {
    final Layer layer;
    final int stream;
    boolean needed;

    /// Whether nothing has been handed over since it was needed.
    boolean begins;

    long ceilingBps;
    int heightTold;
    long bpsTold;
    boolean stalledTold;
    long reportNanosTold;

    Exported(Layer layer, int stream) {
      this.layer = layer;
      this.stream = stream;
    }
  }

  TrackExport(RelayEnd relay, Track track) {
    this.relay = relay;
    this.track = track;
    track.attach(this);
    onLayersChanged(track);
  }

  Track track() {
    return track;
  }

  @Override
  public void onPacket(Layer layer, long sequenceNumber, int entry) {
    Exported exported = find(layer);
    if (exported == null || !exported.needed) {
      return;
    }
    PacketCache cache = layer.cache();
    int height = cache.keyFrameStart(entry) ? layer.height() : 0;
    if (relay
        .ring()
        .offer(exported.stream, sequenceNumber, cache, entry, height, exported.begins)) {
      exported.begins = false;
      relay.counters().add(SfuCounter.RELAYED_PACKETS_SENT, 1);
      relay.counters().add(SfuCounter.RELAYED_BYTES_SENT, cache.length(entry));
    } else {
      relay.counters().add(SfuCounter.RELAYED_PACKETS_DROPPED, 1);
      wantKeyFrame(layer);
    }
  }

  private void wantKeyFrame(Layer layer) {
    if (track.source().kind() == MediaKind.VIDEO) {
      layer.keyFrames().want();
    }
  }

  /// Says which layers are needed on the other side.
  void need(RelayMessage.LayersNeeded message) {
    for (Exported each : layers) {
      boolean before = each.needed;
      each.needed = message.streams().contains(each.stream);
      each.ceilingBps = message.ceilings().getOrDefault(each.stream, UNLIMITED);
      if (each.needed && !before) {
        each.begins = true;
        wantKeyFrame(each.layer);
      }
    }
  }

  /// @return false if it is no layer of this track
  boolean needKeyFrame(int stream) {
    for (Exported each : layers) {
      if (each.stream == stream) {
        wantKeyFrame(each.layer);
        return true;
      }
    }
    return false;
  }

  /// Tells what has changed. To be called every 10 ms.
  void onTimeout(long nowNanos) {
    for (int i = 0; i < layers.size(); i++) {
      report(layers.get(i));
    }
    if (newsAtNanos == NanoTime.NEVER || NanoTime.isDue(newsAtNanos, nowNanos)) {
      newsAtNanos = nowNanos + NEWS_NANOS;
      for (int i = 0; i < layers.size(); i++) {
        tell(layers.get(i), layers.get(i).layer.peakBps(nowNanos));
      }
    }
  }

  private void report(Exported exported) {
    ReceiveStream stream = exported.layer.stream();
    if (stream.hasSenderReport() && stream.senderReportNanos() != exported.reportNanosTold) {
      exported.reportNanosTold = stream.senderReportNanos();
      relay.send(
          new RelayMessage.LayerReported(
              exported.stream,
              stream.senderReportNtp(),
              stream.senderReportRtpTimestamp(),
              stream.senderReportNanos()));
    }
  }

  private void tell(Exported exported, long bps) {
    Layer layer = exported.layer;
    boolean isAsTold =
        layer.height() == exported.heightTold
            && layer.isStalled() == exported.stalledTold
            && Math.abs(bps - exported.bpsTold) <= SAME * exported.bpsTold;
    if (!isAsTold) {
      exported.bpsTold = bps;
      offer(exported);
    }
  }

  private void offer(Exported exported) {
    Layer layer = exported.layer;
    exported.heightTold = layer.height();
    exported.stalledTold = layer.isStalled();
    relay.send(
        new RelayMessage.LayerOffered(
            track.id(),
            exported.stream,
            layer.rid(),
            track.activeCodec(),
            exported.heightTold,
            exported.bpsTold,
            exported.stalledTold));
  }

  /// Lets go of the track.
  void detach() {
    track.detach(this);
    layers.clear();
  }

  @Override
  public void onLayersChanged(Track of) {
    List<Layer> all = of.layers();
    for (int i = 0; i < all.size(); i++) {
      Exported known = find(all.get(i));
      if (known == null) {
        var fresh = new Exported(all.get(i), relay.nextStream());
        layers.add(fresh);
        offer(fresh);
      } else {
        tell(known, known.bpsTold);
      }
    }
  }

  @Override
  public void onLayerGone(Layer layer) {
    Exported exported = find(layer);
    if (exported != null) {
      layers.remove(exported);
      relay.send(new RelayMessage.LayerWithdrawn(exported.stream));
    }
  }

  /// That there is no such track any more the room says.
  @Override
  public void onTrackEnded(Track ended) {
    layers.clear();
    relay.forget(this);
  }

  @Override
  public boolean wants(Layer layer) {
    Exported exported = find(layer);
    return exported != null && exported.needed;
  }

  @Override
  public long roomFor(Layer layer) {
    Exported exported = find(layer);
    return exported == null || !exported.needed ? 0 : exported.ceilingBps;
  }

  private @Nullable Exported find(Layer layer) {
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).layer == layer) {
        return layers.get(i);
      }
    }
    return null;
  }
}
