package org.plenum.sfu.embed;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.plenum.ice.port.SystemCalls;
import org.plenum.sfu.dtls.DtlsCertificate;
import org.plenum.sfu.srtp.NativeCrypto;

/// What an SFU needs whatever its settings: system calls and libcrypto linked, a certificate. The
/// JVM makes classes for each native function, which takes a third of a second of a core; so a
/// program begins it before it reads its settings, and [Sfu#start(org.plenum.sfu.SfuConfig,
/// Groundwork)] waits for what is left of it.
///
/// Logs nothing: the log may not be set up when it begins.
public final class Groundwork {
  private final FutureTask<DtlsCertificate> certificate = new FutureTask<>(Groundwork::lay);

  private Groundwork() {}

  /// Begins on a thread of its own.
  public static Groundwork begin() {
    Groundwork groundwork = new Groundwork();
    Thread.ofPlatform().name("plenum-groundwork").daemon().start(groundwork.certificate);
    return groundwork;
  }

  /// Waits until it is laid.
  ///
  /// @throws IllegalStateException with one sentence if that failed, or the thread is interrupted
  DtlsCertificate await() {
    try {
      return certificate.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("what every SFU needs is not there: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the SFU was starting", e);
    }
  }

  private static DtlsCertificate lay() {
    SystemCalls.link();
    NativeCrypto.link();
    return DtlsCertificate.generate();
  }
}
