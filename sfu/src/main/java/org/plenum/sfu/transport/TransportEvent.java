package org.plenum.sfu.transport;

import org.plenum.sfu.dtls.DtlsFailure;
import org.plenum.sfu.srtp.SrtpKeys;

/// What a DTLS session reports to its transport's worker.
public sealed interface TransportEvent {
  record DtlsOutgoing(byte[] datagram) implements TransportEvent {}

  record DtlsKeys(SrtpKeys keys) implements TransportEvent {}

  record DtlsFailed(DtlsFailure reason) implements TransportEvent {}

  record DtlsClosed() implements TransportEvent {}
}
