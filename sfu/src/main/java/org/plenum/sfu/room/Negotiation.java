package org.plenum.sfu.room;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.ice.candidate.Candidate;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RefusedException.Reason;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SeatParameters;
import org.plenum.sfu.SfuConfig;
import org.plenum.sfu.SlotParameters;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackParameters;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.TransportState;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.counters.WorkerCounters.Gauge;
import org.plenum.sfu.dtls.DtlsFingerprint;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.transport.DirectRelay;
import org.plenum.sfu.transport.Transport;
import org.plenum.sfu.transport.TransportContext;

/// Makes a participant's transport, tracks, slots and seats what its latest offer says.
/// Everything is checked before anything is changed. Worker's thread only.
public final class Negotiation {
  /// What an offer led to.
  ///
  /// @param news what the others are to be told
  /// @param ended tracks that are no longer published; the caller ends them once no slot is bound
  record Outcome(TransportAnswer answer, List<RoomEvent> news, List<Track> ended) {}

  /// The most slots a participant may ever have, counting those that have ended: each keeps
  /// its place among the SSRCs of the SRTP session, which are bounded.
  private static final int MOST_SLOTS_EVER = 512;

  private final TransportContext context;
  private final DtlsFingerprint fingerprint;
  private List<Candidate> candidates;
  private final SfuConfig.Bitrates bitrates;
  private final WorkerCounters counters;

  /// @param fingerprint of our certificate
  /// @param candidates of the worker's port
  /// @param bitrates the most that is accepted of a track
  public Negotiation(
      TransportContext context,
      DtlsFingerprint fingerprint,
      List<Candidate> candidates,
      SfuConfig.Bitrates bitrates,
      WorkerCounters counters) {
    this.context = context;
    this.fingerprint = fingerprint;
    this.candidates = candidates;
    this.bitrates = bitrates;
    this.counters = counters;
  }

  /// Offers others from now on.
  public void offer(List<Candidate> others) {
    candidates = others;
  }

  /// A participant came, who may use our TURN server, if there is one.
  void admit(ParticipantId participant) {
    context.admit(participant);
  }

  /// Two are to talk directly, if need be by relays of our TURN server.
  void introduce(Participant one, Participant other) {
    context.introduce(
        new DirectRelay(one.id(), one.transport()), new DirectRelay(other.id(), other.transport()));
  }

  /// Somebody does not talk directly any more.
  void part(ParticipantId participant) {
    context.part(participant);
  }

  /// And left.
  void revoke(ParticipantId participant) {
    context.part(participant);
    context.revoke(participant);
  }

  /// @param audience of what it publishes
  Outcome apply(
      Participant participant,
      TransportOffer offer,
      RoomSettings settings,
      Audience audience,
      long nowNanos) {
    check(participant, offer, settings);
    Transport transport = transport(participant, offer, nowNanos);
    List<RoomEvent> news = new ArrayList<>();
    var codecs = new CodecPolicy(settings.codecs());
    List<Track> ended = applyTracks(participant, transport, offer.tracks(), codecs, audience, news);
    applySlots(participant, transport, offer.slots());
    applySeats(participant, offer.seats());
    return new Outcome(answer(participant, transport), news, ended);
  }

  /// New ICE credentials on our side for new ones of the client's; all else stays.
  TransportAnswer restartIce(Participant participant, IceCredentials remote, long nowNanos) {
    Transport transport = participant.transport();
    if (transport == null || transport.state() == TransportState.CLOSED) {
      throw refused("there is no open transport whose ICE could be restarted");
    }
    transport.restartIce(remote, nowNanos);
    return answer(participant, transport);
  }

  private static void check(Participant participant, TransportOffer offer, RoomSettings settings) {
    requireAtMost("tracks", offer.tracks().size(), settings.maxTracks());
    requireAtMost("slots", offer.slots().size(), settings.maxSlots());
    Transport transport = participant.transport();
    if (transport != null && !transport.hasFingerprints(offer.fingerprints())) {
      throw refused("the certificate's fingerprint may not change on a transport");
    }
    if (transport != null && transport.state() == TransportState.CLOSED) {
      throw refused("the transport is closed: begin a new session");
    }
    if (participant.hidden() && !offer.tracks().isEmpty()) {
      throw new RefusedException(Reason.FORBIDDEN, "a hidden participant may not publish");
    }
    Set<Mid> seen = new HashSet<>();
    for (TrackParameters track : offer.tracks()) {
      requireNew(seen, track.mid());
      requirePermitted(participant, track);
      requireCommonCodec(track, settings);
    }
    Map<Mid, SlotParameters> slots = new HashMap<>();
    for (SlotParameters slot : offer.slots()) {
      requireNew(seen, slot.mid());
      slots.put(slot.mid(), slot);
      Slot present = participant.slots().get(slot.mid());
      if (present != null && present.kind() != slot.kind()) {
        throw refused("section " + slot.mid() + " may not change between audio and video");
      }
    }
    checkSeats(offer.seats(), slots);
    slots.keySet().removeAll(participant.slots().keySet());
    requireAtMost(
        "slots in the life of a transport",
        participant.slotsMade() + slots.size(),
        MOST_SLOTS_EVER);
  }

