package org.plenum.cluster.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Texts, or messages of bytes, to and from another node, in order. At most [#WINDOW] are under
/// way each way. Any thread.
public final class LinkStream {
  /// Texts that the other side has not dealt with.
  static final int WINDOW = 32;

  /// The code of a stream whose other node is gone.
  public static final int NODE_GONE = 4001;

  /// The code of a stream that the other node does not know, or whose sender kept no rule.
  public static final int RESET = 4002;

  /// Whoever takes nothing for this long is gone.
  private static final long PATIENCE_SECONDS = 10;

  /// What came in; a close has no text.
  private record Arrived(byte @Nullable [] bytes, int code, String reason) {}

  private final Links links;
  private final String node;
  private final long id;
  private final boolean opener;
  private final Semaphore window = new Semaphore(WINDOW);
  private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>(WINDOW + 1);
  private volatile boolean closed;

  LinkStream(Links links, String node, long id, boolean opener) {
    this.links = links;
    this.node = node;
    this.id = id;
    this.opener = opener;
  }

  /// Which node it goes to.
  public String node() {
    return node;
  }

  /// Blocks while the other side does not keep up. Throws IOException if it is gone.
  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Blocks while the other side does not keep up. Throws IOException if it is gone, or if these
  /// are too many bytes for a frame.
  public void send(byte[] message) throws IOException {
    try {
      if (closed || !window.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS) || closed) {
        throw new IOException("node " + node + " does not take what is sent");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    links.send(node, Frame.of(Frame.Kind.TEXT, opener, id, message));
  }

  /// Says so to the other side; idempotent.
  public void close(int code, String reason) {
    if (end()) {
      links.sendLater(node, Frame.close(opener, id, code, reason));
      deliver(new Arrived(null, code, reason));
    }
  }

  void begin(StreamListener listener) {
    Thread.ofVirtual().name("link-stream").start(() -> run(listener));
  }

  /// Returns false if more came than may be under way.
  boolean onBytes(byte[] bytes) {
    if (closed) {
      return true;
    }
    return arrived.size() < WINDOW && arrived.offer(new Arrived(bytes, 0, ""));
  }

  void onAck() {
    if (window.availablePermits() < WINDOW) {
      window.release();
    }
  }

  /// The other side closed it, or is gone.
  void onClose(int code, String reason) {
    if (end()) {
      deliver(new Arrived(null, code, reason));
    }
  }

  private boolean end() {
    synchronized (this) {
      if (closed) {
        return false;
      }
      closed = true;
    }
    links.forget(this);
    window.release(WINDOW); // who waits for it sees that it is closed
    return true;
  }

  /// There is always room for the close: texts stay below it.
  private void deliver(Arrived close) {
    if (!arrived.offer(close)) {
      throw new IllegalStateException("a stream had no room for its close");
    }
  }

  private void run(StreamListener listener) {
    try {
      while (true) {
        Arrived next = arrived.take();
        byte[] bytes = next.bytes();
        if (bytes == null) {
          listener.onClosed(next.code(), next.reason());
          return;
        }
        listener.onBytes(bytes);
        links.sendLater(node, Frame.ack(opener, id));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String key() {
    return Links.key(node, id, opener);
  }
}
