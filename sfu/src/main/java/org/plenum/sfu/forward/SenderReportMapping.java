package org.plenum.sfu.forward;

import org.plenum.sfu.receive.ReceiveStream;
import org.plenum.sfu.rtp.NtpTime;

/// What a slot's sender report says (RFC 3550 §6.4.1): the publisher's latest report carried over
/// into the slot's clock, both of its times moved on by what has passed since it arrived. The
/// publisher's own NTP time is never passed on, but shifted by one offset per publisher, so that
/// lips stay in sync. Pure arithmetic; only for a stream that has a sender report.
public final class SenderReportMapping {
  private SenderReportMapping() {}

  /// Our NTP time of the moment `nowNanos` on the publisher's time line.
  public static long ntp(ReceiveStream stream, PublisherClock clock, long nowNanos) {
    long elapsed = nowNanos - stream.senderReportNanos();
    return clock.toOurs(stream.senderReportNtp()) + NtpTime.fromDuration(elapsed);
  }

  /// The slot's RTP timestamp of the same moment.
  public static int timestamp(ReceiveStream stream, Splice splice, int clockRate, long nowNanos) {
    long elapsed = nowNanos - stream.senderReportNanos();
    long units = elapsed / 1000 * clockRate / 1_000_000;
    return splice.timestamp(stream.senderReportRtpTimestamp()) + (int) units;
  }

  /// Whether two layers are of one track and both have reports: then their clocks can be compared.
  static boolean areRelated(Layer a, Layer b) {
    return a.track() == b.track() && a.stream().hasSenderReport() && b.stream().hasSenderReport();
  }

  /// The slot's timestamp, as the splice before would have given it, of the moment at which
  /// another layer of the same track has the timestamp `source`.
  static int timestamp(Splice before, Layer other, int source, int clockRate) {
    ReceiveStream from = before.layer().stream();
    ReceiveStream to = other.stream();
    // Between two reports of one publisher lie seconds: the product fits.
    long units = (to.senderReportNtp() - from.senderReportNtp() >> 16) * clockRate >> 16;
    return before.timestamp(from.senderReportRtpTimestamp())
        + (int) units
        + (source - to.senderReportRtpTimestamp());
  }
}
