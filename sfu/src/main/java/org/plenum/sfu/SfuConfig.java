package org.plenum.sfu;

import java.util.List;
import org.plenum.ice.port.MediaPortKind;

/// How to start an SFU.
///
/// @param workers threads, each with a UDP port of its own; at least 1
/// @param firstPort port of the first worker, the others follow; 0: any free ports
/// @param bindAddresses literal addresses to listen on; empty: all
/// @param advertisedAddresses literal addresses offered to clients instead of the host's own;
/// empty: the host's own
/// @param offerLoopback also offer 127.0.0.1: for clients on the same machine
/// @param portKind which I/O to use
public record SfuConfig(
    int workers,
    int firstPort,
    List<String> bindAddresses,
    List<String> advertisedAddresses,
    boolean offerLoopback,
    MediaPortKind portKind) {
  public SfuConfig {
    if (workers < 1 || workers > 256) {
      throw new IllegalArgumentException("workers must be 1 to 256, not " + workers);
    }
    if (firstPort < 0 || firstPort + workers - 1 > 65_535) {
      throw new IllegalArgumentException(
          "media ports must be 0 or lie within 1 to 65535, not from " + firstPort);
    }
    bindAddresses = List.copyOf(bindAddresses);
    advertisedAddresses = List.copyOf(advertisedAddresses);
  }

  /// One worker per core but one, any free ports, loopback offered: for tests and first steps.
  public static SfuConfig forDevelopment() {
    int workers = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    return new SfuConfig(workers, 0, List.of(), List.of(), true, MediaPortKind.AUTO);
  }
}
