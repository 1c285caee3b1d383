package org.plenum.signaling.bucket;

import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.jspecify.annotations.Nullable;

/// S3Proxy, a server that speaks S3's API and checks its signatures, with a bucket in memory, which
/// may go away and come back.
public final class S3Server implements AutoCloseable {
  public static final String KEY_ID = "an-id";
  public static final String SECRET = "a/secret+of=it";
  public static final String BUCKET = "meetings";

  private final TransientNio2BlobStore objects = new TransientNio2BlobStore();
  private final int port;
  private @Nullable S3Proxy server;

  /// Starts it, with an empty bucket.
  public S3Server() throws Exception {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    start();
    try (Bucket bucket = bucket("")) {
      bucket.create();
    }
  }

  /// Starts it again.
  public void start() throws Exception {
    server =
        S3Proxy.builder()
            .blobStore(objects)
            .endpoint(URI.create("http://127.0.0.1:" + port))
            .awsAuthentication(AuthenticationType.AWS_V4, KEY_ID, SECRET)
            .stopTimeout(0)
            .build();
    server.start();
  }

  /// Stops it: nothing answers any more, and nothing that it has is lost.
  public void stop() throws Exception {
    S3Proxy running = server;
    if (running != null) {
      running.stop();
      server = null;
    }
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /// How to get to its bucket.
  public BucketSettings settings(String prefix) {
    return settings(prefix, BUCKET, SECRET, null);
  }

  BucketSettings settings(String prefix, String bucket, String secret, @Nullable Path secretFile) {
    return new BucketSettings(
        URI.create(endpoint()), "eu-test-1", bucket, prefix, true, KEY_ID, secret, secretFile);
  }

  public Bucket bucket(String prefix) {
    return new Bucket(settings(prefix));
  }

  /// The names of all objects.
  public List<String> names() throws Exception {
    try (Bucket bucket = bucket("")) {
      return bucket.list("").stream().map(Bucket.Stored::name).toList();
    }
  }

  /// The names of the objects that are on their way there in parts.
  public List<String> begun() throws Exception {
    try (Bucket bucket = bucket("")) {
      return bucket.begun("").stream().map(Bucket.Begun::name).toList();
    }
  }

  @Override
  public void close() {
    try {
      stop();
      objects.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
