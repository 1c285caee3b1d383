package org.plenum.signaling.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.port.ByteStream;
import org.plenum.ice.tcp.Framing;

/// What is no HTTP at Jetty's port: TURN, within TLS or not, or ICE-TCP. Its bytes go on to the
/// media port that it names, and that one's to the client. How long it may stay is decided there.
final class MediaConnection extends AbstractConnection
    implements Connection.UpgradeTo, ByteStream.Outside {
  private static final int BUFFER_BYTES = 4 * 1024;

  private final Consumer<ByteStream> adopt;
  private final ByteStream stream;

  /// What came from the client and is not handed on yet. One thread at a time.
  private ByteBuffer input = BufferUtil.allocate(BUFFER_BYTES);

  private final Callback readable = Callback.from(this::onFillable, this::onFillInterestedFailed);

  /// How often somebody asked for a look since the last one began.
  private final AtomicInteger looks = new AtomicInteger();

  private final Output output = new Output();

  /// Whether a thread is on its way that sends what there is.
  private final AtomicBoolean sending = new AtomicBoolean();

  private final LongAdder fills = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  /// @param framing null: the first bytes tell
  MediaConnection(
      EndPoint endPoint,
      Executor executor,
      Consumer<ByteStream> adopt,
      InetSocketAddress remote,
      InetSocketAddress local,
      @Nullable Framing framing) {
    super(endPoint, executor);
    this.adopt = adopt;
    this.stream = new ByteStream(remote, local, framing, this);
  }

  @Override
  public void onUpgradeTo(ByteBuffer begun) {
    input = BufferUtil.allocate(Math.max(BUFFER_BYTES, begun.remaining()));
    fills.increment();
    bytes.add(begun.remaining());
    BufferUtil.append(input, begun);
  }

  @Override
  public void onOpen() {
    super.onOpen();
    getEndPoint().setIdleTimeout(0);
    adopt.accept(stream);
    onFillable();
  }

  /// One thread at a time: whoever comes meanwhile makes the one that is here look again.
  @Override
  public void onFillable() {
    int seen = 1;
    if (looks.getAndIncrement() > 0) {
      return;
    }
    while (seen > 0) {
      readAll();
      seen = looks.addAndGet(-seen);
    }
  }

  /// Until nothing is left or there is no room for more: either is told.
  private void readAll() {
    try {
      while (stream.receive(input)) {
        BufferUtil.clear(input);
        int count = getEndPoint().fill(input);
        if (count < 0) {
          stream.end();
          return;
        }
        if (count == 0) {
          getEndPoint().tryFillInterested(readable);
          return;
        }
        fills.increment();
        bytes.add(count);
      }
    } catch (IOException e) {
      stream.end();
    }
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    stream.end();
  }

  @Override
  public void onRoom() {
    execute(this::onFillable);
  }

  @Override
  public void onOutput() {
    if (sending.compareAndSet(false, true)) {
      execute(
          () -> {
            sending.set(false);
            output.iterate();
          });
    }
  }

  @Override
  public void onClosed() {
    execute(this::close);
  }

  private void execute(Runnable task) {
    try {
      getExecutor().execute(task);
    } catch (RejectedExecutionException e) {
      // The web server has stopped, and closed all connections.
    }
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    stream.end();
    super.onClose(cause);
  }

  @Override
  public long getMessagesIn() {
    return fills.sum();
  }

  @Override
  public long getBytesIn() {
    return bytes.sum();
  }

  /// Sends what the media port has for the client, a buffer at a time.
  private final class Output extends IteratingCallback {
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    @Override
    protected Action process() {
      buffer.clear();
      if (stream.take(buffer) == 0) {
        return Action.IDLE;
      }
      buffer.flip();
      getEndPoint().write(this, buffer);
      return Action.SCHEDULED;
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
      stream.end();
      close();
    }
  }
}
