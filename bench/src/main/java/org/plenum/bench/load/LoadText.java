package org.plenum.bench.load;

import java.util.Locale;

/// A result for people.
final class LoadText {
  private LoadText() {}

  static String of(LoadResult r) {
    var text = new StringBuilder();
    add(text, "%s, %s, %d clients, %.1f s", r.shape(), r.profile(), r.clients(), r.seconds());
    if (r.left() > 0) {
      add(text, "%d left meanwhile, others came for them", r.left());
    }
    add(
        text,
        "delivered %.4f %%%s, %.0f egress packets/s",
        r.deliveredPercent(),
        r.sound() ? "" : " (NOT SOUND)",
        r.egressPacketsPerSecond());
    add(text, "delay       %s", delays(r.delayMillis()));
    add(text, "frames late %s", delays(r.sendLatenessMillis()));
    add(text, "joining     %s", delays(r.joinMillis()));
    LoadResult.Server server = r.server();
    if (server != null) {
      add(
          text,
          "server CPU per egress packet %.2f us, its workers %.2f us (busy %.0f %%, process %.0f"
              + " %%)",
          server.cpuMicrosPerPacket(),
          server.workerCpuMicrosPerPacket(),
          server.workerBusyPercent(),
          server.cpuBusyPercent());
      add(
          text,
          "server RSS %.0f MiB (idle %.0f), threads %d (%d), descriptors %d (%d)",
          server.rssMiB(),
          server.rssMiBBefore(),
          server.threads(),
          server.threadsBefore(),
          server.descriptors(),
          server.descriptorsBefore());
    }
    add(
        text,
        "load CPU per egress packet %.2f us, its loops %.2f us (busy %.0f %%), receive overflow %d",
        r.load().cpuMicrosPerPacket(),
        r.load().loopCpuMicrosPerPacket(),
        r.load().loopBusyPercent(),
        r.load().receiveOverflow());
    for (LoadResult.Step step : r.steps()) {
      add(text, "%s", step(step));
    }
    LoadResult.Browsers browsers = r.browsers();
    if (browsers != null) {
      add(
          text,
          "%d browsers: at least %.1f frames/s, %d freezes, at most %.2f s frozen, first picture"
              + " within %.0f ms",
          browsers.viewers(),
          browsers.framesPerSecond(),
          browsers.freezes(),
          browsers.frozenSeconds(),
          browsers.firstFrameMillis());
    }
    text.append(r.details());
    return text.toString();
  }

  private static String step(LoadResult.Step step) {
    String found =
        String.format(
            Locale.ROOT,
            "%d to %d s: %d clients, %.0f packets/s, delay p50 %.3f, p99 %.3f ms",
            step.from(),
            step.to(),
            step.clients(),
            step.packetsPerSecond(),
            step.delayMillis().p50(),
            step.delayMillis().p99());
    if (step.deliveredPercent() != null) {
      found += String.format(Locale.ROOT, ", delivered %.4f %%", step.deliveredPercent());
    }
    if (step.serverCpuPercent() != null) {
      found += String.format(Locale.ROOT, ", server busy %.0f %%", step.serverCpuPercent());
    }
    return found;
  }

  private static String delays(LoadResult.Delays d) {
    return String.format(
        Locale.ROOT,
        "p50 %.3f, p99 %.3f, p99.9 %.3f, max %.3f ms",
        d.p50(),
        d.p99(),
        d.p999(),
        d.max());
  }

  private static void add(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
