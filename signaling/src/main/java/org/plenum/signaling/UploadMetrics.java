package org.plenum.signaling;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.plenum.signaling.recording.RecordingStore;
import org.plenum.signaling.recording.RecordingUploads;

/// Shows how recordings get to the bucket, as meters named `plenum.recording.…`.
record UploadMetrics(RecordingStore store, RecordingUploads uploads) implements MeterBinder {
  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("plenum.recording.uploads.waiting", uploads, RecordingUploads::waiting)
        .description("Recordings on their way to the bucket, or waiting for it")
        .register(registry);
    Gauge.builder("plenum.recording.bucket.failing", store, RecordingStore::bucketFailingSeconds)
        .baseUnit("seconds")
        .description("For how long the bucket has failed; 0 while all is well")
        .register(registry);
    FunctionCounter.builder("plenum.recording.uploads", uploads, RecordingUploads::uploaded)
        .description("Recordings that arrived in the bucket")
        .register(registry);
    FunctionCounter.builder("plenum.recording.upload.bytes", uploads, RecordingUploads::bytes)
        .description("Bytes of recordings that arrived in the bucket")
        .register(registry);
    FunctionCounter.builder("plenum.recording.upload.failures", uploads, RecordingUploads::failures)
        .description("How often a recording was not taken to the bucket")
        .register(registry);
  }
}
