package org.plenum.signaling.bucket;

import com.github.davidmoten.aws.lw.client.Client;
import com.github.davidmoten.aws.lw.client.Credentials;
import com.github.davidmoten.aws.lw.client.HttpMethod;
import com.github.davidmoten.aws.lw.client.Request;
import com.github.davidmoten.aws.lw.client.ResponseInputStream;
import com.github.davidmoten.aws.lw.client.xml.XmlElement;
import com.github.davidmoten.aws.lw.client.xml.XmlParseException;
import com.github.davidmoten.aws.lw.client.xml.builder.Xml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A bucket of a storage that speaks Amazon S3's API, as far as recordings need it. Names are those
/// of objects, less the prefix that all of ours have. Any thread; methods block, for minutes at the
/// most, and throw IOException where the storage did not answer, [BucketException] where it
/// refused.
public final class Bucket implements AutoCloseable {
  /// The least that a part of an upload may have, but for the last (S3's rule).
  public static final int LEAST_PART_BYTES = 5 << 20;

  /// How many parts an upload may have (S3's rule).
  public static final int MOST_PARTS = 10_000;

  /// For what is short.
  private static final long SHORT_SECONDS = 30;

  /// For what takes bytes there: a part of 8 MiB at 250 kb/s.
  private static final long UPLOAD_SECONDS = 300;

  /// Of a refusal's text, for a log.
  private static final int MOST_TEXT = 300;

  /// An object.
  ///
  /// @param name without the prefix
  /// @param modified when it was written, by the storage's clock
  public record Stored(String name, long bytes, Instant modified) {}

  private final BucketSettings settings;
  private final BucketHttp http = new BucketHttp();
  private final Client client;

  /// Asks for nothing yet.
  public Bucket(BucketSettings settings) {
    this.settings = settings;
    this.client =
        Client.s3()
            .region(settings.region())
            .credentials(new Key(settings))
            .baseUrlFactory((service, region) -> settings.baseUrl())
            .httpClient(http)
            .retryStatusCodes()
            .retryException(failure -> false)
            .readTimeout(SHORT_SECONDS, TimeUnit.SECONDS)
            .build();
  }

  /// Makes the bucket itself, which operators do.
  void create() throws IOException {
    ask(client.path("").method(HttpMethod.PUT));
  }

  /// Puts an object there, in the place of one of that name.
  public void put(String name, byte[] bytes) throws IOException {
    ask(uploading(at(name).method(HttpMethod.PUT).requestBody(bytes)));
  }

  /// Begins an upload in parts, of which nothing is to be seen until [#complete].
  ///
  /// @return names the upload
  public String begin(String name) throws IOException {
    Answer answer = ask(at(name).method(HttpMethod.POST).query("uploads", ""));
    return text(answer.xml(), "UploadId");
  }

  /// Brings a part of an upload there, also for the second time.
  ///
  /// @param number from 1 to [#MOST_PARTS]
  /// @return what [#complete] wants to know of it
  public String part(String name, String upload, int number, byte[] bytes) throws IOException {
    Answer answer =
        ask(
            uploading(
                at(name)
                    .method(HttpMethod.PUT)
                    .query("partNumber", String.valueOf(number))
                    .query("uploadId", upload)
                    .requestBody(bytes)));
    return answer
        .response()
        .header("ETag")
        .orElseThrow(() -> new IOException("the storage did not name a part that it took"));
  }

  /// Makes an object of an upload's parts.
  ///
  /// @param parts what [#part] returned, in their order
  public void complete(String name, String upload, List<String> parts) throws IOException {
    Xml xml = Xml.create("CompleteMultipartUpload");
    for (int i = 0; i < parts.size(); i++) {
      Xml part = xml.element("Part");
      part.element("PartNumber").content(String.valueOf(i + 1));
      part.element("ETag").content(parts.get(i));
    }
    Answer answer =
        ask(
            uploading(
                at(name)
                    .method(HttpMethod.POST)
                    .query("uploadId", upload)
                    .requestBody(xml.toString())));
    // The storage begins to answer before it knows how it ends.
    XmlElement its = answer.xml();
    if (its.name().equals("Error")) {
      throw refusal(500, its);
    }
  }

  /// Gives up whatever uploads in parts were begun below a prefix, so that the storage keeps
  /// nothing of them.
  public void abort(String prefix) throws IOException {
    for (Begun upload : begun(prefix)) {
      try {
        ask(at(upload.name()).query("uploadId", upload.upload()).method(HttpMethod.DELETE));
      } catch (BucketException e) {
        if (!e.isMissing()) {
          throw e;
        }
      }
    }
  }

  /// An upload in parts that is neither complete nor given up.
  record Begun(String name, String upload) {}

  /// Those below a prefix: at most a page of them, which is more than one recording has.
  List<Begun> begun(String prefix) throws IOException {
    Answer answer =
        ask(
            client
                .path("")
                .query("uploads", "")
                .query("prefix", settings.prefix() + prefix)
                .method(HttpMethod.GET));
    List<Begun> found = new ArrayList<>();
    for (XmlElement upload : answer.xml().childrenWithName("Upload")) {
      found.add(new Begun(name(upload), text(upload, "UploadId")));
    }
    return found;
  }

