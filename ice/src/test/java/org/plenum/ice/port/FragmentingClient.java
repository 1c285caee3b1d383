package org.plenum.ice.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.plenum.ice.NetworkPath;

/// A client of ICE-TCP that writes and reads its frames in pieces, and the port's side of what
/// passes between them. All is made from seeds: the n-th frame of a direction follows from n.
final class FragmentingClient {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int TO_SERVER = 0;
  private static final int TO_CLIENT = 1;

  private final Socket socket;
  private final int frames;
  private final int seed;
  private final AtomicInteger read = new AtomicInteger();
  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
  private final List<Thread> threads = new ArrayList<>();
  private int received;
  private int sent;
  private int offeredAt = -1;

  /// @param frames to pass each way
  FragmentingClient(Socket socket, int frames, int seed) {
    this.socket = socket;
    this.frames = frames;
    this.seed = seed;
  }

  void start() {
    threads.add(Thread.ofPlatform().start(() -> run(this::write)));
    threads.add(Thread.ofPlatform().start(() -> run(this::read)));
  }

  private void run(Callable<?> work) {
    try {
      work.call();
    } catch (Exception | AssertionError e) {
      failures.add(e);
    }
  }

  private byte[] frame(int direction, int n) {
    var random = new Random(seed * 31L + direction * 7L + n * 104_729L);
    byte[] frame = new byte[n % 97 == 0 ? 2_048 : 1 + random.nextInt(1_400)];
    random.nextBytes(frame);
    return frame;
  }

  /// The header by itself, sometimes in halves, then the datagram in pieces.
  private Object write() throws IOException {
    var random = new Random(seed);
    for (int n = 0; n < frames; n++) {
      byte[] frame = frame(TO_SERVER, n);
      byte[] framed =
          ByteBuffer.allocate(2 + frame.length).putShort((short) frame.length).put(frame).array();
      int at = 0;
      while (at < framed.length) {
        int piece = at < 2 ? 1 + random.nextInt(2 - at) : 1 + random.nextInt(1_000);
        int count = Math.min(piece, framed.length - at);
        socket.getOutputStream().write(framed, at, count);
        at += count;
      }
    }
    return frames;
  }

  private Object read() throws IOException {
    var in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 7));
    for (int n = 0; n < frames; n++) {
      byte[] frame = new byte[in.readUnsignedShort()];
      in.readFully(frame);
      assertArrayEquals(frame(TO_CLIENT, n), frame, "frame " + n + " to client " + seed);
      read.incrementAndGet();
    }
    return frames;
  }

  /// Appends the next frame for the client, if there is one.
  void offer(SendBatch batch, NetworkPath path) {
    offeredAt = -1;
    if (sent < frames && failures.isEmpty() && !batch.isFull()) {
      offeredAt = batch.count();
      MediaPortContract.append(batch, frame(TO_CLIENT, sent), path);
    }
  }

  /// What the full queue did not take is offered again.
  void onFlushed(SendBatch batch) {
    if (offeredAt >= 0 && batch.wasSent(offeredAt)) {
      sent++;
    }
  }

  /// The port has a frame of the client's.
  void onFrame(byte[] frame) {
    assertArrayEquals(frame(TO_SERVER, received), frame, "frame " + received + " of " + seed);
    received++;
  }

  boolean isBusy() {
    return failures.isEmpty() && (received < frames || read.get() < frames);
  }

  void verify() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(PATIENCE_MILLIS);
    }
    assertEquals(List.of(), failures);
    assertEquals(frames, received);
    assertEquals(frames, read.get());
  }
}
