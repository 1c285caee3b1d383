package org.plenum.signaling.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.plenum.signaling.protocol.UnfinishedBodyException;
import org.plenum.signaling.session.SignalingCounter;
import org.plenum.signaling.session.SignalingCounters;
import org.plenum.signaling.session.Timers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the bodies of requests, and waits for none of them longer than it is worth: whoever holds
/// one back holds a thread and memory of ours. Any thread; blocks.
final class RequestBodies {
  /// A short body must be here within this. Less than [ConnectionGuard#STALL_NANOS], so that the
  /// client hears why.
  static final long WHOLE_NANOS = 10_000_000_000L;

  /// No byte of an upload for so long ends it: a phone that changes its network takes
  /// a few seconds.
  static final long PAUSE_NANOS = 12_000_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(RequestBodies.class);

  private final Timers timers;
  private final SignalingCounters counters;

  RequestBodies(Timers timers, SignalingCounters counters) {
    this.timers = timers;
    this.counters = counters;
  }

  /// The body when it is asked for, and then the same each time: whoever answers the request looks
  /// first whether it may be made. Throws [UnfinishedBodyException].
  ///
  /// @param most bytes, more are not read
  Supplier<byte[]> later(Request request, int most) {
    return new Supplier<>() {
      private byte[] body = {};
      private boolean isRead;

      @Override
      public byte[] get() {
        if (!isRead) {
          body = read(request, most);
          isRead = true;
        }
        return body;
      }
    };
  }

  /// Throws [UnfinishedBodyException].
  ///
  /// @param most bytes, more are not read
  byte[] read(Request request, int most) {
    var patience = new Patience(request, WHOLE_NANOS);
    try (InputStream in = Content.Source.asInputStream(request)) {
      return in.readNBytes(most);
    } catch (IOException e) {
      throw unfinished(e);
    } finally {
      patience.end();
    }
  }

  /// The body as it comes. Each read waits for [#PAUSE_NANOS] at most, and throws
  /// [UnfinishedBodyException].
  InputStream upload(Request request) {
    return new FilterInputStream(Content.Source.asInputStream(request)) {
      @Override
      public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] into, int offset, int length) {
        var patience = new Patience(request, PAUSE_NANOS);
        try {
          return in.read(into, offset, length);
        } catch (IOException e) {
          throw unfinished(e);
        } finally {
          patience.end();
        }
      }
    };
  }

  private UnfinishedBodyException unfinished(IOException cause) {
    counters.count(SignalingCounter.BODIES_UNFINISHED);
    LOG.debug("the body of a request did not come to its end: {}", cause.toString());
    return isTimeout(cause)
        ? new UnfinishedBodyException(true, "the rest of the body did not come in time")
        : new UnfinishedBodyException(false, "the body ended before its length");
  }

  private static boolean isTimeout(Throwable cause) {
    return cause instanceof TimeoutException
        || (cause.getCause() != null && isTimeout(cause.getCause()));
  }

  /// Fails what is being read of a request once its time is over.
  private final class Patience {
    private final AtomicBoolean over = new AtomicBoolean();
    private final Timers.Timer timer;

    Patience(Request request, long nanos) {
      this.timer =
          timers.after(
              nanos,
              () -> {
                if (over.compareAndSet(false, true)) {
                  request.fail(
                      new TimeoutException(
                          "nothing came for " + TimeUnit.NANOSECONDS.toSeconds(nanos) + " s"));
                }
              });
    }

    void end() {
      over.set(true);
      timer.cancel();
    }
  }
}
