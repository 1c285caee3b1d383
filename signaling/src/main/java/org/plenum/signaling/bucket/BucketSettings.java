package org.plenum.signaling.bucket;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a bucket is, and who we are there.
///
/// @param endpoint of the storage, http or https, without a path
/// @param region that requests are signed for
/// @param prefix of all keys: empty, or ending with a slash
/// @param pathStyle whether the bucket is named in the path; else in the host's name
/// @param keyId of the access key
/// @param secret of the access key; empty if it is in a file
/// @param secretFile read anew for each request, so that a new secret is taken; null: there is none
public record BucketSettings(
    URI endpoint,
    String region,
    String bucket,
    String prefix,
    boolean pathStyle,
    String keyId,
    String secret,
    @Nullable Path secretFile) {
  /// A secret has some 40 characters; more is another file.
  private static final int MOST_SECRET_BYTES = 4_096;

  /// With whose name requests begin, without a slash at the end.
  String baseUrl() {
    String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
    return pathStyle
        ? endpoint.getScheme() + "://" + endpoint.getHost() + port + "/" + bucket
        : endpoint.getScheme() + "://" + bucket + "." + endpoint.getHost() + port;
  }

  /// The secret as it is now.
  ///
  /// @throws IOException if it is to be in a file and is not, in a sentence that does not repeat it
  public String currentSecret() throws IOException {
    if (secretFile == null) {
      return secret;
    }
    if (Files.size(secretFile) > MOST_SECRET_BYTES) {
      throw new IOException(secretFile + " is no file with a secret: it is too large");
    }
    String read = Files.readString(secretFile).strip();
    if (read.isEmpty()) {
      throw new IOException(secretFile + " is empty");
    }
    return read;
  }

  /// Without the secret: it must never get into a log.
  @Override
  public String toString() {
    return "bucket " + bucket + " at " + endpoint.getAuthority();
  }
}
