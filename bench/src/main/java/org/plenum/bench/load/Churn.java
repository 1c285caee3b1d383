package org.plenum.bench.load;

import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Clients leave at a rate, the longest there first, and others like them come in their place. A
/// publisher goes only where nobody merely views.
final class Churn implements AutoCloseable {
  private final Entrance entrance;
  private final double perSecond;
  private final Queue<Member> staying = new ConcurrentLinkedQueue<>();
  private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
  private final ExecutorService replacing = Executors.newVirtualThreadPerTaskExecutor();

  /// @param perSecond 0: everybody stays
  Churn(Entrance entrance, List<Member> members, double perSecond) {
    this.entrance = entrance;
    this.perSecond = perSecond;
    boolean viewers = members.stream().anyMatch(member -> !member.plan().publishes());
    members.stream().filter(member -> !viewers || !member.plan().publishes()).forEach(staying::add);
  }

  /// Goes on for so long; those who are on their way out or in then are not waited for.
  ///
  /// @throws IOException if one could not join
  void run(double seconds) throws IOException, InterruptedException {
    long start = System.nanoTime();
    if (perSecond > 0) {
      for (int i = 1; i / perSecond < seconds; i++) {
        sleepUntil(start, i / perSecond);
        Member next = staying.poll();
        if (next != null) {
          replacing.execute(() -> replace(next));
        }
        check();
      }
    }
    sleepUntil(start, seconds);
  }

  private static void sleepUntil(long startNanos, double seconds) throws InterruptedException {
    long left = startNanos + (long) (seconds * 1e9) - System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(left);
  }

  private void replace(Member member) {
    try {
      entrance.leave(member);
      staying.add(entrance.enter(member.plan(), member.loop()));
    } catch (IOException | RuntimeException e) {
      failures.add(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// @throws IOException if one could not join
  void check() throws IOException {
    Exception failure = failures.peek();
    if (failure != null) {
      throw new IOException(
          failures.size() + " who came for others could not join: " + failure, failure);
    }
  }

  /// Waits for those who are on their way out or in.
  @Override
  public void close() {
    replacing.close();
  }
}
