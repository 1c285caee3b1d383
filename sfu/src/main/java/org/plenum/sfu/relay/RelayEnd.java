package org.plenum.sfu.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.forward.PublisherClock;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.receive.PacketRing;
import org.plenum.sfu.relay.TrackImport.Imported;
import org.plenum.sfu.transport.SsrcTable;
import org.plenum.sfu.transport.WallClock;

/// One end of the relay between two parts of a room that live on different workers, of one process
/// or of two nodes. Packets cross by a [PacketRing] in each direction, or by a [PacketLine] between
/// two of them at each end; news by messages, whose order is kept. Nothing that came
/// in here goes out here again, and the parts of a room are a tree: so nothing goes round. Owned by
/// the thread of the worker whose part it belongs to; only what it was given at the start is
/// shared.
public final class RelayEnd {
  /// Layers that may be known here at once.
  private static final int MOST_STREAMS = 1 << 16;

  /// Packets that are taken over in a turn, so that a flood cannot keep the out phase waiting.
  private static final int MOST_IN_TURN = 1024;

  /// What an end is given by the worker it belongs to.
  ///
  /// @param lines to other nodes; null: there are none
  public record Home(WorkerCounters counters, WallClock clock, @Nullable Lines lines) {
    /// Of a worker that has no other nodes.
    public Home(WorkerCounters counters, WallClock clock) {
      this(counters, clock, null);
    }
  }

  private final PacketRing out;
  private final PacketRing in;
  private final Consumer<RelayMessage> messages;
  private final Carrier carrier;
  private final List<TrackExport> exports = new ArrayList<>();
  private final Map<TrackId, TrackImport> imports = new HashMap<>();
  private final List<TrackImport> importsInOrder = new ArrayList<>();
  private final SsrcTable<Imported> streams = new SsrcTable<>(MOST_STREAMS);
  private final PacketReader packetReader = new PacketReader();
  private @Nullable Home home;
  private List<List<Codec>> decoders = List.of();
  private int streamsMade;
  private boolean closed;

  /// @param messages brings messages to the other end, in order, and never refuses
  /// @param wakeOther makes the other worker look into its ring
  public RelayEnd(
      PacketRing out, PacketRing in, Consumer<RelayMessage> messages, Runnable wakeOther) {
    this(out, in, messages, new SharedRing(out, wakeOther));
  }

  /// To a part of the room on another node.
  ///
  /// @param line between the two rings and that node
  public RelayEnd(PacketRing out, PacketRing in, Consumer<RelayMessage> messages, PacketLine line) {
    this(out, in, messages, (Carrier) line);
  }

  private RelayEnd(
      PacketRing out, PacketRing in, Consumer<RelayMessage> messages, Carrier carrier) {
    this.out = out;
    this.in = in;
    this.messages = messages;
    this.carrier = carrier;
  }

  /// Belongs to this worker from now on.
  ///
  /// @return false if it has no place for it: then the other end is told that there is no part here
  public boolean settle(Home worker) {
    home = worker;
    boolean settled = carrier.settle(worker);
    if (!settled) {
      send(new RelayMessage.Closed());
      close();
    }
    return settled;
  }

  /// Tells the other end. No effect once it is closed.
  public void send(RelayMessage message) {
    if (closed) {
      return;
    }
    if (message instanceof RelayMessage.LayerOffered offer) {
      carrier.announce(offer.codec());
    }
    messages.accept(message);
  }

  /// What those on the other side can decode; each a set of codecs that at least one of them has.
  public List<List<Codec>> decoders() {
    return decoders;
  }

  /// Others can be decoded there now.
  public void decoders(List<List<Codec>> now) {
    decoders = now;
  }

  /// Whether everybody on the other side can show this codec.
  public boolean decodes(Codec codec) {
    for (List<Codec> decoder : decoders) {
      if (!decodes(decoder, codec)) {
        return false;
      }
    }
    return true;
  }

  private static boolean decodes(List<Codec> decoder, Codec published) {
    MediaKind kind = published.name().kind();
    boolean hasKind = false;
    for (Codec codec : decoder) {
      if (codec.name().kind() == kind) {
        hasKind = true;
        if (codec.matches(published)) {
          return true;
        }
      }
    }
    return !hasKind;
  }

