package org.plenum.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.plenum.bench.client.ClientOptions;
import org.plenum.bench.report.Page;
import org.plenum.bench.report.Plot;

/// A result as a page: what was asked for, what came out, and how it went second by second.
final class LoadPage {
  private final LoadSettings settings;
  private final LoadResult result;
  private final Page page;

  private LoadPage(LoadSettings settings, LoadResult result) {
    this.settings = settings;
    this.result = result;
    this.page = new Page("plenum-load: " + result.shape());
  }

  static String of(LoadSettings settings, LoadResult result, List<Requirement.Verdict> verdicts) {
    var made = new LoadPage(settings, result);
    made.addVerdicts(verdicts);
    made.addResult();
    made.addSteps();
    made.addPlots();
    made.addSettings();
    return made.page.html();
  }

  private void addVerdicts(List<Requirement.Verdict> verdicts) {
    if (!result.sound()) {
      page.table(
          List.of(), List.of(List.of("a packet came that should not have, or not so", "missed")));
    }
    if (!verdicts.isEmpty()) {
      page.heading("Required");
      page.table(
          List.of("requirement", "measured", ""),
          verdicts.stream()
              .map(
                  verdict ->
                      List.of(
                          verdict.requirement().toString(),
                          verdict.measured() == null
                              ? "not measured"
                              : number("%.3f", verdict.measured()),
                          verdict.met() ? "met" : "missed"))
              .toList());
    }
  }

