package org.plenum.bench.load;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;

/// Where a thread allocates, by samples of a flight recording of this JVM:
/// `jdk.ObjectAllocationSample`, whose weights are bytes. Any thread may read while it records.
final class AllocationSites implements AutoCloseable {
  private static final String EVENT = "jdk.ObjectAllocationSample";
  private static final int MOST_TOLD = 10;
  private static final int FRAMES = 4;

  private final Map<String, Long> bytesBySite = new ConcurrentHashMap<>();
  private final RecordingStream stream = new RecordingStream();

  /// @param thread name of the thread; recording begins at once
  AllocationSites(String thread) {
    stream.enable(EVENT).with("throttle", "1000/s").withStackTrace();
    stream.setMaxAge(Duration.ofSeconds(10));
    stream.onEvent(
        EVENT,
        event -> {
          if (event.getThread() != null && thread.equals(event.getThread().getJavaName())) {
            bytesBySite.merge(site(event), event.getLong("weight"), Long::sum);
          }
        });
    stream.startAsync();
  }

  /// Forgets what was sampled so far.
  void forget() {
    bytesBySite.clear();
  }

  private static String site(RecordedEvent event) {
    String frames =
        event.getStackTrace() == null
            ? "?"
            : event.getStackTrace().getFrames().stream()
                .limit(FRAMES)
                .map(
                    frame ->
                        frame.getMethod().getType().getName()
                            + "."
                            + frame.getMethod().getName()
                            + ":"
                            + frame.getLineNumber())
                .collect(Collectors.joining(" < "));
    return event.getClass("objectClass").getName() + " at " + frames;
  }

  /// The sites with most bytes, a line each.
  @Override
  public String toString() {
    return bytesBySite.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(MOST_TOLD)
        .map(entry -> entry.getValue() + " B: " + entry.getKey())
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    stream.close();
  }
}
