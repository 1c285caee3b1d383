package org.plenum.signaling.token;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.text.ParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A JWK Set in a file, read again when it changes; while it cannot be read, the last one serves.
final class KeySetFile implements JWKSource<SecurityContext> {
  private static final Logger LOG = LoggerFactory.getLogger(KeySetFile.class);

  private record Version(Object time, long size) {}

  private final Path file;
  private @Nullable Version version;
  private JWKSet keys;

  /// Throws IllegalStateException with one sentence if there is no key set in the file.
  KeySetFile(Path file) {
    this.file = file;
    try {
      version = version();
      keys = JWKSet.load(file.toFile());
    } catch (IOException | ParseException e) {
      throw new IllegalStateException(
          "auth.jwks: no key set in " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized List<JWK> get(JWKSelector selector, @Nullable SecurityContext context)
      throws KeySourceException {
    try {
      Version present = version();
      if (!present.equals(version)) {
        version = present;
        keys = JWKSet.load(file.toFile());
        LOG.info("read the key set again: {} keys", keys.size());
      }
    } catch (IOException | ParseException e) {
      LOG.warn("the changed key set cannot be read, the last one serves: {}", e.getMessage());
    }
    return selector.select(keys);
  }

  private Version version() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new Version(attributes.lastModifiedTime(), attributes.size());
  }
}