  /// How many bytes an object has.
  ///
  /// @throws BucketException that says [BucketException#isMissing] if there is none
  public long size(String name) throws IOException {
    Answer answer = ask(at(name).method(HttpMethod.HEAD));
    try {
      return Long.parseLong(answer.response().header("Content-Length").orElse(""));
    } catch (NumberFormatException e) {
      throw new IOException("the storage did not say how large " + name + " is", e);
    }
  }

  /// A piece of an object, shorter if that ends there.
  ///
  /// @param first byte of it; must be in the object
  public byte[] read(String name, long first, int length) throws IOException {
    return ask(at(name).header("Range", "bytes=" + first + "-" + (first + length - 1))).body();
  }

  /// All of a small object.
  public byte[] read(String name) throws IOException {
    return ask(at(name)).body();
  }

  /// What there is below a prefix, in the order of names.
  public List<Stored> list(String prefix) throws IOException {
    List<Stored> found = new ArrayList<>();
    String next = "";
    do {
      Request request =
          client
              .path("")
              .query("list-type", "2")
              .query("prefix", settings.prefix() + prefix)
              .method(HttpMethod.GET);
      XmlElement page =
          ask(next.isEmpty() ? request : request.query("continuation-token", next)).xml();
      for (XmlElement each : page.childrenWithName("Contents")) {
        found.add(stored(each));
      }
      boolean more = page.childrenWithName("IsTruncated").stream().anyMatch(Bucket::isTrue);
      next = more ? text(page, "NextContinuationToken") : "";
    } while (!next.isEmpty());
    return found;
  }

  /// Deletes an object; none is needed.
  public void delete(String name) throws IOException {
    ask(at(name).method(HttpMethod.DELETE));
  }

  @Override
  public void close() {
    http.close();
  }

  @Override
  public String toString() {
    return settings.toString();
  }

  private Request at(String name) {
    return client.path(settings.prefix() + name);
  }

  private Stored stored(XmlElement object) throws IOException {
    try {
      return new Stored(
          name(object),
          Long.parseLong(text(object, "Size")),
          Instant.parse(text(object, "LastModified")));
    } catch (NumberFormatException | DateTimeException e) {
      throw new IOException("the storage listed what cannot be read: " + e.getMessage(), e);
    }
  }

  private String name(XmlElement listed) throws IOException {
    String key = text(listed, "Key");
    if (!key.startsWith(settings.prefix())) {
      throw new IOException("the storage listed what was not asked for");
    }
    return key.substring(settings.prefix().length());
  }

  private static boolean isTrue(XmlElement element) {
    return "true".equals(element.content());
  }

  private static String text(XmlElement parent, String name) throws IOException {
    List<XmlElement> found = parent.childrenWithName(name);
    if (found.isEmpty()) {
      throw new IOException("the storage's answer has no " + name);
    }
    return Objects.requireNonNullElse(found.getFirst().content(), "");
  }

  private static Request uploading(Request request) {
    return request.readTimeout(UPLOAD_SECONDS, TimeUnit.SECONDS);
  }

  private record Answer(ResponseInputStream response, byte[] body) {
    XmlElement xml() throws IOException {
      try {
        return XmlElement.parse(new String(body, StandardCharsets.UTF_8));
      } catch (XmlParseException e) {
        throw new IOException("the storage did not answer in XML", e);
      }
    }
  }

  private static Answer ask(Request request) throws IOException {
    ResponseInputStream response;
    byte[] body;
    try {
      response = request.responseInputStream();
      body = response.readAllBytes();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    var answer = new Answer(response, body);
    if (response.statusCode() >= 200 && response.statusCode() < 300) {
      return answer;
    }
    try {
      throw refusal(response.statusCode(), answer.xml());
    } catch (BucketException e) {
      throw e;
    } catch (IOException e) {
      // answers to HEAD, and those of what stands before a storage
      throw new BucketException(
          response.statusCode(), "", "the storage answered " + response.statusCode());
    }
  }

  private static BucketException refusal(int status, XmlElement error) {
    String code = content(error, "Code");
    String text = content(error, "Message");
    String shown = text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "…";
    return new BucketException(
        status, code, "the storage answered " + status + " " + code + ": " + shown);
  }

  private static String content(XmlElement parent, String name) {
    return parent.childrenWithName(name).stream()
        .findFirst()
        .map(found -> Objects.requireNonNullElse(found.content(), ""))
        .orElse("");
  }

  /// Whose secret may change while the server runs.
  private record Key(BucketSettings settings) implements Credentials {
    @Override
    public String accessKey() {
      return settings.keyId();
    }

    @Override
    public String secretKey() {
      try {
        return settings.currentSecret();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Optional<String> sessionToken() {
      return Optional.empty();
    }
  }
}
