package org.plenum.signaling;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/// Shows how much room the volume of `data.dir` has, as meters named `plenum.disk.…`.
///
/// @param directory on that volume
record DiskMetrics(Path directory) implements MeterBinder {
  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(registry, "plenum.disk.free", "Bytes free for us on the volume of data.dir", true);
    gauge(registry, "plenum.disk.size", "Bytes that the volume of data.dir has in all", false);
  }

  private void gauge(MeterRegistry registry, String name, String help, boolean free) {
    Gauge.builder(name, this, disk -> disk.bytes(free))
        .baseUnit("bytes")
        .description(help)
        .register(registry);
  }

  /// Not a number while the volume does not answer.
  private double bytes(boolean free) {
    try {
      FileStore volume = Files.getFileStore(directory);
      return free ? volume.getUsableSpace() : volume.getTotalSpace();
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
