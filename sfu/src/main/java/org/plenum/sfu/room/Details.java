package org.plenum.sfu.room;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.sfu.Codec;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.receive.ReceiveStream;
import org.plenum.sfu.transport.Transport;

/// Gathers what is known of a participant. Worker's thread only.
final class Details {
  private Details() {}

  static ParticipantDetails of(Participant participant) {
    Transport transport = participant.transport();
    return new ParticipantDetails(
        participant.id(),
        participant.name(),
        participant.hidden(),
        participant.identity() == null ? null : participant.identity().value(),
        participant.metadata(),
        participant.permissions(),
        participant.silenced(),
        transport == null ? null : transport.state(),
        remote(transport),
        participant.tracks().values().stream().map(Details::of).toList(),
        participant.slots().size(),
        transport == null ? null : transport.pathKind(),
        statistics(participant, 0),
        participant.playback(),
        participant.ratings().latest());
  }

  private static ParticipantDetails.TrackDetails of(Track track) {
    return new ParticipantDetails.TrackDetails(
        track.info(),
        track.mid(),
        track.silenced(),
        track.codecs().stream().map(Codec::name).distinct().toList(),
        track.layers().stream().mapToLong(layer -> layer.stream().received()).sum(),
        track.layers().stream().mapToLong(layer -> layer.stream().missing()).sum());
  }

  static ParticipantStatistics statistics(Participant participant, long nowNanos) {
    Transport transport = participant.transport();
    return new ParticipantStatistics(
        nowNanos,
        transport == null
            ? ParticipantStatistics.UNKNOWN
            : transport.sender().reportedRoundTripNanos(),
        participant.tracks().values().stream()
            .flatMap(track -> track.layers().stream().map(layer -> statistics(track, layer)))
            .toList(),
        transport == null ? List.of() : transport.sender().statistics());
  }

  private static ParticipantStatistics.LayerStatistics statistics(Track track, Layer layer) {
    ReceiveStream stream = layer.stream();
    return new ParticipantStatistics.LayerStatistics(
        track.id(),
        track.source(),
        track.mid(),
        layer.rid(),
        track.activeCodec().name(),
        layer.height(),
        stream.received(),
        layer.bytes(),
        stream.missing(),
        stream.jitterNanos(),
        layer.nacks().asked(),
        layer.recovered(),
        layer.probes(),
        layer.keyFrames().sent());
  }

  private static @Nullable InetSocketAddress remote(@Nullable Transport transport) {
    NetworkPath path = transport == null ? null : transport.clientPath();
    return path == null ? null : path.remote();
  }
}