  private static void requireCommonCodec(TrackParameters track, RoomSettings settings) {
    if (new CodecPolicy(settings.codecs()).accept(track.codecs()).isEmpty()) {
      throw refused(
          "section "
              + track.mid()
              + " offers "
              + names(track.codecs().stream().map(Codec::name))
              + ", but the room takes "
              + names(settings.codecs().stream()));
    }
  }

  private static String names(Stream<CodecName> codecs) {
    return codecs.map(CodecName::encodingName).distinct().collect(Collectors.joining(", "));
  }

  private static void checkSeats(List<SeatParameters> seats, Map<Mid, SlotParameters> slots) {
    Set<Integer> numbers = new HashSet<>();
    Set<Mid> taken = new HashSet<>();
    for (SeatParameters seat : seats) {
      if (!numbers.add(seat.seat())) {
        throw refused("seat " + seat.seat() + " is listed twice");
      }
      requireSlot(seat.seat(), seat.audio(), MediaKind.AUDIO, slots, taken);
      requireSlot(seat.seat(), seat.video(), MediaKind.VIDEO, slots, taken);
    }
  }

  private static void requireSlot(
      int seat, @Nullable Mid mid, MediaKind kind, Map<Mid, SlotParameters> slots, Set<Mid> taken) {
    if (mid == null) {
      return;
    }
    SlotParameters slot = slots.get(mid);
    if (slot == null || slot.kind() != kind) {
      throw refused("seat " + seat + ": section " + mid + " is no " + kind + " slot");
    }
    if (!taken.add(mid)) {
      throw refused("section " + mid + " is in two seats");
    }
  }

  private Transport transport(Participant participant, TransportOffer offer, long nowNanos) {
    Transport transport = participant.transport();
    if (transport == null) {
      transport =
          new Transport(
              context,
              offer.ice(),
              offer.fingerprints(),
              offer.extensions(),
              participant,
              nowNanos);
      participant.transport(transport);
    } else {
      transport.onOffer(offer.ice(), offer.extensions(), nowNanos);
    }
    transport.sender().streamFeedback(offer.streamFeedback());
    return transport;
  }

  private List<Track> applyTracks(
      Participant participant,
      Transport transport,
      List<TrackParameters> offered,
      CodecPolicy policy,
      Audience audience,
      List<RoomEvent> news) {
    Map<Mid, TrackParameters> wanted = new HashMap<>();
    offered.forEach(parameters -> wanted.put(parameters.mid(), parameters));
    List<Track> ended = new ArrayList<>();
    for (Track track : List.copyOf(participant.tracks().values())) {
      TrackParameters parameters = wanted.get(track.mid());
      if (parameters == null || parameters.source() != track.source()) {
        participant.tracks().remove(track.mid());
        transport.receiver().removeTrack(track);
        ended.add(track);
        counters.add(Gauge.TRACKS, -1);
        news.add(new RoomEvent.TrackUnpublished(participant.id(), track.id()));
      }
    }
    for (TrackParameters parameters : offered) {
      Track present = participant.tracks().get(parameters.mid());
      List<Codec> codecs = policy.accept(parameters.codecs());
      Codec sent = present == null ? null : find(present.codecs().getFirst(), codecs);
      codecs =
          CodecPolicy.withFirst(CodecPolicy.choose(codecs, sent, participant, audience), codecs);
      if (present == null) {
        news.add(publish(participant, transport, parameters, codecs));
      } else {
        present.codecs(codecs);
        present.rids(parameters.rids());
        participant.wanted().remove(parameters.mid());
        addTrack(transport, present, parameters);
      }
    }
    return ended;
  }

