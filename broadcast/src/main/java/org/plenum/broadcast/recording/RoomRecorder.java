package org.plenum.broadcast.recording;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.box.InitSegment;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TappedPacket;
import org.plenum.sfu.TappedStream;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;

/// Records the tracks of a room, each by itself, and who speaks. A core on virtual time.
public final class RoomRecorder {
  /// What publishers are asked to send one of.
  public static final Set<CodecName> CODECS = VideoRecorder.CODECS;

  /// A line for each change of the dominant speaker: seconds, and who; `-` for nobody.
  public static final String SPEAKERS = "speakers.txt";

  /// Files of a recording at the most.
  public static final int MOST_PARTS = 4_000;

  private static final double NANOS = 1e9;

  /// A publisher may publish a source anew: that is another track.
  private record Key(ParticipantId publisher, TrackId track, TrackSource source) {}

  private final long zeroNanos;
  private final RecordingOutput out;
  private boolean begun;

  /// Of the tracks that are there.
  private final Map<Key, TrackRecorder> recorders = new LinkedHashMap<>();

  /// Of these, and of all that have left files.
  private final Map<Key, Parts> files = new LinkedHashMap<>();

  private final Map<TappedStream, TrackRecorder> byStream = new LinkedHashMap<>();
  private final Map<ParticipantId, FileAllowance> allowances = new HashMap<>();
  private @Nullable ParticipantId dominant;
  private int parts;

  /// @param zeroNanos the monotonic time at which the recording begins
  public RoomRecorder(long zeroNanos, RecordingOutput out) {
    this.zeroNanos = zeroNanos;
    this.out = out;
  }

  public void onPacket(TappedPacket packet, long nowNanos) {
    TrackRecorder recorder = byStream.get(packet.stream());
    if (recorder != null) {
      recorder.onPacket(packet, nowNanos);
    }
  }

  /// Does what is due. To be called some times between two pictures.
  ///
  /// @param streams what there is in the room
  /// @param speakers the dominant one first
  public void onTimeout(List<TappedStream> streams, List<ParticipantId> speakers, long nowNanos) {
    if (!begun) {
      begun = true;
      out.append(SPEAKERS, new byte[0]); // it is there though nobody may speak
    }
    Map<Key, List<TappedStream>> present = new LinkedHashMap<>();
    for (TappedStream stream : streams) {
      present.computeIfAbsent(key(stream), _ -> new ArrayList<>()).add(stream);
      if (!byStream.containsKey(stream)) {
        byStream.put(stream, recorders.computeIfAbsent(key(stream), this::recorder));
      }
    }
    byStream.keySet().retainAll(new HashSet<>(streams));
    recorders.forEach(
        (key, recorder) -> recorder.onTimeout(present.getOrDefault(key, List.of()), nowNanos));
    if (recorders.keySet().retainAll(present.keySet())) {
      forget();
    }
    noteSpeaker(speakers.isEmpty() ? null : speakers.getFirst(), nowNanos);
  }

  /// How many tracks it knows, also those of which nothing came.
  int known() {
    return Math.max(Math.max(files.size(), recorders.size()), allowances.size());
  }

  /// Those that have gone and left nothing.
  private void forget() {
    files
        .entrySet()
        .removeIf(its -> !recorders.containsKey(its.getKey()) && its.getValue().isNone());
    Set<ParticipantId> publishers = new HashSet<>();
    files.keySet().forEach(key -> publishers.add(key.publisher()));
    allowances.keySet().retainAll(publishers);
  }

  /// Ends all files.
  public void end() {
    recorders.values().forEach(recorder -> recorder.end(Set.of()));
    byStream.keySet().forEach(stream -> stream.want(false));
    byStream.clear();
    out.close(SPEAKERS);
  }

  /// Whether there are so many files that it has to end.
  public boolean isFull() {
    return parts >= MOST_PARTS;
  }

  /// What there is so far; tracks of which nothing came are left out.
  public List<RecordedTrack> tracks(long nowNanos) {
    List<RecordedTrack> tracks = new ArrayList<>();
    files.forEach(
        (key, its) -> {
          if (!its.all().isEmpty()) {
            tracks.add(
                new RecordedTrack(
                    key.track(),
                    key.publisher(),
                    key.source(),
                    its.all(),
                    its.leftOutNanos(nowNanos)));
          }
        });
    return tracks;
  }

  private static Key key(TappedStream stream) {
    return new Key(stream.publisher(), stream.track(), stream.source());
  }

  private TrackRecorder recorder(Key key) {
    Parts its = files.computeIfAbsent(key, this::parts);
    return key.source().kind() == MediaKind.AUDIO ? new SoundRecorder(its) : new VideoRecorder(its);
  }

  private Parts parts(Key key) {
    boolean isSound = key.source().kind() == MediaKind.AUDIO;
    int scale = isSound ? InitSegment.SOUND_SCALE : InitSegment.VIDEO_SCALE;
    int usual = isSound ? scale / 50 : scale / 30;
    FileAllowance allowance = allowances.computeIfAbsent(key.publisher(), _ -> new FileAllowance());
    return new Parts(key.source(), scale, usual, zeroNanos, () -> ++parts, allowance, out);
  }

  private void noteSpeaker(@Nullable ParticipantId now, long nowNanos) {
    if (Objects.equals(now, dominant)) {
      return;
    }
    dominant = now;
    String line =
        String.format(
            Locale.ROOT,
            "%.2f %s\n",
            (nowNanos - zeroNanos) / NANOS,
            now == null ? "-" : now.value());
    out.append(SPEAKERS, line.getBytes(StandardCharsets.UTF_8));
  }
}
