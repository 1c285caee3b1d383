package org.plenum.broadcast.sound;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.frame.ReorderBuffer;
import org.plenum.sfu.TappedPacket;
import org.plenum.sfu.TappedStream;

/// Adds up what several streams have to say. Each has a place on the mixer's time line by its
/// publisher's sender reports, so that it is heard with the picture; before the first report by the
/// arrival of its first packet, and from then on by its own clock. A core on virtual time.
public final class SoundMixer implements AutoCloseable {
  /// Pairs of samples per second.
  public static final int RATE = 48_000;

  /// Pairs of samples that are mixed at once: 20 ms.
  public static final int FRAME = RATE / 50;

  private static final int CHANNELS = 2;

  /// Pairs of samples that are kept of each stream: more than the sound is behind what arrives,
  /// where it waits for pictures that stopped too.
  private static final int KEPT = 3 * RATE;

  /// A packet has at most 120 ms.
  private static final int MOST_DECODED = RATE * 120 / 1000;

  /// So much that is lost is made up by the decoder; longer pauses are silence, as with DTX.
  private static final int MOST_CONCEALED = MOST_DECODED;

  /// A stream that runs so far ahead of what arrives, or behind, gets its place anew.
  private static final int MOST_AHEAD = RATE / 6;

  private static final int MOST_BEHIND = RATE / 2;

  /// From when something was captured to its place on the time line: what encoders and their pacing
  /// usually take.
  public static final long CAPTURE_NANOS = 100_000_000L;

  /// A stream that sender reports say is off by more gets its place anew.
  private static final int MOST_OFF = RATE * 3 / 100;

  /// What is louder is turned down.
  private static final float LOUDEST = 0.95f;

  /// By how much it is turned up again in 20 ms.
  private static final float RELEASE = 1.01f;

  private static final class Voice {
    final SoundDecoder decoder;
    final ReorderBuffer packets = new ReorderBuffer();
    final float[] ring = new float[CHANNELS * KEPT];
    boolean placed;
    int timestamp;

    /// Where the next packet's samples go if none is missing.
    long next;

    Voice(SoundDecoder decoder) {
      this.decoder = decoder;
    }
  }

  private final Supplier<SoundDecoder> decoders;
  private final Map<TappedStream, Voice> voices = new LinkedHashMap<>();
  private final float[] decoded = new float[CHANNELS * MOST_DECODED];
  private long mixedUntil = Long.MIN_VALUE;
  private float gain = 1;

  public SoundMixer(Supplier<SoundDecoder> decoders) {
    this.decoders = decoders;
  }

  /// A packet came.
  public void onPacket(TappedPacket packet, long zeroNanos, long nowNanos) {
    Voice voice = voices.computeIfAbsent(packet.stream(), _ -> new Voice(decoders.get()));
    voice.packets.put(packet);
    decode(voice, zeroNanos, nowNanos);
  }

  /// Forgets the streams that are not among these.
  public void retain(Collection<TappedStream> streams) {
    voices
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !streams.contains(entry.getKey());
              if (gone) {
                entry.getValue().decoder.close();
              }
              return gone;
            });
  }

  /// The sum of all streams.
  ///
  /// @param from on the mixer's time line, in pairs of samples; each call goes on where the last
  ///     ended, or later
  /// @return [#FRAME] pairs
  public float[] mix(long from, long zeroNanos, long nowNanos) {
    float[] sum = new float[CHANNELS * FRAME];
    for (Voice voice : voices.values()) {
      decode(voice, zeroNanos, nowNanos);
      for (int i = 0; i < sum.length; i++) {
        int at = (int) Math.floorMod(CHANNELS * from + i, (long) voice.ring.length);
        sum[i] += voice.ring[at];
        voice.ring[at] = 0;
      }
    }
    mixedUntil = from + FRAME;
    limit(sum);
    return sum;
  }

  @Override
  public void close() {
    voices.values().forEach(voice -> voice.decoder.close());
    voices.clear();
  }

  private void decode(Voice voice, long zeroNanos, long nowNanos) {
    for (TappedPacket packet = voice.packets.poll(nowNanos);
        packet != null;
        packet = voice.packets.poll(nowNanos)) {
      if (packet.payload().length > 0) {
        place(voice, packet, zeroNanos);
        voice.next += write(voice, packet.payload(), MOST_DECODED);
      }
    }
  }

  private static long pairs(long nanos) {
    return nanos / 1000 * RATE / 1_000_000;
  }

  /// Finds where a packet belongs, and makes up what little is missing before it.
  private void place(Voice voice, TappedPacket packet, long zeroNanos) {
    long arrival = pairs(packet.arrivalNanos() - zeroNanos);
    long at = voice.next + (packet.timestamp() - voice.timestamp);
    TappedStream.Captured captured = packet.stream().captured();
    long reported = captured == null ? at : reported(captured, packet, zeroNanos);
    boolean isOff = Math.abs(at - reported) > MOST_OFF && isPlausible(reported, arrival);
    if (!voice.placed || !isPlausible(at, arrival) || isOff) {
      voice.placed = true;
      at = captured != null && isPlausible(reported, arrival) ? reported : arrival;
    } else {
      long missing = at - voice.next;
      while (missing > 0 && missing <= MOST_CONCEALED) {
        int made = write(voice, null, (int) Math.min(missing, FRAME));
        if (made == 0) {
          break;
        }
        voice.next += made;
        missing = at - voice.next;
      }
    }
    voice.next = at;
    voice.timestamp = packet.timestamp();
  }

  private static boolean isPlausible(long at, long arrival) {
    return at - arrival <= MOST_AHEAD && arrival - at <= MOST_BEHIND;
  }

  /// Where a packet belongs by its publisher's latest report.
  private static long reported(
      TappedStream.Captured captured, TappedPacket packet, long zeroNanos) {
    return pairs(captured.nanos() + CAPTURE_NANOS - zeroNanos)
        + (packet.timestamp() - captured.timestamp());
  }

  /// @return pairs of samples that the packet stands for
  private int write(Voice voice, byte @Nullable [] packet, int most) {
    int count = voice.decoder.decode(packet, decoded, most);
    for (int i = 0; i < count; i++) {
      long pair = voice.next + i;
      if (pair >= mixedUntil && (mixedUntil == Long.MIN_VALUE || pair - mixedUntil < KEPT)) {
        int at = (int) Math.floorMod(CHANNELS * pair, (long) voice.ring.length);
        voice.ring[at] = decoded[CHANNELS * i];
        voice.ring[at + 1] = decoded[CHANNELS * i + 1];
      }
    }
    voice.timestamp += count;
    return count;
  }

  /// Turns down what is too loud, at once, and up again over seconds.
  private void limit(float[] sum) {
    float peak = 0;
    for (float sample : sum) {
      peak = Math.max(peak, Math.abs(sample));
    }
    float wanted = Math.min(1, gain * RELEASE);
    float to = peak * wanted > LOUDEST ? LOUDEST / peak : wanted;
    // Down at the beginning of the frame, up over its length.
    float from = Math.min(gain, peak * gain > LOUDEST ? to : gain);
    for (int i = 0; i < sum.length; i++) {
      sum[i] *= from + (to - from) * i / sum.length;
    }
    gain = to;
  }
}
