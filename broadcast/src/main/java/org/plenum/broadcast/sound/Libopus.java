package org.plenum.broadcast.sound;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// libopus by java.lang.foreign. An encoder or decoder is for one thread at a time.
public final class Libopus {
  private static final String NAME = "libopus.so.0";
  private static final int RATE = 48_000;
  private static final int CHANNELS = 2;

  // opus_defines.h.
  private static final int APPLICATION_AUDIO = 2049;
  private static final int SET_BITRATE = 4002;
  private static final int SET_COMPLEXITY = 4010;

  /// Speech and music of a room in stereo.
  static final int BITRATE_BPS = 96_000;

  /// Of 10: half of the work for what nobody hears.
  static final int COMPLEXITY = 5;

  /// The longest packet there is: 120 ms.
  private static final int MOST_SAMPLES = 5760;

  /// RFC 6716 §3.4: no frame is longer, and a packet of WebRTC carries one or few.
  static final int MOST_BYTES = 4000;

  private static final MemoryLayout PTR = ValueLayout.JAVA_LONG;
  private static final MemoryLayout INT = ValueLayout.JAVA_INT;

  private static final @Nullable SymbolLookup LIBRARY = open();
  private static final MethodHandle DECODER_CREATE =
      function("opus_decoder_create", PTR, INT, INT, PTR);
  private static final MethodHandle DECODE =
      function("opus_decode_float", INT, PTR, PTR, INT, PTR, INT, INT);
  private static final MethodHandle DECODER_DESTROY = procedure("opus_decoder_destroy");
  private static final MethodHandle ENCODER_CREATE =
      function("opus_encoder_create", PTR, INT, INT, INT, PTR);
  private static final MethodHandle ENCODE =
      function("opus_encode_float", INT, PTR, PTR, INT, PTR, INT);
  private static final MethodHandle ENCODER_SET =
      handle(
          "opus_encoder_ctl",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, PTR, INT, INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle ENCODER_DESTROY = procedure("opus_encoder_destroy");

  private Libopus() {}

  /// Whether the library is on this machine.
  public static boolean isPresent() {
    return LIBRARY != null;
  }

  /// Only if it [#isPresent]; to be closed.
  public static SoundDecoder decoder() {
    return new Decoder();
  }

  /// Only if it [#isPresent]; to be closed.
  public static SoundEncoder encoder() {
    return new Encoder();
  }

  private static final class Decoder implements SoundDecoder {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment input = arena.allocate(MOST_BYTES);
    private final MemorySegment output = arena.allocate(4L * CHANNELS * MOST_SAMPLES);
    private long state;

    Decoder() {
      try {
        state = (long) DECODER_CREATE.invokeExact(RATE, CHANNELS, output.address());
      } catch (Throwable t) {
        throw failed("opus_decoder_create", t);
      }
      if (state == 0) {
        throw new IllegalStateException("opus_decoder_create failed");
      }
    }

    @Override
    public int decode(byte @Nullable [] packet, float[] samples, int most) {
      int length = packet == null ? 0 : packet.length;
      if (state == 0 || length > MOST_BYTES) {
        return 0;
      }
      long data = 0;
      if (packet != null) {
        MemorySegment.copy(packet, 0, input, ValueLayout.JAVA_BYTE, 0, length);
        data = input.address();
      }
      int limit = Math.min(Math.min(most, MOST_SAMPLES), samples.length / CHANNELS);
      int count;
      try {
        count = (int) DECODE.invokeExact(state, data, length, output.address(), limit, 0);
      } catch (Throwable t) {
        throw failed("opus_decode_float", t);
      }
      if (count <= 0) {
        return 0;
      }
      MemorySegment.copy(output, ValueLayout.JAVA_FLOAT, 0, samples, 0, count * CHANNELS);
      return count;
    }

    @Override
    public void close() {
      if (state != 0) {
        destroy(DECODER_DESTROY, state);
        state = 0;
        arena.close();
      }
    }
  }

  private static final class Encoder implements SoundEncoder {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment input = arena.allocate(4L * CHANNELS * MOST_SAMPLES);
    private final MemorySegment output = arena.allocate(MOST_BYTES);
    private long state;

    Encoder() {
      try {
        state =
            (long) ENCODER_CREATE.invokeExact(RATE, CHANNELS, APPLICATION_AUDIO, output.address());
        if (state == 0
            || (int) ENCODER_SET.invokeExact(state, SET_BITRATE, BITRATE_BPS) != 0
            || (int) ENCODER_SET.invokeExact(state, SET_COMPLEXITY, COMPLEXITY) != 0) {
          throw new IllegalStateException("opus_encoder_create failed");
        }
      } catch (Throwable t) {
        throw failed("opus_encoder_create", t);
      }
    }

    @Override
    public byte[] encode(float[] samples) {
      if (state == 0) {
        throw new IllegalStateException("closed");
      }
      MemorySegment.copy(samples, 0, input, ValueLayout.JAVA_FLOAT, 0, samples.length);
      int length;
      try {
        length =
            (int)
                ENCODE.invokeExact(
                    state,
                    input.address(),
                    samples.length / CHANNELS,
                    output.address(),
                    MOST_BYTES);
      } catch (Throwable t) {
        throw failed("opus_encode_float", t);
      }
      if (length <= 0) {
        throw new IllegalStateException("opus_encode_float failed: " + length);
      }
      return output.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public void close() {
      if (state != 0) {
        destroy(ENCODER_DESTROY, state);
        state = 0;
        arena.close();
      }
    }
  }

  private static void destroy(MethodHandle destructor, long state) {
    try {
      destructor.invokeExact(state);
    } catch (Throwable t) {
      throw failed("destroy", t);
    }
  }

  private static @Nullable SymbolLookup open() {
    try {
      return SymbolLookup.libraryLookup(NAME, Arena.global());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... in) {
    return handle(name, FunctionDescriptor.of(result, in));
  }

  private static MethodHandle procedure(String name) {
    return handle(name, FunctionDescriptor.ofVoid(PTR));
  }

  /// Without the library, a handle that is never called.
  private static MethodHandle handle(
      String name, FunctionDescriptor type, Linker.Option... options) {
    MemorySegment symbol = LIBRARY == null ? MemorySegment.ofAddress(1) : LIBRARY.findOrThrow(name);
    return Linker.nativeLinker().downcallHandle(symbol, type, options);
  }

  private static IllegalStateException failed(String function, Throwable cause) {
    return new IllegalStateException(function + " failed", cause);
  }
}
