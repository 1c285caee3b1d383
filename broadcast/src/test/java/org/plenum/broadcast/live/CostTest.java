package org.plenum.broadcast.live;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.plenum.broadcast.hls.Rendition;
import org.plenum.broadcast.programme.FakeCamera;
import org.plenum.broadcast.programme.Programme;
import org.plenum.broadcast.programme.Soundtrack;
import org.plenum.broadcast.recording.RecordingOutput;
import org.plenum.broadcast.recording.RoomRecorder;
import org.plenum.broadcast.sound.Libopus;
import org.plenum.broadcast.sound.SoundEncoder;
import org.plenum.broadcast.sound.SoundMixer;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TappedPacket;
import org.plenum.sfu.TappedStream;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;

/// Prints what a broadcast and a recording take of a core: all that their threads do but waiting
/// and writing to a disk, on virtual time. See bench/README.md.
@Tag("slow")
class CostTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long STEP = 10_000_000L;
  private static final long BEGIN = 5 * SECOND;

  /// So that the compiler has done its work.
  private static final int WARM_UP_SECONDS = 120;

  private static final int MEASURED_SECONDS = 300;

  @Test
  void aBroadcastOfOneSpeaker() {
    assumeTrue(Libopus.isPresent(), "this test needs Debian's libopus0");
    List<FakeCamera> cameras = FakeCamera.simulcast("ada", BEGIN);
    cameras.get(0).weigh(2, 625); // 150 kb/s
    cameras.get(1).weigh(4, 1_040); // 500 kb/s
    cameras.get(2).weigh(12, 1_180); // 1700 kb/s
    TappedStream microphone = microphone("ada");
    List<TappedStream> streams = new ArrayList<>(List.of(microphone));
    cameras.forEach(camera -> streams.add(camera.stream));
    List<ParticipantId> speakers = List.of(new ParticipantId("ada"));
    List<byte[]> speech = speech();
    var programme = new Programme(BEGIN);
    var requests = new BlockedRequests();
    try (var sound = new Soundtrack(programme, Libopus::decoder, Libopus.encoder(), BEGIN)) {
      double share =
          share(
              now -> {
                cameras.forEach(
                    camera -> camera.pass(now, (packet, _) -> programme.onPacket(packet, now)));
                if (now / STEP % 2 == 0) {
                  sound.onPacket(said(microphone, speech, now), now);
                }
                programme.onTimeout(streams, speakers, null, now);
                long before = sound.rendition().changes();
                sound.onTimeout(streams, speakers, now);
                if (programme.takeChanged() || sound.rendition().changes() != before) {
                  List<Rendition> renditions = programme.renditions();
                  requests.publish(
                      LiveFiles.of("id", renditions, sound.rendition(), Instant.EPOCH, false));
                }
              });
      assertTrue(programme.renditions().getLast().added() > MEASURED_SECONDS / 3, "it was on");
      System.out.printf("a broadcast of one speaker takes %.2f %% of a core%n", 100 * share);
      assertTrue(share < 0.05, "takes " + share);
    }
  }

  @Test
  void aRecordingOfTwelveTracks() {
    List<FakeCamera> cameras = new ArrayList<>();
    List<TappedStream> streams = new ArrayList<>();
    List<TappedStream> microphones = new ArrayList<>();
    for (String name : List.of("ada", "bob", "eve", "ida", "leo", "mia")) {
      FakeCamera camera = FakeCamera.simulcast(name, BEGIN).getLast();
      camera.weigh(12, 1_180); // 1700 kb/s
      cameras.add(camera);
      streams.add(camera.stream);
      microphones.add(microphone(name));
    }
    streams.addAll(microphones);
    List<byte[]> speech = List.of(new byte[80]);
    long[] bytes = {0};
    RecordingOutput out =
        new RecordingOutput() {
          @Override
          public void append(String file, byte[] more) {
            bytes[0] += more.length;
          }

          @Override
          public void patch(String file, long at, byte[] other) {}

          @Override
          public void close(String file) {}
        };
    var recorder = new RoomRecorder(BEGIN, out);
    double share =
        share(
            now -> {
              cameras.forEach(
                  camera -> camera.pass(now, (packet, _) -> recorder.onPacket(packet, now)));
              if (now / STEP % 2 == 0) {
                microphones.forEach(each -> recorder.onPacket(said(each, speech, now), now));
              }
              recorder.onTimeout(streams, List.of(), now);
            });
    assertTrue(bytes[0] > 6L * 200_000 * MEASURED_SECONDS, "recorded " + bytes[0]);
    System.out.printf("a recording of twelve tracks takes %.2f %% of a core%n", 100 * share);
    assertTrue(share < 0.05, "takes " + share);
  }

  /// Of a core, once it is warm.
  private static double share(LongConsumer step) {
    long now = BEGIN;
    long before = 0;
    for (int second = 0; second < WARM_UP_SECONDS + MEASURED_SECONDS; second++) {
      if (second == WARM_UP_SECONDS) {
        before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      }
      for (long passed = 0; passed < SECOND; passed += STEP) {
        now += STEP;
        step.accept(now);
      }
    }
    long taken = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    return (double) taken / (MEASURED_SECONDS * SECOND);
  }

  private TappedPacket said(TappedStream microphone, List<byte[]> speech, long nowNanos) {
    int number = (int) ((nowNanos - BEGIN) / (2 * STEP));
    byte[] payload = speech.get(number % speech.size());
    return new TappedPacket(
        microphone, number, number * SoundMixer.FRAME, false, CodecName.OPUS, payload, nowNanos);
  }

  /// Five seconds of noise that comes and goes, as dear to encode as speech.
  private static List<byte[]> speech() {
    List<byte[]> packets = new ArrayList<>();
    var random = new java.util.Random(4);
    try (SoundEncoder encoder = Libopus.encoder()) {
      for (int packet = 0; packet < 250; packet++) {
        float[] samples = new float[2 * SoundMixer.FRAME];
        float loud = packet % 50 < 35 ? 0.3f : 0.01f;
        for (int i = 0; i < samples.length; i += 2) {
          samples[i] = loud * (random.nextFloat() - 0.5f);
          samples[i + 1] = samples[i];
        }
        packets.add(encoder.encode(samples));
      }
    }
    return packets;
  }

  private static TappedStream microphone(String name) {
    return new TappedStream(
        new ParticipantId(name),
        new TrackId(name + "mic"),
        TrackSource.MICROPHONE,
        null,
        new TappedStream.State(CodecName.OPUS, false, false, 0));
  }
}
