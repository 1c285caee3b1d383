package org.plenum.sfu.dtls;

/// Counts of handshakes, any thread.
public final class DtlsCounters {
  public long started() {
    throw new UnsupportedOperationException();
  }

  public long completed() {
    throw new UnsupportedOperationException();
  }

  public long failed(DtlsFailure reason) {
    throw new UnsupportedOperationException();
  }

  /// Datagrams dropped because a session did not read them in time.
  public long droppedDatagrams() {
    throw new UnsupportedOperationException();
  }
}
