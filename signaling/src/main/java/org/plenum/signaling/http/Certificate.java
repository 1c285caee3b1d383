package org.plenum.signaling.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.KeyStore;
import java.time.Instant;
import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.Timers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's certificate in Jetty's hands, read again when its files change.
final class Certificate {
  private static final Logger LOG = LoggerFactory.getLogger(Certificate.class);

  /// How soon a new certificate is taken.
  static final long CHECK_NANOS = 10_000_000_000L;

  private record Version(Object time, long size) {}

  private final SslContextFactory.Server context = new SslContextFactory.Server();
  private final @Nullable Path certificate;
  private final @Nullable Path key;
  private List<Version> versions = List.of();

  private Certificate(@Nullable Path certificate, @Nullable Path key) {
    this.certificate = certificate;
    this.key = key;
  }

  /// Throws IllegalStateException with one sentence.
  static Certificate of(ServerConfig.Web web, Timers timers) {
    var made = new Certificate(web.certificate(), web.key());
    made.context.setKeyStorePassword(TlsKeys.PASSWORD);
    Path certificate = web.certificate();
    Path key = web.key();
    if (certificate == null || key == null) {
      made.context.setKeyStore(SelfSigned.make(Instant.now()));
    } else {
      made.versions = made.present();
      made.context.setKeyStore(TlsKeys.load(certificate, key));
      timers.after(CHECK_NANOS, () -> made.check(timers));
    }
    return made;
  }

  SslContextFactory.Server context() {
    return context;
  }

  /// The first full name in it, none with `*`; empty if it has none.
  String firstName() {
    return TlsKeys.firstName(context.getKeyStore());
  }

  /// A pair that does not fit, as while it is being written, leaves the old one in place.
  private void check(Timers timers) {
    List<Version> now = present();
    Path newCertificate = certificate;
    Path newKey = key;
    if (newCertificate != null && newKey != null && !now.equals(versions)) {
      versions = now;
      try {
        KeyStore keys = TlsKeys.load(newCertificate, newKey);
        context.reload(factory -> factory.setKeyStore(keys));
        LOG.info("took the new TLS certificate");
      } catch (Exception e) {
        LOG.warn("the changed TLS certificate is not taken: {}", e.getMessage());
      }
    }
    timers.after(CHECK_NANOS, () -> check(timers));
  }

  private List<Version> present() {
    return List.of(version(certificate), version(key));
  }

  private static Version version(@Nullable Path file) {
    try {
      if (file != null) {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Version(attributes.lastModifiedTime(), attributes.size());
      }
    } catch (IOException e) {
      // missing for now
    }
    return new Version("", -1);
  }
}
