package org.plenum.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.LoadStep;
import org.plenum.sfu.ParticipantDetails.PathKind;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.SfuHistogram;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.dtls.DtlsCounters;
import org.plenum.sfu.embed.SfuCounters;
import org.plenum.sfu.quality.Quality;
import org.plenum.sfu.quality.QualityCause;

class SfuMetricsTest {
  private final WorkerCounters first = new WorkerCounters();
  private final WorkerCounters second = new WorkerCounters();
  private final SfuMetrics metrics =
      new SfuMetrics(new SfuCounters(List.of(first, second), List.of(), new DtlsCounters()));

  @Test
  void showsEveryVerdictFromTheStart() {
    var registry = new SimpleMeterRegistry();
    metrics.bindTo(registry);
    for (IngressVerdict verdict : IngressVerdict.values()) {
      var counter =
          registry
              .get("plenum.ingress.datagrams")
              .tag("verdict", SfuMetrics.label(verdict))
              .functionCounter();
      assertEquals(0, counter.count());
    }
    assertEquals(
        EgressVerdict.values().length,
        registry.get("plenum.egress.packets").functionCounters().size());
  }

  @Test
  void sumsOverWorkersWhenSomebodyLooks() {
    var registry = new SimpleMeterRegistry();
    metrics.bindTo(registry);
    first.count(EgressVerdict.FORWARDED, 3);
    second.count(EgressVerdict.FORWARDED, 4);
    second.add(SfuCounter.NACKS_SENT, 5);
    first.add(WorkerCounters.Gauge.ROOMS, 2);
    var forwarded =
        registry.get("plenum.egress.packets").tag("verdict", "forwarded").functionCounter();
    assertEquals(7, forwarded.count());
    assertEquals(5, registry.get("plenum.nacks.sent").functionCounter().count());
    assertEquals(2, registry.get("plenum.rooms").gauge().value());
  }

  @Test
  void isNamedAsPrometheusWantsIt() {
    try (Metrics all = new Metrics()) {
      all.bind(metrics);
      first.count(IngressVerdict.RTP_FORGED);
      String text = all.scrape(Metrics.TEXT);
      assertTrue(text.contains("plenum_ingress_datagrams_total{verdict=\"rtp_forged\"} 1.0"), text);
      assertTrue(text.contains("plenum_egress_packets_total{verdict=\"awaiting_keyframe\"} 0.0"));
      assertTrue(
          text.contains("plenum_dtls_handshakes_failed_total{reason=\"fingerprint_mismatch\"}"));
      assertTrue(text.contains("plenum_participants 0.0"));
    }
  }

  @Test
  void tellsMediaByKindAndCodecAndClientsByPath() {
    try (Metrics all = new Metrics()) {
      all.bind(metrics);
      first.addReceived(CodecName.VP9, 1200);
      second.addReceived(CodecName.VP9, 300);
      second.addSent(CodecName.OPUS, 90);
      first.add(PathKind.UDP, 3);
      first.add(PathKind.UDP, -1);
      second.add(PathKind.RELAY, 1);
      String text = all.scrape(Metrics.TEXT);
      assertTrue(
          text.contains(
              "plenum_media_bytes_total{codec=\"vp9\",direction=\"in\",kind=\"video\"} 1500.0"),
          text);
      assertTrue(
          text.contains(
              "plenum_media_bytes_total{codec=\"opus\",direction=\"out\",kind=\"audio\"} 90.0"));
      assertTrue(text.contains("plenum_clients{path=\"udp\"} 2.0"));
      assertTrue(text.contains("plenum_clients{path=\"tcp\"} 0.0"));
      assertTrue(text.contains("plenum_clients{path=\"relay\"} 1.0"));
    }
  }

  @Test
  void keepsWhatItShowsFromTheGarbageCollector() {
    try (Metrics all = new Metrics()) {
      all.bind(new SfuMetrics(new SfuCounters(List.of(first), List.of(), new DtlsCounters())));
      first.add(WorkerCounters.Gauge.ROOMS, 3);
      System.gc();
      assertTrue(all.scrape(Metrics.TEXT).contains("plenum_rooms 3.0"));
    }
  }

  @Test
  void showsHistogramsWithTheirBuckets() {
    try (Metrics all = new Metrics()) {
      metrics.histograms().forEach(all::show);
      first.record(SfuHistogram.VIEWER_LOSS, 0);
      second.record(SfuHistogram.VIEWER_LOSS, 30_000);
      second.record(SfuHistogram.WORKER_LAG, 700_000_000);
      first.quality().record(new Quality(45, QualityCause.VIEWER_DOWNLINK));
      second.quality().record(new Quality(70, QualityCause.VIEWER_DOWNLINK));
      String text = all.scrape(Metrics.TEXT);
      assertTrue(text.contains("plenum_viewer_loss_ratio_bucket{le=\"0.0\"} 1"), text);
      assertTrue(text.contains("plenum_viewer_loss_ratio_bucket{le=\"0.02\"} 1"), text);
      assertTrue(text.contains("plenum_viewer_loss_ratio_bucket{le=\"0.05\"} 2"), text);
      assertTrue(text.contains("plenum_viewer_loss_ratio_sum 0.03"), text);
      assertTrue(
          text.contains("plenum_quality_score_bucket{cause=\"viewer-downlink\",le=\"50.0\"} 1"),
          text);
      assertTrue(text.contains("plenum_quality_score_sum{cause=\"viewer-downlink\"} 115.0"), text);
      assertTrue(text.contains("plenum_quality_score_count{cause=\"none\"} 0"), text);
      assertTrue(text.contains("plenum_worker_lag_seconds_count{worker=\"0\"} 0"), text);
      assertTrue(
          text.contains("plenum_worker_lag_seconds_bucket{worker=\"1\",le=\"+Inf\"} 1"), text);
      assertTrue(all.scrape(Metrics.OPEN_METRICS).contains("plenum_viewer_loss_ratio_count 2"));
    }
  }

  @Test
  void tellsWorkersApartByTheirLoad() {
    try (Metrics all = new Metrics()) {
      all.bind(metrics);
      second.addBusy(1_500_000_000);
      second.loadStep(LoadStep.TOP_LAYERS);
      String text = all.scrape(Metrics.TEXT);
      assertTrue(text.contains("plenum_worker_busy_seconds_total{worker=\"0\"} 0.0"), text);
      assertTrue(text.contains("plenum_worker_busy_seconds_total{worker=\"1\"} 1.5"), text);
      assertTrue(text.contains("plenum_worker_load_step{worker=\"0\"} 0.0"), text);
      assertTrue(text.contains("plenum_worker_load_step{worker=\"1\"} 3.0"), text);
    }
  }
}
