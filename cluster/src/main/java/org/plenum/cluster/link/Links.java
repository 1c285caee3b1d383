package org.plenum.cluster.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Requests and streams between this node and the others. Any thread.
public final class Links {
  /// Requests of others that are worked on at the same time, and ours that wait for an answer.
  static final int MOST_REQUESTS = 512;

  /// Streams of all nodes together.
  static final int MOST_STREAMS = 50_000;

  private static final Logger LOG = LoggerFactory.getLogger(Links.class);
  private static final byte[] NOTHING = {};

  private final FrameSender sender;
  private final AtomicLong ids = new AtomicLong();
  private final Map<String, LinkStream> streams = new ConcurrentHashMap<>();
  private final Map<String, Asked> asked = new ConcurrentHashMap<>();
  private final Map<String, BiFunction<String, byte[], byte[]>> answerers =
      new ConcurrentHashMap<>();
  private final Map<String, Function<Opening, @Nullable StreamListener>> acceptors =
      new ConcurrentHashMap<>();
  private final Semaphore working = new Semaphore(MOST_REQUESTS);
  private final LongAdder errors = new LongAdder();
  private volatile BiConsumer<String, byte[]> onInfo = (_, _) -> {};

  /// Somebody opens a stream to this node.
  ///
  /// @param text what they say first
  public record Opening(LinkStream stream, String text) {}

  private record Asked(String node, CompletableFuture<byte[]> answer) {}

  public Links(FrameSender sender) {
    this.sender = sender;
  }

  /// Who opens a stream for this service gets this listener; null refuses.
  public void accept(String service, Function<Opening, @Nullable StreamListener> acceptor) {
    acceptors.put(service, acceptor);
  }

  /// Who asks this service gets this answer; it may block, and gets the asking node's id.
  public void answer(String service, BiFunction<String, byte[], byte[]> answerer) {
    answerers.put(service, answerer);
  }

  /// What nodes tell all others of themselves. Must not block.
  public void onInfo(BiConsumer<String, byte[]> listener) {
    onInfo = listener;
  }

  /// A frame that says something of this node.
  public static byte[] info(byte[] body) {
    return Frame.of(Frame.Kind.INFO, true, 0, body).bytes();
  }

