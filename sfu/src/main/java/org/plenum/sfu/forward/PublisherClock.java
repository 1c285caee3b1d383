package org.plenum.sfu.forward;

/// Relates a publisher's NTP clock to ours: the smallest difference seen between the arrival of a
/// sender report and its NTP time, shared by all tracks of the publisher, so that sound and
/// picture keep their relation. One thread.
public final class PublisherClock {
  /// No path is this much longer at one time than at another: a report this late by the offset
  /// means that the publisher's clock was set back. In units of 2^-32 s.
  private static final long STEP = 10L << 32;

  private boolean known;
  private long offset;

  /// Notes a sender report.
  ///
  /// @param reportNtp its NTP timestamp by the publisher's clock
  /// @param arrivalNtp our NTP time at its arrival
  public void onSenderReport(long reportNtp, long arrivalNtp) {
    long difference = arrivalNtp - reportNtp;
    if (!known || difference - offset < 0 || difference - offset > STEP) {
      offset = difference;
      known = true;
    }
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
