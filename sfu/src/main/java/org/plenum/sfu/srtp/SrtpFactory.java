package org.plenum.sfu.srtp;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Chooses the crypto back ends once, by self-test, and makes senders and receivers. Any thread.
///
/// Both profiles are our own code over libcrypto or JCE. jitsi-srtp is only the oracle of the
/// tests: its replay window has 64 packets where our contract says 128, its sender infers the
/// roll-over counter where ours is told the index, and it needs a context for an SSRC before it can
/// authenticate.
public final class SrtpFactory {
  private static final Logger LOG = LoggerFactory.getLogger(SrtpFactory.class);

  private final Map<SrtpProfile, CryptoBackend> backends;

  private SrtpFactory(Map<SrtpProfile, CryptoBackend> backends) {
    this.backends = backends;
  }

  /// Takes libcrypto for each profile whose known answers it gives (RFC 7714 §16, RFC 3711 appendix
  /// B), else JCE.
  ///
  /// @throws IllegalStateException if no back end passes
  public static SrtpFactory selfTested() {
    return Libcrypto.isPresent()
        ? selfTested(List.of(new LibcryptoBackend(), new JceBackend()))
        : selfTested(List.of(new JceBackend()));
  }

  /// Takes, for each profile, the first of these that passes the self-test.
  static SrtpFactory selfTested(List<CryptoBackend> candidates) {
    var chosen = new EnumMap<SrtpProfile, CryptoBackend>(SrtpProfile.class);
    for (var profile : SrtpProfile.values()) {
      chosen.put(profile, firstPassing(candidates, profile));
    }
    return new SrtpFactory(chosen);
  }

  /// Which back end serves GCM, for the log: "libcrypto OpenSSL 3.0.x" or "JCE".
  public String gcmBackend() {
    return backend(SrtpProfile.AEAD_AES_128_GCM).name();
  }

  public SrtpReceiver receiver(SrtpKeys keys) {
    var profile = keys.profile();
    var backend = backend(profile);
    var rtp = SessionKeys.forRtp(profile, keys.receiveKey(), keys.receiveSalt());
    var rtcp = SessionKeys.forRtcp(profile, keys.receiveKey(), keys.receiveSalt());
    return new CipherReceiver(
        profile, backend.decrypting(profile, rtp), backend.decrypting(profile, rtcp));
  }

  public SrtpSender sender(SrtpKeys keys) {
    var profile = keys.profile();
    var backend = backend(profile);
    var rtp = SessionKeys.forRtp(profile, keys.sendKey(), keys.sendSalt());
    var rtcp = SessionKeys.forRtcp(profile, keys.sendKey(), keys.sendSalt());
    return new CipherSender(
        profile, backend.encrypting(profile, rtp), backend.encrypting(profile, rtcp));
  }

  private CryptoBackend backend(SrtpProfile profile) {
    var backend = backends.get(profile);
    if (backend == null) {
      throw new IllegalStateException("no back end for " + profile);
    }
    return backend;
  }

  private static CryptoBackend firstPassing(List<CryptoBackend> candidates, SrtpProfile profile) {
    for (var candidate : candidates) {
      try {
        if (SrtpSelfTest.passes(candidate, profile)) {
          return candidate;
        }
        LOG.warn("{} gives wrong answers for {}: not used", candidate.name(), profile);
      } catch (IllegalStateException e) {
        LOG.warn("{} cannot serve {}: {}", candidate.name(), profile, e.getMessage());
      }
    }
    throw new IllegalStateException("no cryptographic back end passes the self-test of " + profile);
  }
}
