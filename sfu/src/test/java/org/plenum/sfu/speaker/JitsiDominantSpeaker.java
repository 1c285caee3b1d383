package org.plenum.sfu.speaker;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.ScheduledExecutorService;
import org.jitsi.utils.dsi.DominantSpeakerIdentification;

/// The oracle: jitsi-utils' implementation of the same paper, on virtual time. What its thread
/// would do, noting idle microphones and deciding, is called by hand. Nobody is dominant in it
/// before somebody spoke, and who is stays so in silence.
final class JitsiDominantSpeaker {
  /// Longer than any test, shorter than the time since the epoch.
  private static final long NEVER_SILENT_MILLIS = 3_600_000;

  private final VirtualClock clock = new VirtualClock();
  private final DominantSpeakerIdentification<Integer> oracle =
      new DominantSpeakerIdentification<>(clock, noThread(), NEVER_SILENT_MILLIS);
  private final MethodHandle timeoutIdleLevels;
  private final MethodHandle makeDecision;

  JitsiDominantSpeaker() throws ReflectiveOperationException {
    Class<?> type = DominantSpeakerIdentification.class;
    var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    var taking = methodType(void.class, long.class);
    timeoutIdleLevels = lookup.findVirtual(type, "timeoutIdleLevels", taking);
    makeDecision = lookup.findVirtual(type, "makeDecision", taking);
  }

  /// @param level as that class takes it: 0 is silence, 127 loudest
  void onLevel(int speaker, int level, long nowMillis) {
    clock.millis = nowMillis;
    oracle.levelChanged(speaker, level);
  }

  void onIdleTick(long nowMillis) throws Throwable {
    timeoutIdleLevels.invoke(oracle, nowMillis);
  }

  /// @return null before anybody spoke
  Integer decide(long nowMillis) throws Throwable {
    makeDecision.invoke(oracle, nowMillis);
    return oracle.getDominantSpeaker();
  }

  private static ScheduledExecutorService noThread() {
    return (ScheduledExecutorService)
        Proxy.newProxyInstance(
            JitsiDominantSpeaker.class.getClassLoader(),
            new Class<?>[] {ScheduledExecutorService.class},
            (_, _, _) -> null);
  }

  private static final class VirtualClock extends Clock {
    private long millis;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis);
    }
  }
}
