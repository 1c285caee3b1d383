package org.plenum.sfu.forward;

import org.plenum.sfu.rtp.NtpTime;

/// Relates a publisher's NTP clock to ours: the smallest difference seen between the arrival of a
/// sender report and its NTP time, shared by all tracks of the publisher, so that sound and
/// picture keep their relation. One thread.
public final class PublisherClock {
  /// No path is this much longer at one time than at another: a report this late by the offset
  /// means that the publisher's clock was set back. In units of 2^-32 s.
  private static final long STEP = 10L << 32;

  /// By so much of the time that passed may the publisher's clock have fallen behind ours: more
  /// than any quartz does, and too little for a queue on the way to be taken for it.
  private static final long DRIFT_PARTS = 10_000;

  private boolean known;

  /// The report by which the publisher's times are turned into ours; its arrival is moved on with
  /// the drift.
  private long anchorNtp;

  private long anchorNanos;
  private long offset;

  /// Notes a sender report.
  ///
  /// @param reportNtp its NTP timestamp by the publisher's clock
  /// @param arrivalNtp our NTP time at its arrival
  /// @param arrivalNanos our monotonic time at its arrival
  public void onSenderReport(long reportNtp, long arrivalNtp, long arrivalNanos) {
    anchor(reportNtp, arrivalNanos);
    long difference = arrivalNtp - reportNtp;
    if (!known || difference - offset < 0 || difference - offset > STEP) {
      offset = difference;
      known = true;
    }
  }

  private void anchor(long reportNtp, long arrivalNanos) {
    long passed = NtpTime.toNanos(reportNtp - anchorNtp);
    long late = arrivalNanos - (anchorNanos + passed);
    if (!known || late < 0 || late > NtpTime.toNanos(STEP)) {
      anchorNtp = reportNtp;
      anchorNanos = arrivalNanos;
    } else if (passed > 0) {
      anchorNtp = reportNtp;
      anchorNanos += passed + Math.min(late, passed / DRIFT_PARTS);
    }
  }

  /// A time of the publisher's by our monotonic clock; only if it [#isKnown].
  public long toOurNanos(long publisherNtp) {
    return anchorNanos + NtpTime.toNanos(publisherNtp - anchorNtp);
  }

  /// Whether there was a sender report yet.
  public boolean isKnown() {
    return known;
  }

  /// A time of the publisher's by our clock, 64-bit NTP.
  public long toOurs(long publisherNtp) {
    return publisherNtp + offset;
  }
}
