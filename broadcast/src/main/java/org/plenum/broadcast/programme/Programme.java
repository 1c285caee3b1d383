package org.plenum.broadcast.programme;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.frame.Frame;
import org.plenum.broadcast.frame.StreamReader;
import org.plenum.broadcast.hls.Rendition;
import org.plenum.broadcast.hls.Segment;
import org.plenum.broadcast.programme.ProgrammeChoice.Candidate;
import org.plenum.broadcast.sound.SoundMixer;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TappedPacket;
import org.plenum.sfu.TappedStream;
import org.plenum.sfu.TappedStream.Captured;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;

/// The programme of a room: out of the packets of all it makes the renditions of one picture. What
/// is shown goes on until the key frames of what comes next are there; where it changes, all
/// renditions have a discontinuity. While nobody sends a picture a slate is shown. There is one
/// time line of 90 kHz from the beginning on, where frames are 0.1 s after they were captured, by
/// their publisher's sender reports. What comes next begins where all that is published ends, the
/// sound too: its frames from before are decoded there, but not seen.
public final class Programme {
  /// What browsers play from HLS.
  public static final Set<CodecName> CODECS = Set.of(CodecName.H264, CodecName.VP9, CodecName.AV1);

  /// Simulcast has no more.
  private static final int MOST_RENDITIONS = 3;

  /// Once one layer of what comes next is there, the others have so long.
  static final long WHOLE_NANOS = 700_000_000L;

  /// Layers come and go when a link changes; so long it has to last before the programme changes.
  static final long STEADY_NANOS = 2_000_000_000L;

  /// A layer that did not come is tried again after so long.
  private static final long RETRY_NANOS = 4_000_000_000L;

  /// So often: each may be a discontinuity.
  private static final int MOST_RETRIES = 3;

  /// After so long without a frame, what was shown has ended where nobody sends a picture.
  static final long ABSENCE_NANOS = 700_000_000L;

  /// So long the first picture may take to come before a slate is shown instead.
  private static final long FIRST_NANOS = 10_000_000_000L;

  /// So far back may the slate begin at the most.
  private static final long SLATE_BACK_TICKS = Segment.TICKS;

  /// After so long without a frame, what was shown has ended.
  static final long SILENCE_NANOS = 2_500_000_000L;

  /// Encoders ignore requests that come faster.
  private static final long ASK_NANOS = 500_000_000L;

  /// A stream whose clock is so far from ours is set anew.
  private static final long MOST_DRIFT_TICKS = 2L * Segment.TICKS;

  /// By how much a stream goes towards its place with each frame: nobody sees a millisecond.
  private static final long SLEW_TICKS = Segment.TICKS / 1000;

  /// Frames that come later than they should by more would miss their parts.
  private static final long MOST_LATE_TICKS = Segment.TICKS / 5;

  /// Frames must not be far ahead of what has come.
  private static final long MOST_EARLY_TICKS = Segment.TICKS / 10;

  /// Of takes, for the sound that follows a moment later.
  private static final int STARTS_KEPT = 64;

  private static final class Input {
    final StreamReader reader = new StreamReader(CODECS);
    boolean anchored;
    long offsetTicks;
    long askedNanos;
    boolean asked;
  }

  private final long zeroNanos;
  private final ProgrammeChoice choice = new ProgrammeChoice();
  private final Map<TappedStream, Input> inputs = new LinkedHashMap<>();
  private final List<Rendition> renditions = new ArrayList<>();
  private @Nullable Take current;
  private @Nullable Take pending;
  private @Nullable Slate slate;
  private List<TappedStream> wished = List.of();
  private long wishedNanos;
  private int retries;
  private int takes;

  /// Where the latest takes begin, the first of which is number `takes - starts.size()`.
  private final Deque<Long> starts = new ArrayDeque<>();

  private int fragments;
  private long changes;

  /// Where the latest frame of what is shown is.
  private long frontTicks;

  /// Where the sound ends so far.
  private long heardTicks = Long.MIN_VALUE;

  /// Of streams that are read no more.
  private long lostBefore;

  private long endTicks = Long.MIN_VALUE;
  private boolean changed;
  private boolean ended;

  /// @param zeroNanos the monotonic time of tick 0
  public Programme(long zeroNanos) {
    this.zeroNanos = zeroNanos;
  }

  /// From the largest picture to the smallest. None goes; smaller ones may come, so that who knows
  /// only the first, because one layer was all that there was, is not left with the smallest.
  public List<Rendition> renditions() {
    return renditions;
  }

  /// Whether [#renditions] have other segments or parts since the last call.
  public boolean takeChanged() {
    long now = renditions.stream().mapToLong(Rendition::changes).sum();
    boolean result = changed || now != changes;
    changes = now;
    changed = false;
    return result;
  }