  private static @Nullable Codec find(Codec wanted, List<Codec> among) {
    for (Codec codec : among) {
      if (codec.matches(wanted)) {
        return codec;
      }
    }
    return null;
  }

  private RoomEvent publish(
      Participant participant,
      Transport transport,
      TrackParameters parameters,
      List<Codec> codecs) {
    var track =
        new Track(
            new TrackId(participant.id() + "-t" + participant.nextTrackNumber()),
            participant.id(),
            parameters.mid(),
            parameters.source(),
            codecs,
            participant.clock());
    track.rids(parameters.rids());
    track.muted(parameters.muted());
    track.silenced(participant.silenced().contains(parameters.source()));
    participant.tracks().put(parameters.mid(), track);
    addTrack(transport, track, parameters);
    counters.add(Gauge.TRACKS, 1);
    return new RoomEvent.TrackPublished(participant.id(), track.info());
  }

  private void addTrack(Transport transport, Track track, TrackParameters parameters) {
    transport.receiver().addTrack(track, parameters.ssrcs(), bitrates.of(track.source()));
  }

  private void applySlots(
      Participant participant, Transport transport, List<SlotParameters> offered) {
    Set<Mid> wanted = new HashSet<>();
    for (SlotParameters parameters : offered) {
      wanted.add(parameters.mid());
      Slot present = participant.slots().get(parameters.mid());
      if (present == null) {
        participant.slots().put(parameters.mid(), transport.sender().addSlot(parameters));
        participant.countSlot();
        counters.add(Gauge.SLOTS, 1);
      } else {
        transport.sender().changeSlot(present, parameters);
      }
    }
    for (Slot slot : List.copyOf(participant.slots().values())) {
      if (!wanted.contains(slot.mid())) {
        participant.slots().remove(slot.mid());
        participant.told().remove(slot);
        participant.shares().forget(slot);
        transport.sender().removeSlot(slot);
        counters.add(Gauge.SLOTS, -1);
      }
    }
  }

  /// Rebuilds the seats; who sat in a seat of the same number and slots stays.
  private static void applySeats(Participant participant, List<SeatParameters> offered) {
    List<Seat> before = List.copyOf(participant.seats());
    participant.seats().clear();
    for (SeatParameters parameters : offered) {
      Slot audio = slot(participant, parameters.audio());
      Slot video = slot(participant, parameters.video());
      var seat = new Seat(parameters.seat(), audio, video);
      for (Seat old : before) {
        if (old.number() == seat.number() && old.audio() == audio && old.video() == video) {
          seat.occupy(old.occupant(), old.maxHeight(), old.maxFramerate());
        }
      }
      participant.seats().add(seat);
    }
  }

  private static @Nullable Slot slot(Participant participant, @Nullable Mid mid) {
    return mid == null ? null : participant.slots().get(mid);
  }

  private TransportAnswer answer(Participant participant, Transport transport) {
    Map<Mid, TransportAnswer.SlotSsrcs> ssrcs = new HashMap<>();
    for (Slot slot : participant.slots().values()) {
      ssrcs.put(
          slot.mid(),
          new TransportAnswer.SlotSsrcs(
              slot.numbers().ssrc(), slot.numbers().rtxSsrc(), transport.sender().fecSsrc(slot)));
    }
    Map<Mid, List<Codec>> codecs = new HashMap<>();
    for (Track track : participant.tracks().values()) {
      codecs.put(track.mid(), track.codecs());
    }
    return new TransportAnswer(
        transport.localCredentials(),
        fingerprint,
        candidates,
        transport.sender().cname(),
        ssrcs,
        codecs);
  }

  private static void requireAtMost(String what, int count, int most) {
    if (count > most) {
      throw refused("at most " + most + " " + what + " are allowed, not " + count);
    }
  }

  /// What is published already stays when a permission is taken back: it is forwarded to nobody.
  private static void requirePermitted(Participant participant, TrackParameters track) {
    Track present = participant.tracks().get(track.mid());
    boolean isNew = present == null || present.source() != track.source();
    if (isNew && !participant.permissions().publish().contains(track.source())) {
      throw new RefusedException(
          Reason.FORBIDDEN, "this participant may not publish " + track.source());
    }
  }

  private static void requireNew(Set<Mid> seen, Mid mid) {
    if (!seen.add(mid)) {
      throw refused("section " + mid + " is listed twice");
    }
  }

  private static RefusedException refused(String message) {
    return new RefusedException(Reason.INVALID_OFFER, message);
  }
}