  /// Offers a track of this side to the other, which knows of it already.
  public void export(Track track) {
    exports.add(new TrackExport(this, track));
  }

  /// Takes over a track of the other side, whenever it is needed here.
  public void admit(Track track) {
    var taken = new TrackImport(this, track);
    imports.put(track.id(), taken);
    importsInOrder.add(taken);
  }

  /// A track of the other side has ended.
  public void forget(Track track) {
    TrackImport gone = imports.remove(track.id());
    if (gone != null) {
      importsInOrder.remove(gone);
      gone.layers().forEach(layer -> streams.remove(layer.stream()));
    }
  }

  void forget(TrackExport ended) {
    exports.remove(ended);
  }

  /// Does what the other end asks.
  public void onMessage(RelayMessage.Media message) {
    switch (message) {
      case RelayMessage.LayerOffered offer -> {
        TrackImport of = imports.get(offer.track());
        Imported fresh = of == null ? null : of.offered(offer);
        if (fresh != null) {
          streams.put(fresh.stream(), fresh);
        }
      }
      case RelayMessage.LayerWithdrawn(int stream) -> {
        Imported gone = streams.find(stream);
        if (gone != null) {
          streams.remove(stream);
          gone.of().withdrawn(gone);
        }
      }
      case RelayMessage.LayerReported report -> {
        Imported about = streams.find(report.stream());
        if (about != null) {
          about.of().reported(about, report);
        }
      }
      case RelayMessage.LayersNeeded needed -> {
        for (TrackExport export : exports) {
          if (export.track().id().equals(needed.track())) {
            export.need(needed);
          }
        }
      }
      case RelayMessage.CodecNumbered(int number, var codec) -> carrier.numbered(number, codec);
      case RelayMessage.KeyFrameNeeded(int stream) -> {
        for (TrackExport export : exports) {
          if (export.needKeyFrame(stream)) {
            break;
          }
        }
      }
    }
  }

  /// Takes over the packets that wait.
  ///
  /// @return whether there are more than are taken over in a turn
  public boolean receive(long nowNanos) {
    for (int i = 0; i < MOST_IN_TURN && in.next(); i++) {
      Imported into = streams.find(in.stream());
      boolean isOfUse = into != null && into.of().take(into, in, nowNanos);
      in.release();
      counters()
          .add(
              isOfUse ? SfuCounter.RELAYED_PACKETS_RECEIVED : SfuCounter.RELAYED_PACKETS_UNUSED, 1);
    }
    return in.next();
  }

  /// Lets the other worker look, if there is something new for it.
  public void flush(long nowNanos) {
    carrier.flush(nowNanos);
  }

  /// Does what is due. To be called every 10 ms.
  public void onTimeout(long nowNanos) {
    for (int i = 0; i < exports.size(); i++) {
      exports.get(i).onTimeout(nowNanos);
    }
    boolean lost = carrier.onTimeout(nowNanos);
    for (int i = 0; i < importsInOrder.size(); i++) {
      if (lost) {
        importsInOrder.get(i).wantKeyFrames();
      }
      importsInOrder.get(i).onTimeout(nowNanos);
    }
  }

  /// Lets go of everything; idempotent.
  public void close() {
    closed = true;
    List.copyOf(exports).forEach(TrackExport::detach);
    exports.clear();
    carrier.close();
  }

  public boolean isClosed() {
    return closed;
  }

  PacketRing ring() {
    return out;
  }

  PacketReader packetReader() {
    return packetReader;
  }

  WorkerCounters counters() {
    return home().counters;
  }

  int nextStream() {
    return ++streamsMade;
  }

  /// By this worker's wall clock, as if the report had come here.
  void noteReport(PublisherClock clock, long ntp, long arrivalNanos) {
    clock.onSenderReport(ntp, home().clock.ntp(arrivalNanos), arrivalNanos);
  }

  private Home home() {
    if (home == null) {
      throw new IllegalStateException("the end belongs to no worker yet");
    }
    return home;
  }
}