  /// Pictures that could not be put together so far.
  public long lostPictures() {
    return lostBefore
        + inputs.values().stream().mapToLong(input -> input.reader.brokenPictures()).sum();
  }

  /// Where the latest frame of what is shown is; while a slate is, now.
  long frontTicks() {
    return frontTicks;
  }

  /// The sound goes up to here: it is settled what is shown until then.
  void heard(long ticks) {
    heardTicks = ticks;
  }

  /// Where it ended; before, and if there was nothing, the smallest number.
  long endTicks() {
    return endTicks;
  }

  /// How many discontinuities there were, and one.
  int takes() {
    return takes;
  }

  /// Where the first of the latest takes begins; only if there was one.
  long firstTicks() {
    return starts.getFirst();
  }

  /// How many discontinuities of the programme lie before this place; of what is long ago, as many
  /// as before what is still known.
  int discontinuityAt(long ticks) {
    int number = takes;
    for (Iterator<Long> latest = starts.descendingIterator(); latest.hasNext(); ) {
      number--;
      if (latest.next() <= ticks) {
        return number;
      }
    }
    return Math.max(0, number);
  }

  public boolean isEnded() {
    return ended;
  }

  /// A packet came.
  public void onPacket(TappedPacket packet, long nowNanos) {
    Input input = inputs.get(packet.stream());
    if (input != null && !ended) {
      input.reader.onPacket(
          packet, nowNanos, frame -> onFrame(packet.stream(), input, frame, nowNanos));
    }
  }

  /// Decides what is due. To be called some times between two pictures.
  ///
  /// @param streams what there is in the room
  /// @param speakers the dominant one first
  /// @param pinned who is to be shown where no screen is; null for whoever speaks
  public void onTimeout(
      List<TappedStream> streams,
      List<ParticipantId> speakers,
      @Nullable ParticipantId pinned,
      long nowNanos) {
    if (ended) {
      return;
    }
    inputs.forEach(
        (stream, input) ->
            input.reader.onTimeout(nowNanos, frame -> onFrame(stream, input, frame, nowNanos)));
    List<TappedStream> usable = streams.stream().filter(Programme::isUsable).toList();
    Candidate shown = choice.choose(candidates(usable), speakers, pinned, nowNanos);
    endSilent(shown == null ? ABSENCE_NANOS : SILENCE_NANOS, nowNanos);
    prepare(shown == null ? List.of() : layers(usable, shown.track()), nowNanos);
    commitWhenReady(nowNanos);
    if (current != null) {
      for (Line line : current.lines()) {
        line.onTimeout(ticks(nowNanos));
        frontTicks = Math.max(frontTicks, line.lastTicks());
      }
    }
    showSlate(streams.stream().anyMatch(Programme::isPicture), nowNanos);
    want(streams);
    askKeyFrames(nowNanos);
  }

  /// Ends the programme: the last segments are what came so far. All renditions end at the same
  /// place, and so should the sound.
  public void end() {
    if (!ended) {
      ended = true;
      changed = true;
      long last = Long.MIN_VALUE;
      for (Line line : current == null ? List.<Line>of() : current.lines()) {
        last = Math.max(last, line.nextTicks());
      }
      endTicks = renditions.isEmpty() ? Long.MIN_VALUE : settledTicks(last);
      finish(current, endTicks);
      if (slate != null) {
        slate.finish(endTicks);
      }
      current = null;
      pending = null;
      slate = null;
      inputs.keySet().forEach(stream -> stream.want(false));
      inputs.clear();
    }
  }

  /// Who sends a picture that cannot be shown, for its codec is none of [#CODECS].
  public static List<ParticipantId> unseen(List<TappedStream> streams) {
    return streams.stream()
        .filter(stream -> isPicture(stream) && !isUsable(stream))
        .map(TappedStream::publisher)
        .distinct()
        .toList();
  }

  private static boolean isUsable(TappedStream stream) {
    return isPicture(stream) && CODECS.contains(stream.state().codec());
  }

  private static boolean isPicture(TappedStream stream) {
    return stream.source().kind() == MediaKind.VIDEO && !stream.state().muted();
  }

  private static List<Candidate> candidates(List<TappedStream> usable) {
    return usable.stream()
        .map(
            stream ->
                new Candidate(
                    stream.track(), stream.publisher(), stream.source() == TrackSource.SCREEN))
        .distinct()
        .toList();
  }

