package org.plenum.broadcast.live;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.hls.Rendition;
import org.plenum.broadcast.live.LiveRequest.Reply;
import org.plenum.broadcast.live.LiveRequest.Verdict;
import org.plenum.ice.NanoTime;

/// Requests that wait for a broadcast to go on, without a thread each. Any thread.
final class BlockedRequests {
  /// Of one broadcast; a CDN asks once for all its viewers.
  static final int MOST = 5_000;

  /// RFC 8216bis §6.2.5.2.
  static final long PATIENCE_NANOS = 3L * Rendition.TARGET_SECONDS * 1_000_000_000L;

  private record Blocked(
      Predicate<LiveFiles> isDue, LiveRequest request, Reply reply, long deadlineNanos) {}

  private final List<Blocked> waiting = new ArrayList<>();
  private LiveFiles files = LiveFiles.NONE;

  /// Answers what asks for what there is, or cannot be answered later either; the rest waits.
  void ask(LiveRequest request, long nowNanos, Reply reply) {
    Verdict verdict;
    LiveFiles present;
    synchronized (this) {
      present = files;
      Predicate<LiveFiles> isDue = due(request, present);
      if (isDue == null) {
        verdict = Verdict.ABSURD;
      } else if (isDue.test(present)) {
        verdict = Verdict.FOUND;
      } else if (waiting.size() >= MOST) {
        verdict = Verdict.BUSY;
      } else {
        long deadline = NanoTime.after(nowNanos, PATIENCE_NANOS);
        waiting.add(new Blocked(isDue, request, reply, deadline));
        return;
      }
    }
    answer(request, verdict, present, reply);
  }

  /// There are other files now. Who waited for them is answered by another thread.
  void publish(LiveFiles now) {
    List<Blocked> due;
    synchronized (this) {
      files = now;
      due = take(blocked -> blocked.isDue().test(now));
    }
    answer(due, Verdict.FOUND, now);
  }

  /// Nobody waits for ever.
  void onTimeout(long nowNanos) {
    List<Blocked> late;
    synchronized (this) {
      if (waiting.isEmpty() || !NanoTime.isDue(waiting.getFirst().deadlineNanos(), nowNanos)) {
        return;
      }
      late = take(blocked -> NanoTime.isDue(blocked.deadlineNanos(), nowNanos));
    }
    answer(late, Verdict.LATE, LiveFiles.NONE);
  }

  synchronized LiveFiles files() {
    return files;
  }

  synchronized int count() {
    return waiting.size();
  }

  private List<Blocked> take(Predicate<Blocked> which) {
    List<Blocked> taken = new ArrayList<>();
    waiting.removeIf(blocked -> which.test(blocked) && taken.add(blocked));
    return taken;
  }

  private static void answer(List<Blocked> some, Verdict verdict, LiveFiles present) {
    if (!some.isEmpty()) {
      Thread.ofVirtual()
          .name("blocked-requests")
          .start(
              () -> some.forEach(each -> answer(each.request(), verdict, present, each.reply())));
    }
  }

  private static void answer(LiveRequest request, Verdict verdict, LiveFiles present, Reply reply) {
    if (verdict != Verdict.FOUND) {
      reply.accept(verdict, null);
      return;
    }
    LiveFile file = request.delta() ? present.delta(request.path()) : present.find(request.path());
    reply.accept(file == null ? Verdict.MISSING : Verdict.FOUND, file);
  }

  /// When it can be answered; null if never.
  private static @Nullable Predicate<LiveFiles> due(LiveRequest request, LiveFiles present) {
    String path = request.path();
    LiveEdge edge = present.edge(path);
    Long number = request.number();
    if (edge != null && number != null) {
      int part = request.part() == null ? LiveEdge.NO_PART : request.part();
      return edge.isAbsurd(number, part) ? null : later -> has(later, path, number, part);
    }
    LiveFiles.PartName name = LiveFiles.part(path);
    LiveEdge its = name == null ? null : present.edge(name.playlist());
    if (name != null && its != null && its.isHinted(name.number(), name.part())) {
      return later -> isSettled(later, name);
    }
    return _ -> true;
  }

  private static boolean has(LiveFiles files, String path, long number, int part) {
    LiveEdge edge = files.edge(path);
    return edge == null || edge.has(number, part);
  }

  private static boolean isSettled(LiveFiles files, LiveFiles.PartName name) {
    LiveEdge edge = files.edge(name.playlist());
    return edge == null || edge.isSettled(name.number(), name.part());
  }
}
