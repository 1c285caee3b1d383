package org.plenum.broadcast.sound;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TappedPacket;
import org.plenum.sfu.TappedStream;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;

class SoundMixerTest {
  private static final long FRAME_NANOS = 20_000_000L;
  private static final float CONCEALED = 0.01f;

  private final List<LevelDecoder> decoders = new ArrayList<>();
  private final SoundMixer mixer = new SoundMixer(this::decoder);
  private final TappedStream ada = stream("ada");
  private final TappedStream bob = stream("bob");

  @Test
  void voicesAreAddedUpWhereTheyBelong() {
    for (int i = 0; i < 10; i++) {
      send(ada, i, 0.25f, i);
      if (i >= 5) {
        send(bob, i, 0.5f, i);
      }
    }
    for (int i = 0; i < 12; i++) {
      float level = i < 5 ? 0.25f : i < 10 ? 0.75f : 0;
      float[] expected = new float[2 * SoundMixer.FRAME];
      Arrays.fill(expected, level);
      assertArrayEquals(expected, mix(i), 1e-6f, "frame " + i);
    }
  }

  @Test
  void aLostPacketIsMadeUpAndALateOnePutIntoItsPlace() {
    for (int i : new int[] {0, 1, 3, 2, 4, 6, 7}) {
      send(ada, i, 0.25f, i);
    }
    mixer.mix(-SoundMixer.FRAME, 0, 700 * 1_000_000L);
    List<Float> levels = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      levels.add(mix(i)[100]);
    }
    assertEquals(List.of(0.25f, 0.25f, 0.25f, 0.25f, 0.25f, CONCEALED, 0.25f, 0.25f), levels);
  }

  @Test
  void aPauseIsSilence() {
    send(ada, 0, 0.25f, 0);
    send(ada, 1, 50, 0.25f, 50);
    assertEquals(0.25f, mix(0)[0]);
    for (int i = 1; i < 50; i++) {
      assertEquals(0, mix(i)[0]);
    }
    assertEquals(0.25f, mix(50)[0]);
  }

  @Test
  void whatIsTooLoudIsTurnedDownAtOnceAndUpAgainSlowly() {
    for (int i = 0; i < 20; i++) {
      send(ada, i, i < 10 ? 0.9f : 0.5f, i);
      send(bob, i, i < 10 ? 0.9f : 0, i);
    }
    for (int i = 0; i < 10; i++) {
      for (float sample : mix(i)) {
        assertTrue(sample <= 0.96f, "clipped: " + sample);
      }
    }
    float first = mix(10)[0];
    assertTrue(first < 0.3f, "still turned down: " + first);
    float last = first;
    for (int i = 11; i < 20; i++) {
      float[] samples = mix(i);
      assertTrue(samples[samples.length - 1] > last, "turned up");
      last = samples[samples.length - 1];
    }
  }

  @Test
  void aStreamWhoseClockJumpsGetsItsPlaceAnew() {
    send(ada, 0, 0.25f, 0);
    send(ada, 1, 1_000_000, 0.25f, 1);
    send(ada, 2, -1_000_000, 0.25f, 2);
    for (int i = 0; i < 3; i++) {
      assertEquals(0.25f, mix(i)[10], "frame " + i);
    }
  }

  /// What was captured 40 ms before it came has its place 60 ms after it came.
  @Test
  void aVoiceHasItsPlaceByItsPublishersSenderReports() {
    report(ada, 5, 40_000_000L);
    for (int i = 0; i < 10; i++) {
      send(ada, i, 0.25f, i);
    }
    for (int i = 0; i < 14; i++) {
      assertEquals(i < 3 || i >= 13 ? 0 : 0.25f, mix(i)[100], "frame " + i);
    }
  }

  @Test
  void aReportThatComesLaterMovesItAndOneThatCannotBeDoesNot() {
    for (int i = 0; i < 20; i++) {
      if (i == 5) {
        report(ada, 5, 40_000_000L);
      } else if (i == 10) {
        report(ada, 10, -3_600_000_000_000L);
      }
      send(ada, i, 0.25f, i);
    }
    for (int i = 0; i < 24; i++) {
      boolean silent = i >= 5 && i < 8 || i >= 23;
      assertEquals(silent ? 0 : 0.25f, mix(i)[100], "frame " + i);
    }
  }

  /// A sender report says when the sound of a packet was captured.
  private static void report(TappedStream stream, int frame, long beforeNanos) {
    int timestamp = Integer.MAX_VALUE - 1000 + frame * SoundMixer.FRAME;
    stream.captured(new TappedStream.Captured(timestamp, frame * FRAME_NANOS - beforeNanos));
  }

  @Test
  void whoIsGoneIsNotHeardAndTheirDecoderIsClosed() {
    send(ada, 0, 0.25f, 0);
    send(bob, 0, 0.5f, 0);
    mixer.retain(List.of(bob));
    assertEquals(0.5f, mix(0)[0]);
    assertTrue(decoders.get(0).closed);
    mixer.close();
    assertTrue(decoders.get(1).closed);
  }

  private void send(TappedStream stream, int number, float level, int arrivalFrame) {
    send(stream, number, number, level, arrivalFrame);
  }

  /// Timestamps near their wrap-around.
  private void send(
      TappedStream stream, int number, int timestampFrames, float level, int arrivalFrame) {
    byte[] payload = ByteBuffer.allocate(4).putFloat(level).array();
    long arrival = arrivalFrame * FRAME_NANOS;
    int timestamp = Integer.MAX_VALUE - 1000 + timestampFrames * SoundMixer.FRAME;
    mixer.onPacket(
        new TappedPacket(stream, number, timestamp, false, CodecName.OPUS, payload, arrival),
        0,
        arrival);
  }

  private float[] mix(int frame) {
    return mixer.mix((long) frame * SoundMixer.FRAME, 0, 60_000_000_000L);
  }

  private SoundDecoder decoder() {
    var decoder = new LevelDecoder();
    decoders.add(decoder);
    return decoder;
  }

  private static TappedStream stream(String name) {
    return new TappedStream(
        new ParticipantId(name),
        new TrackId(name),
        TrackSource.MICROPHONE,
        null,
        new TappedStream.State(CodecName.OPUS, false, false, 0));
  }

  /// Packets are a level, which 20 ms have.
  private static final class LevelDecoder implements SoundDecoder {
    boolean closed;

    @Override
    public int decode(byte @Nullable [] packet, float[] samples, int most) {
      float level = packet == null ? CONCEALED : ByteBuffer.wrap(packet).getFloat();
      int count = Math.min(most, SoundMixer.FRAME);
      Arrays.fill(samples, 0, 2 * count, level);
      return count;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
