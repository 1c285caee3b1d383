package org.plenum.bench.load;

import java.util.Locale;

/// A result for people.
final class LoadText {
  private LoadText() {}

  static String of(LoadResult r) {
    var text = new StringBuilder();
    add(text, "%s, %s, %d clients, %.1f s", r.shape(), r.profile(), r.clients(), r.seconds());
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
    text.append(r.details());
    return text.toString();
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
