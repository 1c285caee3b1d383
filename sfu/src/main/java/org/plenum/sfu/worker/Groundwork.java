package org.plenum.sfu.worker;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.port.SystemCalls;
import org.plenum.sfu.dtls.DtlsCertificate;
import org.plenum.sfu.srtp.NativeCrypto;

/// What an SFU needs whatever its settings: system calls and libcrypto linked, a certificate. The
/// JVM makes classes for native functions, which takes a third of a second of a core; so a program
/// begins it before it reads its settings, and [org.plenum.sfu.embed.Sfu#start] waits for what is
/// left of it.
///
/// Logs nothing: the log may not be set up when it begins.
public final class Groundwork {
  private final FutureTask<@Nullable Void> calls = new FutureTask<>(SystemCalls::link, null);
  private final FutureTask<DtlsCertificate> certificate = new FutureTask<>(Groundwork::crypto);

  private Groundwork() {}

  /// Begins on threads of its own.
  public static Groundwork begin() {
    Groundwork groundwork = new Groundwork();
    start("plenum-calls", groundwork.calls);
    start("plenum-crypto", groundwork.certificate);
    return groundwork;
  }

  /// Waits until it is laid.
  ///
  /// @throws IllegalStateException with one sentence if that failed, or the thread is interrupted
  public DtlsCertificate await() {
    try {
      calls.get();
      return certificate.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("what every SFU needs is not there: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the SFU was starting", e);
    }
  }

  private static void start(String name, Runnable work) {
    Thread.ofPlatform().name(name).daemon().start(work);
  }

  private static DtlsCertificate crypto() {
    NativeCrypto.rehearse();
    return DtlsCertificate.generate();
  }
}