  /// The layers of a track that are worth a rendition each, the smallest picture first.
  private static List<TappedStream> layers(List<TappedStream> usable, TrackId track) {
    List<TappedStream> all =
        usable.stream()
            .filter(stream -> stream.track().equals(track))
            .sorted(Comparator.comparingInt(stream -> stream.state().height()))
            .toList();
    List<TappedStream> sent =
        all.stream()
            .filter(stream -> !stream.state().stalled() && stream.state().height() > 0)
            .toList();
    if (sent.isEmpty()) {
      return all.isEmpty() ? List.of() : List.of(all.getLast());
    }
    return sent.subList(Math.max(0, sent.size() - MOST_RENDITIONS), sent.size());
  }

  private void endSilent(long mostNanos, long nowNanos) {
    if (current != null && nowNanos - current.lastArrivalNanos() > mostNanos) {
      long end = settledTicks(ticks(nowNanos) - SLATE_BACK_TICKS);
      for (Line line : current.lines()) {
        end = Math.max(end, line.nextTicks());
      }
      long start = settledTicks(end);
      current.lines().forEach(line -> line.finish(start));
      current = null;
    }
  }

  /// Where nothing else is shown, and nothing is about to be.
  ///
  /// @param sent whether somebody sends a picture, be it in a codec that cannot be shown
  private void showSlate(boolean sent, long nowNanos) {
    boolean comes = pending != null && pending.hasBegun();
    if (current != null || comes) {
      return;
    }
    // At the beginning somebody may have to change their codec first.
    boolean mayCome = takes == 0 && sent && nowNanos - zeroNanos < FIRST_NANOS;
    if (mayCome || nowNanos - zeroNanos < SILENCE_NANOS) {
      return;
    }
    if (slate == null) {
      // Players learn once how many there are.
      while (renditions.size() < MOST_RENDITIONS) {
        renditions.add(new Rendition(renditions.size()));
      }
      long start = settledTicks(ticks(nowNanos) - SLATE_BACK_TICKS);
      slate = new Slate(renditions, start, takes, fragments);
      begin(start);
    }
    slate.onTimeout(ticks(nowNanos));
    frontTicks = ticks(nowNanos);
  }

  /// From where on something else can be shown: at a packet of the sound.
  ///
  /// @param ticks not before this
  private long settledTicks(long ticks) {
    long at = Math.max(ticks, heardTicks);
    for (Rendition rendition : renditions) {
      at = Math.max(at, rendition.endTicks());
    }
    return Math.ceilDiv(at, Soundtrack.PACKET_TICKS) * Soundtrack.PACKET_TICKS;
  }

  /// Something else is shown from here on.
  private void begin(long startTicks) {
    fragments += 1 << 16; // more than there can be before the next
    takes++;
    starts.add(startTicks);
    if (starts.size() > STARTS_KEPT) {
      starts.removeFirst();
    }
  }

  /// Gets what is to be shown ready, if it is not what is shown.
  private void prepare(List<TappedStream> layers, long nowNanos) {
    if (!layers.equals(wished)) {
      wished = layers;
      wishedNanos = nowNanos;
      retries = 0;
    }
    if (pending != null && (layers.isEmpty() || isOther(pending, layers))) {
      pending = null;
    }
    if (pending != null || layers.isEmpty()) {
      return;
    }
    if (current == null || isOther(current, layers) || isStopped(current)) {
      pending = new Take(layers, nowNanos);
    } else if (!current.asked().equals(layers)) {
      pending = nowNanos - wishedNanos >= STEADY_NANOS ? new Take(layers, nowNanos) : null;
    } else if (current.lines().size() < layers.size()
        && retries < MOST_RETRIES
        && nowNanos - current.madeNanos() >= RETRY_NANOS) {
      retries++;
      pending = new Take(layers, nowNanos);
    }
  }

  /// Whether a layer of it goes on elsewhere, and can be taken up only with a new key frame.
  private static boolean isStopped(Take take) {
    return take.lines().stream().anyMatch(Line::isOver);
  }

  /// Whether it is of another track.
  private static boolean isOther(Take take, List<TappedStream> layers) {
    return !take.asked().getFirst().track().equals(layers.getFirst().track());
  }

  private void onFrame(TappedStream stream, Input input, Frame frame, long nowNanos) {
    long ticks = ticks(stream, input, frame);
    Line shown = current == null ? null : current.line(stream);
    if (shown != null && !shown.isOver() && shown.isForeign(frame)) {
      shown.over();
      if (pending == null && current != null) {
        pending = new Take(current.asked(), nowNanos);
      }
    }
    Take next = pending;
    Line coming = next == null ? null : next.line(stream);
    if (next != null && coming != null && coming.isForeign(frame)) {
      // It changed again before it was shown.
      next = new Take(next.asked(), nowNanos);
      pending = next;
      coming = next.line(stream);
    }
    if (coming != null && (frame.isKey() || coming.hasBegun())) {
      coming.onFrame(frame, ticks, false);
    }
    if (shown != null) {
      shown.onFrame(frame, ticks, pending != null && pending.hasBegun());
    }
  }

