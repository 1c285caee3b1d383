package org.plenum.signaling.memory;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after each garbage collection at what it left of the heap, since an OutOfMemoryError would
/// end every call: above a bound nobody new is let in. Once they are refused little is allocated,
/// and the next collection, which finds that people have left, may be minutes away: so one is asked
/// for every few seconds until there is room. Any thread.
public final class HeapWatch implements AutoCloseable, MeterBinder {
  private static final Logger LOG = LoggerFactory.getLogger(HeapWatch.class);

  /// Clients who were refused are told to come back after this time.
  private static final long COLLECT_MILLIS = 5_000;

  private final HeapBound bound = new HeapBound();
  private final Runnable onFull;
  private final Runnable onRelieved;
  private final NotificationListener listener = (notification, _) -> onNotification(notification);
  private final List<NotificationEmitter> collectors = new ArrayList<>();
  private final Set<String> heapPools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .map(MemoryPoolMXBean::getName)
          .collect(Collectors.toUnmodifiableSet());
  private final AtomicReference<@Nullable Thread> collecting = new AtomicReference<>();
  private volatile boolean closed;

  private HeapWatch(Runnable onFull, Runnable onRelieved) {
    this.onFull = onFull;
    this.onRelieved = onRelieved;
  }

  /// @param onFull called on a thread of the JVM's when there is no room any more
  /// @param onRelieved when there is again
  public static HeapWatch start(Runnable onFull, Runnable onRelieved) {
    var watch = new HeapWatch(onFull, onRelieved);
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(watch.listener, null, null);
        watch.collectors.add(emitter);
      }
    }
    return watch;
  }

  /// Whether nobody else may come in.
  public boolean isFull() {
    return bound.isFull();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("plenum.heap.live.ratio", bound, HeapBound::used)
        .description("Part of the largest heap that the latest collection left in use")
        .register(registry);
    Gauge.builder("plenum.heap.full", bound, present -> present.isFull() ? 1 : 0)
        .description("1 while joins are refused because the heap is nearly full")
        .register(registry);
  }

  @Override
  public void close() {
    closed = true;
    Thread thread = collecting.get();
    if (thread != null) {
      thread.interrupt();
    }
    for (NotificationEmitter collector : collectors) {
      try {
        collector.removeNotificationListener(listener);
      } catch (ListenerNotFoundException e) {
        LOG.debug("a garbage collector had forgotten its listener", e);
      }
    }
  }

  private void onNotification(Notification notification) {
    if (!notification
            .getType()
            .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)
        || !(notification.getUserData() instanceof CompositeData data)) {
      return;
    }
    var collected = GarbageCollectionNotificationInfo.from(data).getGcInfo();
    long used = heap(collected.getMemoryUsageAfterGc());
    if (bound.onCollected(used, Runtime.getRuntime().maxMemory())) {
      tell();
    }
  }

  private void tell() {
    long percent = Math.round(bound.used() * 100);
    if (bound.isFull()) {
      LOG.warn("{} % of the heap are in use after a collection: nobody new is let in", percent);
      onFull.run();
      collectWhileFull();
    } else {
      LOG.info("{} % of the heap are in use after a collection: joins are let in again", percent);
      onRelieved.run();
    }
  }

  /// On a thread of its own: a collection takes as long as it takes.
  private void collectWhileFull() {
    Thread thread = Thread.ofPlatform().daemon().name("heap-watch").unstarted(this::collect);
    if (collecting.compareAndSet(null, thread)) {
      thread.start();
    }
  }

  private void collect() {
    try {
      while (bound.isFull() && !closed) {
        Thread.sleep(COLLECT_MILLIS);
        System.gc();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      collecting.set(null);
      if (bound.isFull() && !closed) { // it filled up between the last look and now
        collectWhileFull();
      }
    }
  }

  private long heap(Map<String, MemoryUsage> pools) {
    return pools.entrySet().stream()
        .filter(pool -> heapPools.contains(pool.getKey()))
        .mapToLong(pool -> pool.getValue().getUsed())
        .sum();
  }
}
