package org.plenum.signaling;

import java.lang.reflect.Proxy;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What SIGTERM and SIGINT do: the first ends the process, for which its shutdown hooks have
/// time; the second takes that time away. Whoever sends SIGTERM asked for the end, so that is no
/// failure (0); after SIGINT a shell must see that its loop was broken (130). The JVM alone would
/// not notice a second signal, and only `sun.misc.Signal` does, which javac warns of: so it is
/// called by name.
final class StopSignals {
  private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

  /// With the status that the process ends with.
  private static final Map<String, Integer> SIGNALS = Map.of("TERM", 0, "INT", 128 + 2);

  private final Runnable hurry;
  private boolean stopping;

  private StopSignals(Runnable hurry) {
    this.hurry = hurry;
  }

  /// Where signals cannot be seen, they end the process as ever.
  ///
  /// @param hurry called for the second one and later ones, on a thread of its own
  static void handle(Runnable hurry) {
    var signals = new StopSignals(hurry);
    SIGNALS.forEach(
        (name, status) -> {
          try {
            handle(name, () -> signals.on(name, status));
          } catch (ReflectiveOperationException e) {
            LOG.warn("a second SIG{} will not end the drain: {}", name, e.toString());
          }
        });
  }

  private static void handle(String name, Runnable action) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object handling =
        Proxy.newProxyInstance(
            handler.getClassLoader(),
            new Class<?>[] {handler},
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass() == handler) {
                action.run();
                return null;
              }
              return method.invoke(action, arguments); // what every object has
            });
    Object wanted = signal.getConstructor(String.class).newInstance(name);
    var unused = signal.getMethod("handle", signal, handler).invoke(null, wanted, handling);
  }

  private synchronized void on(String name, int status) {
    if (stopping) {
      LOG.info("SIG{} again: the drain ends now", name);
      hurry.run();
      return;
    }
    stopping = true;
    // Not on this thread: it would wait for the hooks, and the next signal for it.
    Thread.ofPlatform().name("exit").start(() -> System.exit(status));
  }
}
