package org.plenum.signaling.webhook;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.session.Timers;
import org.plenum.signaling.token.TokenMaker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells one receiver every event of the journal, those of a room in order, each until it is taken
/// (2xx) or the journal has forgotten it. A slow or dead receiver keeps nobody waiting but itself.
/// Any thread.
public final class Delivery {
  /// Rooms are spread over so many queues, each with one request at a time.
  static final int LANES = 8;

  /// Before the second attempt; each further one waits twice as long.
  static final long FIRST_RETRY_NANOS = 1_000_000_000L;

  static final long LONGEST_RETRY_NANOS = 60_000_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  /// Long enough for clocks that differ, short enough to be of no use later.
  private static final Duration VALIDITY = Duration.ofMinutes(5);

  private final URI url;
  private final Journal journal;
  private final WebhookSender sender;
  private final TokenMaker tokens;
  private final Timers timers;
  private final InstantSource clock;
  private final Predicate<String> told;
  private final Lane[] lanes = new Lane[LANES];
  private final LongAdder delivered = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder missed = new LongAdder();

  private boolean stopped;

  private static final class Lane {
    long cursor;
    boolean busy;
    int failures;
  }

  /// @param cursor index of the last event that it was told
  /// @param told whether it is told of events of a name
  public Delivery(
      URI url,
      long cursor,
      Journal journal,
      WebhookSender sender,
      TokenMaker tokens,
      Timers timers,
      InstantSource clock,
      Predicate<String> told) {
    this.told = told;
    this.url = url;
    this.journal = journal;
    this.sender = sender;
    this.tokens = tokens;
    this.timers = timers;
    this.clock = clock;
    for (int i = 0; i < LANES; i++) {
      lanes[i] = new Lane();
      lanes[i].cursor = cursor;
    }
  }

  URI url() {
    return url;
  }

  public long delivered() {
    return delivered.sum();
  }

  /// Attempts that did not succeed.
  public long failed() {
    return failed.sum();
  }

  /// Events that the journal forgot before they were taken.
  public long missed() {
    return missed.sum();
  }

  /// There may be something new.
  public void wake() {
    for (int i = 0; i < LANES; i++) {
      advance(i);
    }
  }

  /// Nothing more is told.
  synchronized void stop() {
    stopped = true;
  }

  /// Index up to which everything was told.
  public synchronized long cursor() {
    long least = journal.newest();
    for (int i = 0; i < LANES; i++) {
      if (pending(i) != null) {
        least = Math.min(least, lanes[i].cursor);
      }
    }
    return least;
  }

  private void advance(int lane) {
    Event event;
    synchronized (this) {
      event = lanes[lane].busy || stopped ? null : pending(lane);
      if (event == null) {
        return;
      }
      lanes[lane].busy = true;
    }
    String body = event.body().toString();
    Event sent = event;
    var _ =
        sender
            .post(url, body, authorization(body))
            .whenComplete((status, fault) -> done(lane, sent, status, fault));
  }

  private void done(int lane, Event event, @Nullable Integer status, @Nullable Throwable fault) {
    boolean taken = status != null && status / 100 == 2;
    long wait = 0;
    synchronized (this) {
      Lane mine = lanes[lane];
      if (taken) {
        delivered.increment();
        mine.cursor = event.index();
        mine.failures = 0;
      } else {
        failed.increment();
        wait = Math.min(LONGEST_RETRY_NANOS, FIRST_RETRY_NANOS << Math.min(mine.failures, 10));
        mine.failures++;
        if (mine.failures == 1) {
          LOG.atWarn()
              .addKeyValue("room", event.room())
              .log(
                  "webhook {} did not take an event: {}; it is tried again",
                  url.getHost(),
                  fault == null ? "status " + status : fault.getClass().getSimpleName());
        }
      }
    }
    timers.after(wait, () -> goOn(lane));
  }

  private void goOn(int lane) {
    synchronized (this) {
      Lane mine = lanes[lane];
      mine.busy = false;
      long oldest = journal.oldest();
      if (mine.failures > 0 && mine.cursor + 1 < oldest && journal.newest() >= oldest) {
        missed.increment();
      }
    }
    advance(lane);
  }

  /// The next event of a lane. A lane that has none moves on, so as not to look at the rest again.
  private @Nullable Event pending(int lane) {
    long scanned = journal.newest();
    Event event =
        journal.next(
            lanes[lane].cursor,
            each ->
                Math.floorMod(each.room().hashCode(), LANES) == lane
                    && told.test(each.body().path("event").asText()));
    if (event == null) {
      lanes[lane].cursor = Math.max(lanes[lane].cursor, scanned);
    }
    return event;
  }

  private String authorization(String body) {
    return tokens.make(Map.of("sha256", sha256(body)), clock.instant(), VALIDITY);
  }

  private static String sha256(String body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder()
          .encodeToString(digest.digest(body.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
