package org.plenum.signaling.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.protocol.ClientMessageReader;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.session.ClientLine;
import org.plenum.signaling.session.ClientSocket;
import org.plenum.signaling.session.Signaling;
import org.plenum.signaling.session.Timers;

/// One WebSocket of Jetty's as signaling wants it: blocking writes with a time-out, pings, and a
/// close when nothing is heard.
public final class WebSocketEndpoint implements Session.Listener.AutoDemanding, ClientSocket {
  static final String PATH = "/ws";
  static final String SUBPROTOCOL = "plenum.v1";

  static final Problem ORIGIN_REFUSED =
      Problem.of(
          403,
          "Forbidden",
          "Pages of this origin may not use this server: http.allowed-origins does not name it.");

  /// A client that reads nothing for this long is gone.
  private static final long WRITE_TIMEOUT_NANOS = 10_000_000_000L;

  private static final long PING_NANOS = 15_000_000_000L;

  /// Three pings unanswered.
  private static final long SILENCE_NANOS = 45_000_000_000L;

  /// How long a client may take to answer a close (RFC 6455 §7.1.1) before the connection is cut.
  private static final long CLOSE_NANOS = 3_000_000_000L;

  private record Refusal(int code, String reason) {}

  private static final int UNSUPPORTED_DATA = 1003;
  private static final int MESSAGE_TOO_BIG = 1009;

  private final Signaling signaling;
  private final ClientLine.Opener opener;
  private final Timers timers;
  private final String address;
  private volatile @Nullable Session session;
  private volatile @Nullable ClientLine connection;
  private volatile Timers.@Nullable Timer pingTimer;
  private volatile long heardNanos;

  /// The message that is coming in. Jetty calls one listener from one thread at a time.
  private final StringBuilder text = new StringBuilder();

  /// Why the socket closes at the end of the message that is coming in. The rest of it is read and
  /// thrown away, so that the client gets to read the reason.
  private @Nullable Refusal refusal;

  private boolean closing;

  /// @param address as what the client is limited; one more is open of it until this is closed
  WebSocketEndpoint(Signaling signaling, ClientLine.Opener opener, String address, Timers timers) {
    this.signaling = signaling;
    this.opener = opener;
    this.address = address;
    this.timers = timers;
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    session = opened;
    heardNanos = timers.nowNanos();
    connection = opener.open(this, address);
    pingTimer = timers.after(PING_NANOS, this::ping);
  }

  /// Messages are put together here rather than by Jetty, which cuts the connection while the rest
  /// of one that is too long is still unread: the client would see a reset, and no reason.
  @Override
  public void onWebSocketPartialText(String part, boolean last) {
    heardNanos = timers.nowNanos();
    if (refusal == null && text.length() + part.length() > ClientMessageReader.MAX_MESSAGE) {
      refuse(
          MESSAGE_TOO_BIG,
          "messages have at most " + ClientMessageReader.MAX_MESSAGE + " characters");
    }
    if (refusal != null) {
      closeAfter(last);
      return;
    }
    text.append(part);
    if (last) {
      String whole = text.toString();
      forgetText();
      ClientLine present = connection;
      if (present != null) {
        present.onText(whole);
      }
    }
  }

  @Override
  public void onWebSocketPartialBinary(ByteBuffer part, boolean last, Callback callback) {
    callback.succeed();
    if (refusal == null) {
      refuse(UNSUPPORTED_DATA, "messages are text");
    }
    closeAfter(last);
  }

  @Override
  public void onWebSocketPong(ByteBuffer payload) {
    heardNanos = timers.nowNanos();
  }

  /// The close that follows says it too.
  @Override
  public void onWebSocketError(Throwable cause) {}

  @Override
  public void onWebSocketClose(int code, @Nullable String reason, Callback callback) {
    signaling.limits().closed(address);
    Timers.Timer timer = pingTimer;
    if (timer != null) {
      timer.cancel();
    }
    ClientLine present = connection;
    if (present != null) {
      present.onClosed();
    }
    callback.succeed();
  }

  @Override
  public void send(String text) throws IOException {
    Session present = session;
    if (present == null) {
      throw new IOException("the socket is not open");
    }
    Callback.Completable written = new Callback.Completable();
    present.sendText(text, written);
    try {
      written.get(WRITE_TIMEOUT_NANOS, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      present.disconnect();
      throw new IOException("the client does not read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close(int code, String reason) {
    Session present = session;
    if (present != null) {
      present.close(code, reason, Callback.NOOP);
      timers.after(CLOSE_NANOS, present::disconnect);
    }
  }

  private void refuse(int code, String reason) {
    refusal = new Refusal(code, reason);
    forgetText();
    ClientLine present = connection;
    if (present != null) {
      present.onViolation();
    }
    timers.after(CLOSE_NANOS, () -> close(code, reason));
  }

  private void closeAfter(boolean last) {
    if (last && refusal != null && !closing) {
      closing = true;
      close(refusal.code(), refusal.reason());
    }
  }

  private void forgetText() {
    text.setLength(0);
    text.trimToSize();
  }

  /// Any write counts as life for Jetty's idle time-out, pings too: so we look for what comes in.
  private void ping() {
    Session present = session;
    if (present == null || !present.isOpen()) {
      return;
    }
    if (timers.nowNanos() - heardNanos >= SILENCE_NANOS) {
      present.disconnect();
      return;
    }
    present.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    pingTimer = timers.after(PING_NANOS, this::ping);
  }
}
