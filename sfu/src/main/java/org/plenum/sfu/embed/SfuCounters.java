package org.plenum.sfu.embed;

import java.util.List;
import org.plenum.ice.port.MediaPortCounters;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.ParticipantDetails.PathKind;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.dtls.DtlsCounters;

/// All counters of an SFU, summed over its workers at each call. Any thread.
///
/// @param workers one per worker
/// @param ports one per worker
public record SfuCounters(
    List<WorkerCounters> workers, List<MediaPortCounters> ports, DtlsCounters dtls) {
  public SfuCounters {
    workers = List.copyOf(workers);
    ports = List.copyOf(ports);
  }

  public long value(IngressVerdict verdict) {
    return workers.stream().mapToLong(worker -> worker.value(verdict)).sum();
  }

  public long value(EgressVerdict verdict) {
    return workers.stream().mapToLong(worker -> worker.value(verdict)).sum();
  }

  public long value(SfuCounter counter) {
    return workers.stream().mapToLong(worker -> worker.value(counter)).sum();
  }

  public long value(WorkerCounters.Gauge gauge) {
    return workers.stream().mapToLong(worker -> worker.value(gauge)).sum();
  }

  public long value(PathKind path) {
    return workers.stream().mapToLong(worker -> worker.value(path)).sum();
  }

  public long receivedBytes(CodecName codec) {
    return workers.stream().mapToLong(worker -> worker.receivedBytes(codec)).sum();
  }

  public long sentBytes(CodecName codec) {
    return workers.stream().mapToLong(worker -> worker.sentBytes(codec)).sum();
  }

  public long value(MediaPortCounters.Counter counter) {
    return ports.stream().mapToLong(port -> port.value(counter)).sum();
  }
}