  /// Opens a stream. Throws IOException if the node cannot be reached.
  public LinkStream open(String node, String service, String text, StreamListener listener)
      throws IOException {
    long id = ids.incrementAndGet();
    var stream = new LinkStream(this, node, id, true);
    String key = stream.key();
    streams.put(key, stream);
    stream.begin(listener);
    try {
      send(node, Frame.to(Frame.Kind.OPEN, id, service, text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      streams.remove(key);
      stream.onClose(LinkStream.NODE_GONE, "the node cannot be reached");
      throw e;
    }
    return stream;
  }

  /// Asks a node; the answer fails with an IOException if it does not come within so long.
  public CompletableFuture<byte[]> ask(String node, String service, byte[] body, long millis) {
    var answer = new CompletableFuture<byte[]>();
    if (asked.size() >= MOST_REQUESTS) {
      answer.completeExceptionally(new IOException("too many requests wait for other nodes"));
      return answer;
    }
    long id = ids.incrementAndGet();
    String key = key(node, id, true);
    asked.put(key, new Asked(node, answer));
    CompletableFuture<byte[]> bounded =
        answer.orTimeout(millis, TimeUnit.MILLISECONDS).whenComplete((_, _) -> asked.remove(key));
    try {
      send(node, Frame.to(Frame.Kind.ASK, id, service, body));
    } catch (IOException e) {
      answer.completeExceptionally(e);
    }
    return bounded;
  }

  /// Frames that were of no version of ours, out of place, or could not be sent.
  public long errors() {
    return errors.sum();
  }

  public int streams() {
    return streams.size();
  }

  public int waiting() {
    return asked.size();
  }

  /// A frame came in. Does not block. Calls for one node come one after another.
  public void onFrame(String node, byte[] bytes) {
    Frame frame = Frame.parse(bytes);
    if (frame == null) {
      errors.increment();
      return;
    }
    switch (frame.kind()) {
      case OPEN -> onOpen(node, frame);
      case TEXT, ACK, CLOSE -> onStream(node, frame);
      case ASK -> onAsk(node, frame);
      case REPLY -> onReply(node, frame, true);
      case REFUSE -> onReply(node, frame, false);
      case INFO -> onInfo.accept(node, frame.body());
      case UNKNOWN -> errors.increment();
    }
  }

  /// The node left, or is not what it was: whatever is under way with it ends.
  public void onGone(String node) {
    for (LinkStream stream : List.copyOf(streams.values())) {
      if (stream.node().equals(node)) {
        stream.onClose(LinkStream.NODE_GONE, "node " + node + " is gone");
      }
    }
    for (Asked each : List.copyOf(asked.values())) {
      if (each.node().equals(node)) {
        each.answer().completeExceptionally(new IOException("node " + node + " is gone"));
      }
    }
  }

  private void onOpen(String node, Frame frame) {
    Function<Opening, @Nullable StreamListener> acceptor = acceptors.get(frame.service());
    var stream = new LinkStream(this, node, frame.id(), false);
    boolean fits = acceptor != null && streams.size() < MOST_STREAMS;
    if (acceptor == null || !fits || streams.putIfAbsent(stream.key(), stream) != null) {
      errors.increment();
      sendLater(node, Frame.close(false, frame.id(), LinkStream.RESET, "not accepted"));
      return;
    }
    StreamListener listener = acceptor.apply(new Opening(stream, frame.text()));
    if (listener == null) {
      streams.remove(stream.key());
      sendLater(node, Frame.close(false, frame.id(), LinkStream.RESET, "not accepted"));
      return;
    }
    stream.begin(listener);
  }

  /// Frames from the opener are for the stream that it opened to us, others for one of ours.
  private void onStream(String node, Frame frame) {
    LinkStream stream = streams.get(key(node, frame.id(), !frame.fromOpener()));
    if (stream == null) {
      if (frame.kind() == Frame.Kind.TEXT) {
        sendLater(
            node, Frame.close(!frame.fromOpener(), frame.id(), LinkStream.RESET, "no such stream"));
      }
      return;
    }
    switch (frame.kind()) {
      case TEXT -> {
        if (!stream.onBytes(frame.body())) {
          errors.increment();
          stream.close(LinkStream.RESET, "more came than may be under way");
        }
      }
      case ACK -> stream.onAck();
      default -> stream.onClose(frame.code(), frame.reason());
    }
  }

  private void onAsk(String node, Frame frame) {
    BiFunction<String, byte[], byte[]> answerer = answerers.get(frame.service());
    if (answerer == null || !working.tryAcquire()) {
      errors.increment();
      sendLater(node, Frame.of(Frame.Kind.REFUSE, false, frame.id(), NOTHING));
      return;
    }
    Thread.ofVirtual()
        .name("link-answer")
        .start(
            () -> {
              try {
                byte[] answer = answerer.apply(node, frame.body());
                send(node, Frame.of(Frame.Kind.REPLY, false, frame.id(), answer));
              } catch (IOException | RuntimeException e) {
                errors.increment();
                LOG.warn("node {} gets no answer to {}: {}", node, frame.service(), e.toString());
                sendLater(node, Frame.of(Frame.Kind.REFUSE, false, frame.id(), NOTHING));
              } finally {
                working.release();
              }
            });
  }

  private void onReply(String node, Frame frame, boolean answered) {
    Asked waiting = asked.get(key(node, frame.id(), true));
    if (waiting == null) {
      return; // it took too long
    }
    if (answered) {
      waiting.answer().complete(frame.body());
    } else {
      waiting
          .answer()
          .completeExceptionally(new IOException("node " + node + " did not take the request"));
    }
  }

  void send(String node, Frame frame) throws IOException {
    byte[] bytes = frame.bytes();
    if (bytes.length > Frame.MAX_BYTES) {
      errors.increment();
      throw new IOException("a frame has at most " + Frame.MAX_BYTES + " bytes");
    }
    try {
      sender.send(node, bytes);
    } catch (IOException e) {
      errors.increment();
      throw e;
    }
  }

  /// What may not block the caller, and whose loss the other node's going tells.
  void sendLater(String node, Frame frame) {
    Thread.ofVirtual()
        .name("link-send")
        .start(
            () -> {
              try {
                send(node, frame);
              } catch (IOException e) {
                // counted; the streams of a node that is gone are closed
              }
            });
  }

  void forget(LinkStream stream) {
    streams.remove(stream.key(), stream);
  }

  static String key(String node, long id, boolean ours) {
    return node + (ours ? " > " : " < ") + id;
  }
}
