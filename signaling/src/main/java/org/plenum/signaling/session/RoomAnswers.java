package org.plenum.signaling.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.plenum.sfu.RefusedException;

/// Blocks a virtual thread until a room answers.
public final class RoomAnswers {
  /// A worker answers within milliseconds; one that does not is overloaded.
  private static final long TIMEOUT_SECONDS = 5;

  private RoomAnswers() {}

  /// Throws RefusedException as the room refused, or OVERLOADED if it does not answer in time.
  public static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw overloaded("the room did not answer within " + TIMEOUT_SECONDS + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw overloaded("the server is stopping");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RefusedException refusal) {
        throw refusal;
      }
      throw new IllegalStateException("the room failed", e.getCause());
    }
  }

  private static RefusedException overloaded(String message) {
    return new RefusedException(RefusedException.Reason.OVERLOADED, message);
  }
}
