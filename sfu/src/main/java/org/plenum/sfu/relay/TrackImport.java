package org.plenum.sfu.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.SfuHistogram;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.PacketRing;
import org.plenum.sfu.receive.ReceiveStream;

/// Takes a track over whose publisher is in another part of the room: says what is needed of it,
/// and enters its packets into the caches here, from which viewers are served, now and when they
/// ask again. Worker's thread only.
final class TrackImport {
  private final RelayEnd relay;
  private final Track track;
  private final boolean isHeard;
  private final List<Imported> layers = new ArrayList<>();
  private Set<Integer> neededTold = Set.of();

  /// One layer of it.
  record Imported(TrackImport of, Layer layer, int stream) {}

  /// Sound comes whoever listens: how loud it is decides who is heard.
  TrackImport(RelayEnd relay, Track track) {
    this.relay = relay;
    this.track = track;
    this.isHeard = track.source().kind() == MediaKind.AUDIO;
  }

  Track track() {
    return track;
  }

  /// There is a layer, or more is known of it.
  ///
  /// @return the layer if it is a new one
  @Nullable Imported offered(RelayMessage.LayerOffered offer) {
    track.activeCodec(offer.codec());
    Imported known = find(offer.stream());
    if (known == null) {
      if (!track.acceptsLayer(offer.stream())) {
        return null;
      }
      var layer =
          new Layer(
              track,
              offer.rid(),
              new ReceiveStream(offer.stream(), offer.codec().name().clockRate()),
              PacketCache.of(track.source().kind()),
              false);
      layer.relayed();
      known = new Imported(this, layer, offer.stream());
      layers.add(known);
      track.announce(layer, offer.height(), offer.bps(), offer.isStalled());
      track.addLayer(layer);
      return known;
    }
    track.announce(known.layer, offer.height(), offer.bps(), offer.isStalled());
    return null;
  }

  void withdrawn(Imported gone) {
    layers.remove(gone);
    track.removeLayer(gone.layer);
  }

  void reported(Imported about, RelayMessage.LayerReported report) {
    about.layer.stream()
        .onRelayedReport(report.ntp(), report.rtpTimestamp(), report.arrivalNanos());
    relay.noteReport(track.clock(), report.ntp(), report.arrivalNanos());
  }

  /// The packet that the ring is at.
  ///
  /// @return false if it came too late
  boolean take(Imported into, PacketRing ring, long nowNanos) {
    Layer layer = into.layer;
    boolean isNew =
        layer.stream().onRelayed(ring.number(), ring.timestamp(), nowNanos, ring.isFirst());
    if (!isNew) {
      return false;
    }
    // Each worker reads the clock once a turn: a packet may be younger than the turn that takes it.
    long delayNanos = Math.max(0, nowNanos - ring.arrivalNanos());
    relay.counters().record(SfuHistogram.RELAY_DELAY, delayNanos);
    if (track.source().kind() == MediaKind.AUDIO) {
      relay.packetReader().listen(layer, ring, nowNanos);
    }
    if (ring.payloadLength() > 0) {
      track.activeCodec(ring.codec());
    }
    int entry = ring.copyInto(layer.cache(), nowNanos);
    if (entry == PacketCache.NOT_FOUND) {
      return false;
    }
    relay.packetReader().read(layer, ring.number(), entry);
    track.onPacket(layer, ring.number(), entry, ring.height(), nowNanos);
    return true;
  }

  /// Says what is needed of it. To be called every 10 ms.
  void onTimeout(long nowNanos) {
    if (track.reviewRelayed(isHeard, nowNanos)) {
      tellNeeded(nowNanos);
    }
    if (track.source().kind() == MediaKind.VIDEO && !track.muted()) {
      for (int i = 0; i < layers.size(); i++) {
        if (layers.get(i).layer.keyFrames().takeDue(nowNanos)) {
          relay.send(new RelayMessage.KeyFrameNeeded(layers.get(i).stream));
        }
      }
    }
  }

  /// Some packets are lost for good, of whichever layers.
  void wantKeyFrames() {
    if (!isHeard) {
      for (Imported each : layers) {
        if (!each.layer.isOff()) {
          each.layer.keyFrames().want();
        }
      }
    }
  }

  /// The other side asks for a key frame of each layer that was not needed before.
  private void tellNeeded(long nowNanos) {
    Set<Integer> needed = new HashSet<>();
    Map<Integer, Long> ceilings = new HashMap<>();
    for (Imported each : layers) {
      if (!each.layer.isOff()) {
        needed.add(each.stream);
        if (!neededTold.contains(each.stream)) {
          each.layer.keyFrames().askedOtherwise(nowNanos);
        }
        if (each.layer.ceilingBps() != Long.MAX_VALUE) {
          ceilings.put(each.stream, each.layer.ceilingBps());
        }
      }
    }
    neededTold = needed;
    relay.send(new RelayMessage.LayersNeeded(track.id(), needed, ceilings));
  }

  List<Imported> layers() {
    return layers;
  }

  private @Nullable Imported find(int stream) {
    for (Imported each : layers) {
      if (each.stream == stream) {
        return each;
      }
    }
    return null;
  }
}
