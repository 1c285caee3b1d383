package org.plenum.broadcast.programme;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.plenum.broadcast.box.Fragment;
import org.plenum.broadcast.box.InitSegment;
import org.plenum.broadcast.box.Sample;
import org.plenum.broadcast.hls.Init;
import org.plenum.broadcast.hls.Part;
import org.plenum.broadcast.hls.Rendition;
import org.plenum.broadcast.hls.Segment;
import org.plenum.broadcast.sound.SoundDecoder;
import org.plenum.broadcast.sound.SoundEncoder;
import org.plenum.broadcast.sound.SoundMixer;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TappedPacket;
import org.plenum.sfu.TappedStream;
import org.plenum.sfu.TrackSource;

/// The sound of a programme: one rendition that never stops, mixed of all who may be heard, behind
/// the picture by as long as packets may be late. Both have their discontinuities at the same
/// places: the picture changes no earlier than where the sound is.
public final class Soundtrack implements AutoCloseable {
  /// A packet that is later is not heard: twice asked for again on a path of 100 ms.
  static final long BEHIND_NANOS = 250_000_000L;

  /// Where pictures stop, the sound goes on for so long, and waits for what will be shown then.
  /// Screens on which nothing moves send a picture a second.
  private static final long ALONE_TICKS = Segment.TICKS * 12L / 10;

  /// Who is mixed at the same time: the sound of screens, who speaks, then who came first.
  private static final int MOST_VOICES = 12;

  /// Programme ticks of a packet.
  static final int PACKET_TICKS = SoundMixer.FRAME * (Segment.TICKS / 1000) / 48;

  private static final int PART_PACKETS = (int) (Rendition.PART_TICKS / PACKET_TICKS);

  private final Programme programme;
  private final SoundMixer mixer;
  private final SoundEncoder encoder;
  private final Init init = new Init("opus", 0, 0, InitSegment.sound());
  private final Rendition rendition = Rendition.sound();
  private final List<Sample> open = new ArrayList<>();
  private final long zeroNanos;
  private List<TappedStream> voices = List.of();

  /// Number of the next packet of 20 ms on the programme's time line; -1 before there is a picture.
  private long next = -1;

  private long openFrom;
  private int openDiscontinuity;
  private int fragments;

  /// Packets of the open segment that are in its parts.
  private int inParts;

  /// @param decoder makes one for each stream
  /// @param zeroNanos the monotonic time of the programme's tick 0
  public Soundtrack(
      Programme programme, Supplier<SoundDecoder> decoder, SoundEncoder encoder, long zeroNanos) {
    this.programme = programme;
    this.mixer = new SoundMixer(decoder);
    this.encoder = encoder;
    this.zeroNanos = zeroNanos;
  }

  public Rendition rendition() {
    return rendition;
  }

  /// A packet came; those of pictures are left out.
  public void onPacket(TappedPacket packet, long nowNanos) {
    if (packet.stream().source().kind() == MediaKind.AUDIO && voices.contains(packet.stream())) {
      mixer.onPacket(packet, zeroNanos, nowNanos);
    }
  }

  /// Mixes and encodes what is due.
  ///
  /// @param streams what there is in the room
  /// @param speakers the dominant one first
  public void onTimeout(List<TappedStream> streams, List<ParticipantId> speakers, long nowNanos) {
    choose(streams, speakers);
    long until = Math.min(ticks(nowNanos - BEHIND_NANOS), programme.frontTicks() + ALONE_TICKS);
    long due = Math.floorDiv(until, PACKET_TICKS);
    if (next < 0 && programme.takes() > 0) {
      next = Math.ceilDiv(programme.firstTicks(), PACKET_TICKS);
    }
    while (next >= 0 && next < due) {
      packet(nowNanos);
    }
  }

  /// Ends it where the programme has ended.
  public void end(long nowNanos) {
    while (next >= 0 && next * PACKET_TICKS < programme.endTicks()) {
      packet(nowNanos);
    }
    cut();
    voices.forEach(stream -> stream.want(false));
    voices = List.of();
  }

  @Override
  public void close() {
    mixer.close();
    encoder.close();
  }

  private void choose(List<TappedStream> streams, List<ParticipantId> speakers) {
    List<TappedStream> chosen = new ArrayList<>();
    for (TappedStream stream : streams) {
      if (stream.source() == TrackSource.SCREEN_AUDIO) {
        chosen.add(stream);
      }
    }
    for (ParticipantId speaker : speakers) {
      streams.stream()
          .filter(stream -> isMicrophone(stream) && stream.publisher().equals(speaker))
          .forEach(chosen::add);
    }
    streams.stream()
        .filter(stream -> isMicrophone(stream) && !chosen.contains(stream))
        .forEach(chosen::add);
    List<TappedStream> now = List.copyOf(chosen.subList(0, Math.min(chosen.size(), MOST_VOICES)));
    if (!now.equals(voices)) {
      for (TappedStream stream : streams) {
        if (stream.source().kind() == MediaKind.AUDIO) {
          stream.want(now.contains(stream));
        }
      }
      voices = now;
      mixer.retain(now);
    }
  }

  private static boolean isMicrophone(TappedStream stream) {
    return stream.source() == TrackSource.MICROPHONE && !stream.state().muted();
  }

  private void packet(long nowNanos) {
    long from = next * PACKET_TICKS;
    int discontinuity = programme.discontinuityAt(from);
    boolean atLine = from % Line.SEGMENT_TICKS == 0;
    if (!open.isEmpty() && (atLine || discontinuity != openDiscontinuity)) {
      cut();
    }
    if (open.isEmpty()) {
      openFrom = from;
      openDiscontinuity = discontinuity;
    }
    float[] samples = mixer.mix(next * SoundMixer.FRAME, zeroNanos, nowNanos);
    open.add(new Sample(encoder.encode(samples), SoundMixer.FRAME, true));
    next++;
    programme.heard(next * PACKET_TICKS);
    if (open.size() - inParts == PART_PACKETS) {
      part();
    }
  }

  private void part() {
    List<Sample> its = List.copyOf(open.subList(inParts, open.size()));
    long at = openFrom / PACKET_TICKS + inParts;
    byte[] bytes = Fragment.write(++fragments, at * SoundMixer.FRAME, its);
    var part = new Part(bytes, (long) its.size() * PACKET_TICKS, true);
    rendition.addPart(init, openFrom, openDiscontinuity, part);
    inParts = open.size();
  }

  private void cut() {
    if (!open.isEmpty()) {
      if (inParts < open.size()) {
        part();
      }
      inParts = 0;
      long decodeTime = openFrom / PACKET_TICKS * SoundMixer.FRAME;
      byte[] bytes = Fragment.write(++fragments, decodeTime, open);
      long duration = (long) open.size() * PACKET_TICKS;
      rendition.add(new Segment(bytes, init, openFrom, duration, true, openDiscontinuity));
      open.clear();
    }
  }

  private long ticks(long nanos) {
    return (nanos - zeroNanos) / 1000 * 9 / 100;
  }
}