  private void addResult() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("clients", clients()));
    rows.add(List.of("measured", number("%.1f s", result.seconds())));
    rows.add(
        List.of(
            "delivered",
            number("%.4f %%", result.deliveredPercent())
                + " of "
                + result.details().expected()
                + " packets"));
    rows.add(List.of("received", number("%.0f packets/s", result.egressPacketsPerSecond())));
    rows.add(List.of("delay", delays(result.delayMillis())));
    rows.add(List.of("joining", delays(result.joinMillis())));
    rows.add(List.of("frames late", delays(result.sendLatenessMillis())));
    LoadResult.Server server = result.server();
    if (server != null) {
      rows.add(
          List.of(
              "server",
              number("%.2f µs per packet, ", server.cpuMicrosPerPacket())
                  + number("its workers %.2f, ", server.workerCpuMicrosPerPacket())
                  + number("%.0f %% of one core, ", server.cpuBusyPercent())
                  + number("RSS %.0f MiB", server.rssMiB())));
    }
    rows.add(
        List.of(
            "load tool",
            number("%.2f µs per packet, ", result.load().cpuMicrosPerPacket())
                + number("its loops %.0f %% of one core, ", result.load().loopBusyPercent())
                + result.load().receiveOverflow()
                + " datagrams not read in time"));
    LoadResult.Browsers browsers = result.browsers();
    if (browsers != null) {
      rows.add(
          List.of(
              browsers.viewers() + " browsers",
              number("at least %.1f frames/s of 20, ", browsers.framesPerSecond())
                  + browsers.freezes()
                  + number(" freezes, at most %.2f s frozen, ", browsers.frozenSeconds())
                  + number("first picture within %.0f ms", browsers.firstFrameMillis())));
    }
    page.heading("Result").table(List.of(), rows);
  }

  private String clients() {
    return result.left() == 0
        ? "" + result.clients()
        : result.clients() + "; " + result.left() + " left meanwhile, others came for them";
  }

  private void addSteps() {
    if (result.steps().isEmpty()) {
      return;
    }
    page.heading("Steps");
    page.table(
        List.of(
            "seconds",
            "clients",
            "packets/s",
            "delivered %",
            "delay p50 ms",
            "p99 ms",
            "server CPU %",
            "µs per packet",
            "RSS MiB"),
        result.steps().stream()
            .map(
                step ->
                    List.of(
                        step.from() + "–" + step.to(),
                        "" + step.clients(),
                        number("%.0f", step.packetsPerSecond()),
                        number("%.3f", step.deliveredPercent()),
                        number("%.3f", step.delayMillis().p50()),
                        number("%.3f", step.delayMillis().p99()),
                        number("%.0f", step.serverCpuPercent()),
                        number("%.2f", step.serverCpuMicrosPerPacket()),
                        number("%.0f", step.serverRssMiB())))
            .toList());
  }

  private void addPlots() {
    page.heading("Second by second");
    page.paragraph(
        "Shaded: the measured window. A client counts once its warm-up is over; before, nothing is"
            + " delivered or delayed.");
    page.plot(plot("Clients").line("clients", values(second -> (double) second.clients())));
    page.plot(
        plot("Received, packets/s").line("packets/s", values(LoadResult.Second::packetsPerSecond)));
    double[] delivered = values(LoadResult.Second::deliveredPercent);
    page.plot(
        plot("Delivered of what was sent in the second, %")
            .line("delivered", delivered)
            .range(lowest(delivered), 100));
    page.plot(
        plot("Delay, ms")
            .line("p50", values(LoadResult.Second::delayMillisP50))
            .line("p99", values(LoadResult.Second::delayMillisP99)));
    if (result.server() != null) {
      page.plot(
          plot("Server's CPU, % of one core")
              .line("CPU", values(LoadResult.Second::serverCpuPercent)));
      page.plot(plot("Server's RSS, MiB").line("RSS", values(LoadResult.Second::serverRssMiB)));
    }
  }

  /// Below the least by enough that it is seen to be below 100.
  private static double lowest(double... percents) {
    double least = 99;
    for (double percent : percents) {
      if (percent < least) {
        least = Math.max(0, Math.floor(percent / 10) * 10);
      }
    }
    return least;
  }

  private Plot plot(String title) {
    return new Plot(title, values(second -> (double) second.second()))
        .band(result.beginSeconds(), result.beginSeconds() + result.seconds());
  }

  private double[] values(Function<LoadResult.Second, @Nullable Double> of) {
    return result.series().stream()
        .map(of)
        .mapToDouble(value -> value == null ? Double.NaN : value)
        .toArray();
  }

  private void addSettings() {
    ClientOptions options = settings.options();
    Course course = settings.course();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("server", settings.url().toString()));
    rows.add(List.of("protocol", settings.protocol() + (settings.relayed() ? ", relayed" : "")));
    rows.add(List.of("shape", settings.shape().toString()));
    rows.add(
        List.of(
            "video",
            options.video()
                ? options.shape()
                    + ", "
                    + options.videoBps() / 1000
                    + " kbit/s, "
                    + (options.window() > 0
                        ? options.window() + " frames on their way at once"
                        : options.framesPerSecond() + " frames/s")
                : "none"));
    rows.add(List.of("sound", options.audio() ? "50 packets/s" : "none"));
    rows.add(List.of("SRTP", options.profile().toString()));
    rows.add(List.of("warm-up", number("%.1f s", course.warmUpSeconds())));
    if (course.joinsPerSecond() > 0) {
      rows.add(List.of("ramp", number("%.1f joins/s", course.joinsPerSecond())));
    }
    Course.Steps steps = course.steps();
    if (steps != null) {
      rows.add(List.of("steps", steps.clients() + number(" clients each %.1f s", steps.seconds())));
    }
    if (course.churnPerSecond() > 0) {
      rows.add(List.of("churn", number("%.1f clients/s", course.churnPerSecond())));
    }
    rows.add(List.of("event loops", "" + settings.threads()));
    page.heading("Settings").table(List.of(), rows);
  }

  private static String delays(LoadResult.Delays delays) {
    return number("p50 %.3f, ", delays.p50())
        + number("p99 %.3f, ", delays.p99())
        + number("p99.9 %.3f, ", delays.p999())
        + number("most %.3f ms", delays.max());
  }

  private static String number(String format, @Nullable Double value) {
    return value == null ? "–" : String.format(Locale.ROOT, format, value);
  }
}
