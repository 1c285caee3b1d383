package org.plenum.signaling.bucket;

import com.github.davidmoten.aws.lw.client.HttpClient;
import com.github.davidmoten.aws.lw.client.ResponseInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Sends the library's requests by the JDK's client, which bounds how long a request and how large
/// an answer may be. It follows no redirect, for a signature is for one host. Any thread.
final class BucketHttp implements HttpClient, AutoCloseable {
  /// Of one answer: more than a page of a list, or a piece of a file, has.
  private static final int MOST_BYTES = 48 << 20;

  /// The JDK's client writes them itself, as they were signed.
  private static final Set<String> ITS_OWN = Set.of("host", "content-length");

  private final java.net.http.HttpClient http =
      java.net.http.HttpClient.newBuilder()
          .version(java.net.http.HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  @Override
  public ResponseInputStream request(
      URL url,
      String method,
      Map<String, String> headers,
      byte[] body,
      int connectTimeoutMillis,
      int readTimeoutMillis)
      throws IOException {
    var request = HttpRequest.newBuilder(URI.create(url.toString()));
    request.timeout(Duration.ofMillis(readTimeoutMillis));
    request.method(
        method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    var sorted = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(headers);
    sorted.keySet().removeAll(ITS_OWN);
    sorted.forEach(request::header);
    try {
      HttpResponse<byte[]> answer =
          http.send(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
      return new ResponseInputStream(
          () -> {},
          answer.statusCode(),
          answer.headers().map(),
          new ByteArrayInputStream(answer.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the request was given up");
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