  /// A stream has its place by its publisher's sender reports, so that sound and picture are
  /// together; before the first, by the arrival of its first frame.
  private long ticks(TappedStream stream, Input input, Frame frame) {
    long arrival = ticks(frame.arrivalNanos());
    long at = frame.timestamp() + input.offsetTicks;
    Captured captured = stream.captured();
    long reported =
        captured == null
            ? arrival
            : ticks(captured.nanos() + SoundMixer.CAPTURE_NANOS)
                + (int) (frame.timestamp() - captured.timestamp());
    if (!input.anchored || Math.abs(at - arrival) > MOST_DRIFT_TICKS) {
      input.anchored = true;
      at = isPlausible(reported, arrival) ? placed(reported, arrival) : arrival;
    } else if (captured != null && isPlausible(reported, arrival)) {
      at += Math.clamp(placed(reported, arrival) - at, -SLEW_TICKS, SLEW_TICKS);
    }
    input.offsetTicks = at - frame.timestamp();
    return at;
  }

  private static boolean isPlausible(long reported, long arrival) {
    return Math.abs(reported - arrival) <= MOST_DRIFT_TICKS;
  }

  private static long placed(long reported, long arrival) {
    return Math.clamp(reported, arrival - MOST_LATE_TICKS, arrival + MOST_EARLY_TICKS);
  }

  private long ticks(long nanos) {
    return (nanos - zeroNanos) / 1000 * 9 / 100;
  }

  private void commitWhenReady(long nowNanos) {
    Take next = pending;
    if (next == null || !next.hasBegun()) {
      return;
    }
    long first =
        next.lines().stream()
            .filter(Line::hasBegun)
            .mapToLong(Line::startTicks)
            .min()
            .orElseThrow();
    boolean isLate = ticks(nowNanos) - first > WHOLE_NANOS / 100_000 * 9;
    if (next.isWhole() || isLate) {
      next.dropAbsent();
      commit(next);
    }
  }

  private void commit(Take next) {
    List<Line> lines = next.lines();
    while (renditions.size() < lines.size()) {
      renditions.add(new Rendition(renditions.size()));
    }
    long first = lines.stream().mapToLong(Line::startTicks).max().orElseThrow();
    long start = settledTicks(first);
    finish(current, start);
    if (slate != null) {
      slate.finish(start);
      slate = null;
    }
    for (Line line : lines) {
      List<Rendition> its =
          renditions.stream().filter(rendition -> lineOf(rendition, lines) == line).toList();
      line.publish(its, start, takes, fragments);
    }
    begin(start);
    current = next;
    pending = null;
  }

  /// The layer that fills a rendition: where there are fewer than renditions, the largest fills the
  /// rest.
  ///
  /// @param lines the smallest picture first
  private Line lineOf(Rendition rendition, List<Line> lines) {
    int fromSmallest = renditions.size() - 1 - rendition.index();
    return lines.get(Math.min(fromSmallest, lines.size() - 1));
  }

  /// @param endTicks where the next begins, or the programme ends
  private static void finish(@Nullable Take take, long endTicks) {
    if (take != null) {
      take.lines().forEach(line -> line.finish(endTicks));
    }
  }

  private void want(List<TappedStream> streams) {
    Set<TappedStream> needed = new HashSet<>();
    for (Take take : new @Nullable Take[] {current, pending}) {
      if (take != null) {
        take.lines().forEach(line -> needed.add(line.stream()));
      }
    }
    needed.retainAll(streams);
    for (TappedStream stream : streams) {
      if (stream.source().kind() == MediaKind.AUDIO) {
        continue;
      }
      boolean yes = needed.contains(stream);
      if (yes != stream.isWanted()) {
        stream.want(yes);
      }
      if (yes) {
        inputs.computeIfAbsent(stream, _ -> new Input());
      }
    }
    inputs
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !needed.contains(entry.getKey());
              lostBefore += gone ? entry.getValue().reader.brokenPictures() : 0;
              return gone;
            });
  }

  private void askKeyFrames(long nowNanos) {
    inputs.forEach(
        (stream, input) -> {
          Line shown = current == null ? null : current.line(stream);
          Line coming = pending == null ? null : pending.line(stream);
          boolean atLine = shown != null && shown.takeKeyFrameDue(ticks(nowNanos));
          boolean atOnce = input.reader.needsKeyFrame() || coming != null && !coming.hasBegun();
          boolean again = !input.asked || nowNanos - input.askedNanos >= ASK_NANOS;
          if (atLine || atOnce && again) {
            input.asked = true;
            input.askedNanos = nowNanos;
            stream.askKeyFrame();
          }
        });
  }
}
